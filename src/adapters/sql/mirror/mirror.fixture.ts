import type { OpenMirrorQueue } from '../../../exchange/mirror/queue.contract.ts';
import type { Database } from '../database.ts';
import { sqlLoggedModelStore } from '../tracking/logged-model-store.ts';
import type { SqlDialect } from '../migrations/migration.ts';
import { sqlMirrorQueue } from './mirror-queue.ts';
import { ignoreWrites, watchWrites } from './mirror-triggers.ts';
import { sqlRegistryStore } from '../registry/registry-store.ts';
import { sqlTrackingStores } from '../tracking/tracking-stores.ts';

/** The queue of a database and the stores that fill it. Disposal removes the triggers. */
export function mirrorStores(database: Database, dialect: SqlDialect): OpenMirrorQueue {
  const now = (): number => 1000;
  return {
    queue: sqlMirrorQueue(database, { target: 'http://there', now }),
    elsewhere: sqlMirrorQueue(database, { target: 'http://elsewhere', now }),
    ...sqlTrackingStores(database),
    registry: sqlRegistryStore(database),
    loggedModels: sqlLoggedModelStore(database),
    watch: () => watchWrites(database, dialect),
    ignore: () => ignoreWrites(database, dialect).then(() => undefined),
    async [Symbol.asyncDispose]() {
      await ignoreWrites(database, dialect);
      await database[Symbol.asyncDispose]();
    },
  };
}
