import type { Clock } from '../../kernel/clock.ts';
import type { Random } from '../../kernel/random.ts';
import type { ExperimentStore } from '../../tracking/experiment-store.ts';
import type { MetricStore } from '../../tracking/metric-store.ts';
import type { RunStore } from '../../tracking/run-store.ts';

/** What the endpoints of experiments, runs and metrics work on. */
export interface TrackingServices {
  readonly experiments: ExperimentStore;
  readonly runs: RunStore;
  readonly metrics: MetricStore;
  readonly now: Clock;
  /** For the names of runs that come without one. */
  readonly random: Random;
}
