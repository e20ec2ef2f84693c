import type { Clock } from '../../kernel/clock.ts';
import type { Random } from '../../kernel/random.ts';
import type { ExperimentStore } from '../../tracking/experiment-store.ts';
import type { MetricStore } from '../../tracking/metric-store.ts';
import type { RunStore } from '../../tracking/run-store.ts';

/** The services of the endpoints for experiments, runs and metrics. */
export interface TrackingServices {
  readonly experiments: ExperimentStore;
  readonly runs: RunStore;
  readonly metrics: MetricStore;
  readonly now: Clock;
  /** For names of unnamed runs. */
  readonly random: Random;
}
