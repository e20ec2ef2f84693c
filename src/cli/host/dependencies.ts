import type { Database } from '../../adapters/sql/database.ts';
import type { BlobStore } from '../../data/blob-store.ts';
import type { Dependency } from '../../http/native/readiness.ts';
import type { ArtifactStore } from '../../tracking/artifacts/store.ts';

/** What `/ready` asks before it says that this server can work. */
export function dependenciesOf(stores: {
  readonly database: Pick<Database, 'sql' | 'read'>;
  readonly artifacts: Pick<ArtifactStore, 'check'>;
  readonly blobs: Pick<BlobStore, 'check'>;
}): readonly Dependency[] {
  const { database, artifacts, blobs } = stores;
  const one = database.sql.selectNoFrom((expression) => expression.val(1).as('one'));
  return [
    { name: 'database', check: () => database.read([one]) },
    { name: 'artifact store', check: () => artifacts.check() },
    { name: 'blob store', check: () => blobs.check() },
  ];
}
