/** The sizes of the tracking bench. */
export interface Sizes {
  readonly rounds: number;
  /** Seconds of sustained load per round. */
  readonly seconds: number;
  readonly runs: number;
  /** Points of the long metric, in batches of 1,000. */
  readonly points: number;
  /** Calls per latency median and round. */
  readonly calls: number;
  readonly versions: number;
  /** Only for our server. */
  readonly manyRuns: number;
  readonly manyPoints: number;
}

export const fullSizes: Sizes = {
  rounds: 3,
  seconds: 5,
  runs: 10_000,
  points: 100_000,
  calls: 10,
  versions: 50,
  manyRuns: 100_000,
  manyPoints: 1_000_000,
};

export const quickSizes: Sizes = {
  rounds: 2,
  seconds: 1.5,
  runs: 500,
  points: 10_000,
  calls: 5,
  versions: 5,
  manyRuns: 2000,
  manyPoints: 20_000,
};
