import type { ExperimentStore } from './experiment-store.ts';
import type { MetricStore } from './metric-store.ts';
import type { RunStore } from './run-store.ts';
import type { RunTaskStore } from './run-task-store.ts';

/** The stores of experiments and runs of one database. */
export interface TrackingStores {
  readonly experiments: ExperimentStore;
  readonly runs: RunStore;
  readonly metrics: MetricStore;
  readonly tasks: RunTaskStore;
}
