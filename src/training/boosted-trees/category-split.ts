import type { FeatureSums, SplitNode } from './best-split.ts';
import type { TreeOptions } from './options.ts';

/** Some categories go right, the others left, with sums of the left side. */
export interface CategorySplit {
  readonly gain: number;
  readonly missingLeft: boolean;
  readonly rightBins: readonly number[];
  readonly gradient: number;
  readonly hessian: number;
  readonly rows: number;
}

interface Search {
  readonly sums: FeatureSums;
  readonly node: SplitNode;
  readonly options: TreeOptions;
  /** The score of the node without a split. */
  readonly score: number;
}

/** Keeps small categories in the middle of the order, and splits on them from gaining by chance (LightGBM's cat_smooth and cat_l2). */
const smoothing = 10;

/** The most categories that a split names: more of them fit chance (LightGBM's max_cat_threshold). */
const mostNamed = 32;

/**
 * Sorts the categories by their best value, G/H, and splits the order in two: of all partitions, one of these is the best
 * (Fisher, JASA 53, 1958). From each end at most 32 categories go right.
 */
export function categorySides(
  categories: number,
  { sums, node, options, score }: Search,
): CategorySplit | undefined {
  const { pairs, start, counts, countsStart, missing } = sums;
  const gradientOf = (bin: number): number => pairs[start + 2 * bin] as number;
  const hessianOf = (bin: number): number => pairs[start + 2 * bin + 1] as number;
  const rowsOf = (bin: number): number => (counts ? counts[countsStart + bin] : hessianOf(bin)) as number;
  const isCounted = counts !== undefined || sums.countsRows;
  const minLeafRows = isCounted ? options.minLeafRows : 0;
  const allRows = isCounted ? node.rows : node.hessian;
  const l2 = options.l2 + smoothing;
  const ratio = (bin: number): number => gradientOf(bin) / (hessianOf(bin) + smoothing);
  const present = Array.from({ length: categories }, (_, bin) => bin).filter((bin) => rowsOf(bin) > 0);
  const rising = present.toSorted((a, b) => ratio(a) - ratio(b) || a - b);
  const sides = rowsOf(missing) > 0 ? [true, false] : [false];
  const part = (gradient: number, hessian: number): number => {
    const pulled = Math.max(0, Math.abs(gradient) - options.l1);
    return (pulled * pulled) / (hessian + l2);
  };
  let best: CategorySplit | undefined;
  for (const order of [rising, rising.toReversed()])
    for (const missingLeft of sides) {
      let gradient = missingLeft ? 0 : gradientOf(missing);
      let hessian = missingLeft ? 0 : hessianOf(missing);
      let rows = missingLeft ? 0 : rowsOf(missing);
      for (const [at, bin] of order.slice(0, mostNamed).entries()) {
        gradient += gradientOf(bin);
        hessian += hessianOf(bin);
        rows += rowsOf(bin);
        const left = {
          gradient: node.gradient - gradient,
          hessian: node.hessian - hessian,
          rows: allRows - rows,
        };
        if (rows < minLeafRows || left.rows < minLeafRows) continue;
        if (hessian < options.minChildWeight || left.hessian < options.minChildWeight) continue;
        const gain = part(gradient, hessian) + part(left.gradient, left.hessian) - score;
        if (!(gain > (best?.gain ?? 0))) continue;
        const isMissingLeft = sides.length === 2 ? missingLeft : left.rows >= rows;
        best = { gain, missingLeft: isMissingLeft, rightBins: order.slice(0, at + 1), ...left };
      }
    }
  return best;
}
