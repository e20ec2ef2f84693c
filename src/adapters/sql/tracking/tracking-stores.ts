import type { TrackingStores } from '../../../tracking/stores.ts';
import type { Database } from '../database.ts';
import { sqlExperimentStore } from './experiment-store.ts';
import { sqlMetricStore } from './metric-store.ts';
import { type RunStoreOptions, sqlRunStore } from './run-store.ts';
import { sqlRunTaskStore } from './run-task-store.ts';

/** Experiments and runs in a SQL database. */
export function sqlTrackingStores(database: Database, options: RunStoreOptions = {}): TrackingStores {
  return {
    experiments: sqlExperimentStore(database),
    runs: sqlRunStore(database, options),
    metrics: sqlMetricStore(database),
    tasks: sqlRunTaskStore(database),
  };
}
