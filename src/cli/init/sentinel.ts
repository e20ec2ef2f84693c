import type { NumberFacts } from './column.ts';

/** Values that data loggers and exports write where a value is missing. */
const usual = [-200, -99, -999, -9999, -99_999, -32_768, 999, 9999, 99_999, 999_999];

interface Counted {
  readonly number: number;
  readonly count: number;
}

/** A usual value that repeats and is far outside of the others, or the only one below zero. */
export function sentinelOf(values: readonly Counted[]): NumberFacts['sentinel'] {
  for (const value of usual) {
    const count = values.find(({ number }) => number === value)?.count ?? 0;
    if (count < 2) continue;
    let [least, greatest] = [Infinity, -Infinity];
    for (const { number } of values) {
      if (number === value) continue;
      least = Math.min(least, number);
      greatest = Math.max(greatest, number);
    }
    const gap = Math.max(least - value, value - greatest);
    const isOnlyNegative = value < 0 && least >= 0;
    if (greatest > least && (isOnlyNegative || gap > 0.5 * (greatest - least)))
      return { value: String(value), count };
  }
  return undefined;
}
