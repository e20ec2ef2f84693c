/** How fast the level follows the misses: the step size γ of adaptive conformal inference. */
const stepSize = 0.01;
/** The residuals whose quantiles make the interval. */
const windowRows = 500;

/** What is added to a prediction for the ends of its interval, in the target's unit. */
export interface IntervalOffsets {
  readonly low: number;
  readonly high: number;
}

/**
 * Intervals that keep their coverage where errors change over time: adaptive conformal inference (Gibbs and Candès, NeurIPS
 * 2021), with a level for each end. An end that is missed too often moves out, one that is missed too rarely moves in. The
 * ends are quantiles of the last 500 residuals, and always contain 0.
 * @example const interval = new AdaptiveInterval(0.8); for (const residual of inOrderOfTime) interval.add(residual);
 */
export class AdaptiveInterval {
  readonly #miss: number;
  readonly #recent: number[] = [];
  readonly #sorted: number[] = [];
  #lowMiss: number;
  #highMiss: number;

  /** @param level the share of outcomes that the interval should contain */
  constructor(level: number) {
    this.#miss = (1 - level) / 2;
    this.#lowMiss = this.#miss;
    this.#highMiss = this.#miss;
  }

  /** Without a residual both ends are NaN. */
  get offsets(): IntervalOffsets {
    const rows = this.#sorted.length;
    const at = (rank: number): number => this.#sorted[Math.min(rows, Math.max(1, rank)) - 1] ?? Number.NaN;
    return {
      low: Math.min(0, at(Math.floor((rows + 1) * this.#lowMiss))),
      high: Math.max(0, at(Math.ceil((rows + 1) * (1 - this.#highMiss)))),
    };
  }

  /** @param residual truth − prediction of the next row in time */
  add(residual: number): void {
    const { low, high } = this.offsets;
    if (this.#recent.length > 0) {
      this.#lowMiss = inside(this.#lowMiss + stepSize * (this.#miss - Number(residual < low)));
      this.#highMiss = inside(this.#highMiss + stepSize * (this.#miss - Number(residual > high)));
    }
    this.#recent.push(residual);
    this.#sorted.splice(indexOf(this.#sorted, residual), 0, residual);
    if (this.#recent.length <= windowRows) return;
    const oldest = this.#recent.shift() as number;
    this.#sorted.splice(indexOf(this.#sorted, oldest), 1);
  }
}

function inside(miss: number): number {
  return Math.min(0.5, Math.max(0, miss));
}

/** The first index whose value is at least this one. */
function indexOf(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
