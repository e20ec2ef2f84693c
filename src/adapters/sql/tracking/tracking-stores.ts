import type { TrackingStores } from '../../../tracking/stores.ts';
import type { Database } from '../database.ts';
import { sqlExperimentActivityStore } from './experiment-activity.ts';
import { sqlExperimentStore } from './experiment-store.ts';
import { sqlMetricStore } from './metric-store.ts';
import { sqlRunKeyStore } from './run-keys.ts';
import { type RunStoreOptions, sqlRunStore } from './run-store.ts';
import { sqlRunTaskStore } from './run-task-store.ts';

/** Experiments and runs in a SQL database. */
export function sqlTrackingStores(database: Database, options: RunStoreOptions = {}): TrackingStores {
  return {
    experiments: sqlExperimentStore(database),
    runs: sqlRunStore(database, options),
    activity: sqlExperimentActivityStore(database),
    keys: sqlRunKeyStore(database),
    metrics: sqlMetricStore(database),
    tasks: sqlRunTaskStore(database),
  };
}
