import type { ExperimentActivityStore } from './experiment-activity.ts';
import type { ExperimentStore } from './experiment-store.ts';
import type { MetricStore } from './metric-store.ts';
import type { RunKeyStore } from './run-keys.ts';
import type { RunStore } from './run-store.ts';
import type { RunTaskStore } from './run-task-store.ts';

/** The stores of experiments and runs of one database. */
export interface TrackingStores {
  readonly experiments: ExperimentStore;
  readonly runs: RunStore;
  readonly keys: RunKeyStore;
  readonly activity: ExperimentActivityStore;
  readonly metrics: MetricStore;
  readonly tasks: RunTaskStore;
}
