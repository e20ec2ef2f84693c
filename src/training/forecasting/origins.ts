/** Where a series is forecast from: its values before `at` are known. */
export interface Origin {
  /** The index of the series. */
  readonly series: number;
  readonly at: number;
  /** Counts back from the last origin, which is 1; 0 for the end of the series. */
  readonly fold: number;
}

export interface StepOptions {
  /** Values of a season; 1 for none. */
  readonly period: number;
  readonly horizon: number;
}

/** A forecast has at least this many values before it. */
export function fewestValues(period: number): number {
  return period > 1 ? 2 * period + 1 : 6;
}

/** The origins of the folds `from` to `to`, one horizon apart, of each series that is long enough. */
export function originsOf(
  lengths: readonly number[],
  { from, to, period, horizon }: StepOptions & { readonly from: number; readonly to: number },
): readonly Origin[] {
  return lengths.flatMap((length, series) =>
    Array.from({ length: to - from + 1 }, (_, index) => from + index)
      .map((fold) => ({ series, fold, at: length - fold * horizon }))
      .filter(({ at, fold }) => at >= fewestValues(period) || (fold === 0 && at > 0)),
  );
}

const mostOfSeries = 8;
/** Candidates forecast from this many origins of all series together, so that thousands of series take minutes. */
const enoughOrigins = 2000;

/**
 * The origins that decide between candidates: a quarter of a horizon apart, and the last of them one horizon before the tested
 * values. Few series have up to 8 each, because one horizon of one series says little; of thousands each has one, or three
 * where each series has a candidate of its own.
 */
export function choiceOrigins(
  lengths: readonly number[],
  {
    folds,
    choose,
    period,
    horizon,
  }: StepOptions & { readonly folds: number; readonly choose: 'one' | 'each' },
): readonly Origin[] {
  const apart = Math.ceil(horizon / 4);
  const fewest = choose === 'each' ? 3 : 1;
  const each = Math.min(mostOfSeries, Math.max(fewest, Math.floor(enoughOrigins / lengths.length)));
  return lengths.flatMap((length, series) =>
    Array.from({ length: each }, (_, index) => ({
      series,
      fold: index + 1,
      at: length - (folds + 1) * horizon - index * apart,
    })).filter(({ at }) => at >= fewestValues(period)),
  );
}
