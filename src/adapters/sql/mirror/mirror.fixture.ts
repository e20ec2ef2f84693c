import type { OpenMirrorQueue } from '../../../exchange/mirror/queue.contract.ts';
import type { Database } from '../database.ts';
import { sqlExperimentStore } from '../tracking/experiment-store.ts';
import { sqlLoggedModelStore } from '../tracking/logged-model-store.ts';
import { sqlMetricStore } from '../tracking/metric-store.ts';
import type { SqlDialect } from '../migrations/migration.ts';
import { sqlMirrorQueue } from './mirror-queue.ts';
import { ignoreWrites, watchWrites } from './mirror-triggers.ts';
import { sqlRegistryStore } from '../registry/registry-store.ts';
import { sqlRunStore } from '../tracking/run-store.ts';
import { sqlTrackingStore } from '../tracking/tracking-store.ts';

/** The queue of a database and the stores that fill it; nothing is watched when it is disposed of. */
export function mirrorStores(database: Database, dialect: SqlDialect): OpenMirrorQueue {
  const now = (): number => 1000;
  return {
    queue: sqlMirrorQueue(database, { target: 'http://there', now }),
    elsewhere: sqlMirrorQueue(database, { target: 'http://elsewhere', now }),
    experiments: sqlExperimentStore(database),
    runs: sqlRunStore(database),
    metrics: sqlMetricStore(database),
    tracking: sqlTrackingStore(database),
    registry: sqlRegistryStore(database),
    loggedModels: sqlLoggedModelStore(database),
    watch: () => watchWrites(database, dialect),
    ignore: () => ignoreWrites(database, dialect),
    async [Symbol.asyncDispose]() {
      await ignoreWrites(database, dialect);
      await database[Symbol.asyncDispose]();
    },
  };
}
