import { type BinnedMatrix, missingBin } from './bins.ts';
import { featureStride, type Histogram } from './histogram.ts';
import type { TreeOptions } from './options.ts';

/** Sums over the rows of a node. */
export interface NodeSums {
  readonly gradient: number;
  readonly hessian: number;
  readonly rows: number;
}

/** Rows in bins up to `bin` go left, the others right. */
export interface NodeSplit {
  readonly feature: number;
  readonly bin: number;
  readonly missingLeft: boolean;
  readonly gain: number;
  readonly left: NodeSums;
  readonly right: NodeSums;
}

export interface SplitSearch {
  readonly binned: BinnedMatrix;
  /** Features that may be chosen. */
  readonly features: Int32Array;
  readonly options: TreeOptions;
}

/** A gain that is smaller relative to the node's score is rounding error. */
const roundingShare = 1e-10;

/**
 * The split of the largest gain, GL²/(HL+λ) + GR²/(HR+λ) − G²/(H+λ) (Chen and Guestrin, XGBoost, KDD 2016, equation 7,
 * without its factor of a half), where missing values go to the side on which they gain more. Among equal gains the
 * first feature and the lowest bin win.
 * @returns undefined if no split gains enough or leaves enough rows on both sides
 */
export function findBestSplit(
  histogram: Histogram,
  node: NodeSums,
  search: SplitSearch,
): NodeSplit | undefined {
  const { l2, minGain } = search.options;
  const nodeScore = (node.gradient * node.gradient) / (node.hessian + l2);
  const best = {
    gain: minGain + nodeScore * roundingShare,
    feature: -1,
    bin: 0,
    missingLeft: false,
    gradient: 0,
    hessian: 0,
    rows: 0,
  };
  for (const feature of search.features) scanFeature(feature, { histogram, node, search, nodeScore, best });
  if (best.feature < 0) return undefined;
  const { feature, bin, missingLeft, gain } = best;
  const left = { gradient: best.gradient, hessian: best.hessian, rows: best.rows };
  const right = {
    gradient: node.gradient - left.gradient,
    hessian: node.hessian - left.hessian,
    rows: node.rows - left.rows,
  };
  return { feature, bin, missingLeft, gain, left, right };
}

interface Scan {
  readonly histogram: Histogram;
  readonly node: NodeSums;
  readonly search: SplitSearch;
  readonly nodeScore: number;
  readonly best: {
    gain: number;
    feature: number;
    bin: number;
    missingLeft: boolean;
    /** Of the left side. */
    gradient: number;
    hessian: number;
    rows: number;
  };
}

function scanFeature(feature: number, { histogram, node, search, nodeScore, best }: Scan): void {
  const { l2, minLeafRows } = search.options;
  const { sums, rows: counts } = histogram;
  const start = feature * featureStride;
  const countsStart = start / 2;
  const rowsIn = (bin: number): number =>
    (counts ? counts[countsStart + bin] : sums[start + 2 * bin + 1]) as number;
  const missingRows = rowsIn(missingBin);
  const missingGradient = missingRows > 0 ? (sums[start + 2 * missingBin] as number) : 0;
  const missingHessian = missingRows > 0 ? (sums[start + 2 * missingBin + 1] as number) : 0;
  // The last bin only splits known from missing values.
  const bins = (search.binned.cuts[feature]?.length ?? 0) + (missingRows > 0 ? 1 : 0);
  let gradient = 0;
  let hessian = 0;
  let rows = 0;
  for (let bin = 0; bin < bins; bin++) {
    const count = rowsIn(bin);
    if (count === 0) continue;
    gradient += sums[start + 2 * bin] as number;
    hessian += sums[start + 2 * bin + 1] as number;
    rows += count;
    for (let missing = 0; missing < (missingRows > 0 ? 2 : 1); missing++) {
      const leftRows = rows + missing * missingRows;
      const rightRows = node.rows - leftRows;
      if (leftRows < minLeafRows || rightRows < minLeafRows) continue;
      const left = gradient + missing * missingGradient;
      const right = node.gradient - left;
      const leftHessian = hessian + missing * missingHessian;
      const rightHessian = node.hessian - leftHessian;
      const gain = (left * left) / (leftHessian + l2) + (right * right) / (rightHessian + l2) - nodeScore;
      if (!(gain > best.gain)) continue;
      best.gain = gain;
      best.feature = feature;
      best.bin = bin;
      // If no value was missing in training, later missing values go where most rows go.
      best.missingLeft = missingRows > 0 ? missing === 1 : leftRows >= rightRows;
      best.gradient = left;
      best.hessian = leftHessian;
      best.rows = leftRows;
    }
  }
}
