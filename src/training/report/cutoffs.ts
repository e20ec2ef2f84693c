import type { ScoredBooleans } from '../metrics/boolean.ts';

/**
 * What follows from the probability from which a prediction is called a yes: the precision, the recall, and who is called
 * wrongly, for each cutoff of 0, 1 … 100 %.
 */
export interface Cutoffs {
  readonly rows: number;
  /** Rows that were a yes. */
  readonly yes: number;
  /** By cutoff: rows that have this probability or more. */
  readonly called: readonly number[];
  /** By cutoff: of those, rows that were a yes. */
  readonly right: readonly number[];
}

const steps = 100;
/** A probability of 0.29 is 28.999… hundredths. */
const rounding = 1e-9;

/** @returns undefined for no rows, and if a probability is not known */
export function cutoffsOf({ truth, probability }: ScoredBooleans): Cutoffs | undefined {
  if (truth.length === 0 || Array.from(probability).some(Number.isNaN)) return undefined;
  const [called, right] = [counts(), counts()];
  for (const [row, share] of Array.from(probability).entries()) {
    const highest = Math.floor(share * steps + rounding);
    called[highest] = (called[highest] ?? 0) + 1;
    if (truth[row] === 1) right[highest] = (right[highest] ?? 0) + 1;
  }
  const [calledFrom, rightFrom] = [atLeast(called), atLeast(right)];
  return { rows: truth.length, yes: rightFrom[0] ?? 0, called: calledFrom, right: rightFrom };
}

function counts(): number[] {
  return Array.from({ length: steps + 1 }, () => 0);
}

/** For each index, the sum of its count and of all after it. */
function atLeast(of: readonly number[]): readonly number[] {
  let sum = 0;
  return of
    .toReversed()
    .map((count) => (sum += count))
    .toReversed();
}
