/** A test row of a scatter plot. */
export interface Point {
  readonly predicted: number;
  readonly actual: number;
}

export type Frame = readonly [low: number, high: number];

/** A band of rows with similar predictions. */
export interface Band extends Point {
  readonly rows: number;
}

const mostBands = 10;
/** The share of values that may lie outside at either end. */
const outside = 0.02;
/** How much of the height of the rest is added at either end. */
const around = 0.2;

/**
 * The range of both axes. Values far outside the others would press all others into a corner: then the frame
 * holds the middle 96 % of the values, and some of what is around.
 */
export function frameOf(points: readonly Point[]): Frame {
  const values = points.flatMap(({ predicted, actual }) => [predicted, actual]).toSorted((a, b) => a - b);
  const at = (share: number): number => values[Math.round(share * (values.length - 1))] ?? 0;
  const [low, high] = [at(outside), at(1 - outside)];
  const more = (high - low) * around;
  const [least, most] = [at(0), at(1)];
  return more > 0 ? [Math.max(least, low - more), Math.min(most, high + more)] : [least, most];
}

export function isWithin({ predicted, actual }: Point, [low, high]: Frame): boolean {
  return [predicted, actual].every((value) => value >= low && value <= high);
}

/** Means of the rows in the order of their predictions, in up to ten bands of about equal size. */
export function bandsOf(points: readonly Point[]): readonly Band[] {
  const sorted = points.toSorted((a, b) => a.predicted - b.predicted);
  const count = Math.min(mostBands, sorted.length);
  return Array.from({ length: count }, (_, index) => {
    const band = sorted.slice(
      Math.round((index * sorted.length) / count),
      Math.round(((index + 1) * sorted.length) / count),
    );
    return {
      predicted: meanOf(band.map(({ predicted }) => predicted)),
      actual: meanOf(band.map(({ actual }) => actual)),
      rows: band.length,
    };
  });
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
