import type { MetricPoint, Page } from './model.ts';

export interface RunPoint extends MetricPoint {
  readonly runId: string;
}

export interface HistoryQuery {
  readonly runId: string;
  readonly key: string;
  readonly offset: number;
  readonly limit: number;
}

export interface SampleQuery {
  readonly runIds: readonly string[];
  readonly key: string;
  /** Both ends belong to it. @default every step */
  readonly steps?: { readonly from: number; readonly to: number };
  /** How many steps of a run are asked for. */
  readonly most: number;
}

export interface CurveQuery {
  readonly runIds: readonly string[];
  readonly keys: readonly string[];
  /** Along what the points are put together. */
  readonly by: 'step' | 'time';
  /** The most points of a curve. */
  readonly most: number;
}

/** One metric of one run, as a line to draw. */
export interface Curve {
  readonly runId: string;
  readonly key: string;
  /** How many points were logged. */
  readonly logged: number;
  /** In the order of their steps or times. */
  readonly points: readonly CurvePoint[];
}

/** Logged points that lie together: none of their extremes is lost. A NaN counts in `nans` alone. */
export interface CurvePoint {
  /** Of the last of them. */
  readonly step: number;
  readonly timestamp: number;
  /** Undefined where all of them are NaN. */
  readonly value: { readonly mean: number; readonly least: number; readonly most: number } | undefined;
  readonly nans: number;
}

/** Every point that was logged of a metric. A run that is unknown has none. */
export interface MetricStore {
  /** In the order of time, then step, then value; a NaN before zero, as it is stored. */
  history(query: HistoryQuery): Promise<Page<MetricPoint>>;
  /** Of several runs, one after the other as they are given, each in the order of `history`; `limit` of all together. */
  histories(runIds: readonly string[], key: string, limit: number): Promise<readonly RunPoint[]>;
  /**
   * A picture of long histories: of the steps of all runs `most`, evenly, and the first and the last step of each run
   * besides; all points of the runs at such a step. In the order of the runs, then step, then time, then value.
   */
  sample(query: SampleQuery): Promise<readonly RunPoint[]>;
  /** In the order of the runs, then of the keys; a run without points of a key has no curve for it. */
  curves(query: CurveQuery): Promise<readonly Curve[]>;
}
