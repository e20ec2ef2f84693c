import type { MetricValue } from './run-views.ts';

/** One metric of one run, as a line to draw; the lists have a member for each point, in the order of steps or times. */
export interface CurveView {
  readonly run: string;
  readonly metric: string;
  /** How many points were logged; a longer curve is put together to as many as were asked for. */
  readonly logged: number;
  readonly steps: readonly number[];
  /** In ms since 1970. */
  readonly times: readonly number[];
  /** The mean of the points that were put together; null where all of them are NaN. */
  readonly values: readonly (MetricValue | null)[];
  /** The least and the greatest of them, so that no spike is lost. */
  readonly least: readonly (MetricValue | null)[];
  readonly most: readonly (MetricValue | null)[];
}

/** The keys of what the runs of experiments logged, each list in the order of bytes. */
export interface RunKeysView {
  readonly metrics: readonly string[];
  readonly params: readonly string[];
  readonly tags: readonly string[];
  /** Whether there are more keys than the limit. */
  readonly more: boolean;
}
