import type { Database } from '../adapters/sql/database.ts';
import type { Dependency } from '../http/native/readiness.ts';
import type { ArtifactStore } from '../tracking/artifacts/store.ts';

/** What `/ready` asks before it says that this server can work. */
export function dependenciesOf(stores: {
  readonly database: Pick<Database, 'sql' | 'read'>;
  readonly artifacts: ArtifactStore;
}): readonly Dependency[] {
  const { database, artifacts } = stores;
  const one = database.sql.selectNoFrom((expression) => expression.val(1).as('one'));
  return [
    { name: 'database', check: () => database.read([one]) },
    { name: 'artifact store', check: () => artifacts.check() },
  ];
}
