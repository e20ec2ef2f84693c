import type { Values } from './rows.ts';

/** Ranks from 1; equal values have the mean of theirs. */
export function ranksOf(values: Values): Float64Array {
  const order = Array.from(values.keys()).toSorted((a, b) => {
    const [one, other] = [values[a] as number, values[b] as number];
    return one < other ? -1 : Number(one > other);
  });
  const ranks = new Float64Array(values.length);
  for (let start = 0, end = 0; start < order.length; start = end) {
    while (end < order.length && values[order[end] as number] === values[order[start] as number]) end += 1;
    for (let at = start; at < end; at++) ranks[order[at] as number] = (start + 1 + end) / 2;
  }
  return ranks;
}

/**
 * The share of pairs of a yes and a no in which the yes has the higher rank; ties count half. NaN without one of both.
 * @param truth 1 for yes and 0 for no
 */
export function areaUnderCurve(ranks: Float64Array, truth: Values): number {
  let [yes, sum] = [0, 0];
  for (const [row, rank] of ranks.entries()) {
    if (truth[row] !== 1) continue;
    yes += 1;
    sum += rank;
  }
  return (sum - (yes * (yes + 1)) / 2) / (yes * (ranks.length - yes));
}
