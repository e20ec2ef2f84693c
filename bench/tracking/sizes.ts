/** How much a bench of tracking servers does. */
export interface Sizes {
  readonly rounds: number;
  /** Of sustained load, a round. */
  readonly seconds: number;
  readonly runs: number;
  /** Of the one long metric, in batches of 1,000. */
  readonly points: number;
  /** Calls that a latency is the median of, a round. */
  readonly calls: number;
  readonly versions: number;
  /** For us alone. */
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
