import type { FeatureBins } from './bins.ts';
import { categorySides, type CategorySplit } from './category-split.ts';
import type { TreeOptions } from './options.ts';

/** Sums over the rows of a node. */
export interface NodeSums {
  readonly gradient: number;
  readonly hessian: number;
  readonly rows: number;
}

/** The sums of a node, and the values that monotone constraints leave to its leaves. */
export interface SplitNode extends NodeSums {
  readonly low: number;
  readonly high: number;
}

/** Rows in bins up to `bin` go left, the others right; or those of some categories go right. */
export interface NodeSplit {
  readonly gain: number;
  readonly feature: number;
  readonly bin: number;
  readonly missingLeft: boolean;
  /** The bins of the categories that go right; undefined for numbers. */
  readonly rightBins: readonly number[] | undefined;
  readonly left: NodeSums;
}

/** The sums of one feature by bin. */
export interface FeatureSums {
  /** Gradient and hessian of each bin. */
  readonly pairs: Float64Array;
  /** The index of the first bin's gradient. */
  readonly start: number;
  /** Rows of each bin; undefined if the hessians say enough. */
  readonly counts: Int32Array | undefined;
  /** Without counts, whether every hessian is 1, so that their sum is the number of rows. */
  readonly countsRows: boolean;
  readonly countsStart: number;
  /** The index of the bin of missing values. */
  readonly missing: number;
  /** +1 if the prediction may only rise with the feature, −1 if it may only fall. */
  readonly direction: number;
}

/** A gain that is smaller relative to the node's score is rounding error. */
const roundingShare = 1e-10;

/**
 * Finds the split of the largest gain of a node, feature by feature: GL²/(HL+λ) + GR²/(HR+λ) − G²/(H+λ) (Chen and Guestrin,
 * XGBoost, KDD 2016, equation 7, without its factor of a half), where missing values go to the side on which they gain
 * more. Among equal gains the first feature and the lowest bin win.
 */
export class SplitFinder {
  readonly #options: TreeOptions;
  readonly #node: SplitNode;
  readonly #score: number;
  #gain: number;
  #feature = -1;
  #bin = 0;
  #missingLeft = false;
  #rightBins: readonly number[] | undefined;
  #leftGradient = 0;
  #leftHessian = 0;
  #leftRows = 0;

  constructor(node: SplitNode, options: TreeOptions) {
    this.#options = options;
    this.#node = node;
    this.#score = scoreOf(node, node, options);
    this.#gain = options.minGain + Math.abs(this.#score) * roundingShare;
  }

  /** @returns undefined if no split gains enough or leaves enough on both sides */
  best(): NodeSplit | undefined {
    if (this.#feature < 0) return undefined;
    return {
      gain: this.#gain,
      feature: this.#feature,
      bin: this.#bin,
      missingLeft: this.#missingLeft,
      rightBins: this.#rightBins,
      left: { gradient: this.#leftGradient, hessian: this.#leftHessian, rows: this.#leftRows },
    };
  }

  scan(feature: number, bins: FeatureBins, sums: FeatureSums): void {
    if (bins.codes) return this.#scanCategories(feature, bins.codes.length, sums);
    const { l1, l2, minChildWeight } = this.#options;
    const { pairs, start, counts, countsStart, missing } = sums;
    const isCounted = counts !== undefined || sums.countsRows;
    // Otherwise the minimum of hessians keeps leaves from being empty.
    const minLeafRows = isCounted ? this.#options.minLeafRows : 0;
    const { gradient: allGradient, hessian: allHessian, low, high } = this.#node;
    const allRows = isCounted ? this.#node.rows : allHessian;
    const isPlain = l1 === 0 && sums.direction === 0 && low === -Infinity && high === Infinity;
    const missingGradient = pairs[start + 2 * missing] as number;
    const missingHessian = pairs[start + 2 * missing + 1] as number;
    const missingRows = (counts ? counts[countsStart + missing] : missingHessian) as number;
    const sides = missingRows > 0 ? 2 : 1;
    // The last bin only splits known from missing values.
    const last = bins.cuts.length + (sides - 1);
    const score = this.#score;
    let bestGain = this.#gain;
    let gradient = 0;
    let hessian = 0;
    let rows = 0;
    for (let bin = 0, at = start; bin < last; bin++, at += 2) {
      const binHessian = pairs[at + 1] as number;
      const count = counts ? (counts[countsStart + bin] as number) : binHessian;
      if (count === 0) continue;
      gradient += pairs[at] as number;
      hessian += binHessian;
      rows += count;
      for (let side = 0; side < sides; side++) {
        const leftRows = side === 0 ? rows : rows + missingRows;
        const leftHessian = side === 0 ? hessian : hessian + missingHessian;
        const rightHessian = allHessian - leftHessian;
        if (leftRows < minLeafRows || allRows - leftRows < minLeafRows) continue;
        if (leftHessian < minChildWeight || rightHessian < minChildWeight) continue;
        const left = side === 0 ? gradient : gradient + missingGradient;
        const right = allGradient - left;
        const gain = isPlain
          ? (left * left) / (leftHessian + l2) + (right * right) / (rightHessian + l2) - score
          : this.#constrainedGain(left, leftHessian, sums.direction);
        if (!(gain > bestGain)) continue;
        bestGain = gain;
        // If no value was missing in training, later missing values go where most rows go.
        const missingLeft = sides === 2 ? side === 1 : leftRows >= allRows - leftRows;
        this.#keep(feature, { gain, bin, missingLeft, gradient: left, hessian: leftHessian, rows: leftRows });
      }
    }
  }

  #constrainedGain(left: number, leftHessian: number, direction: number): number {
    const { l1, l2 } = this.#options;
    const { gradient, hessian } = this.#node;
    const [right, rightHessian] = [gradient - left, hessian - leftHessian];
    const leftValue = weightOf({ gradient: left, hessian: leftHessian }, this.#node, this.#options);
    const rightValue = weightOf({ gradient: right, hessian: rightHessian }, this.#node, this.#options);
    if (direction * (rightValue - leftValue) < 0) return -Infinity;
    const scored = (g: number, h: number, value: number): number =>
      -(2 * g * value + (h + l2) * value * value + 2 * l1 * Math.abs(value));
    return scored(left, leftHessian, leftValue) + scored(right, rightHessian, rightValue) - this.#score;
  }

  #scanCategories(feature: number, categories: number, sums: FeatureSums): void {
    const node = this.#node;
    const found = categorySides(categories, { sums, node, options: this.#options, score: this.#score });
    if (found && found.gain > this.#gain) this.#keep(feature, { ...found, bin: 0 });
  }

  #keep(
    feature: number,
    split: Omit<CategorySplit, 'rightBins'> & Partial<CategorySplit> & { readonly bin: number },
  ): void {
    this.#gain = split.gain;
    this.#feature = feature;
    this.#bin = split.bin;
    this.#missingLeft = split.missingLeft;
    this.#rightBins = split.rightBins;
    this.#leftGradient = split.gradient;
    this.#leftHessian = split.hessian;
    this.#leftRows = split.rows;
  }
}

type Penalties = Pick<TreeOptions, 'l1' | 'l2'>;
type Bounds = Pick<SplitNode, 'low' | 'high'>;
type Sums = Pick<NodeSums, 'gradient' | 'hessian'>;

/** The best value of a leaf, −T(G)/(H+λ) (equation 5), where T takes the L1 penalty off, within the bounds. */
export function weightOf({ gradient, hessian }: Sums, { low, high }: Bounds, options: Penalties): number {
  const weight = hessian + options.l2;
  const pulled = Math.abs(gradient) - options.l1;
  if (!(weight > 0) || pulled <= 0) return Math.min(high, Math.max(low, 0));
  return Math.min(high, Math.max(low, (gradient > 0 ? -pulled : pulled) / weight));
}

/** How much the best value of a leaf lowers the loss, doubled. */
function scoreOf({ gradient, hessian }: Sums, bounds: Bounds, options: Penalties): number {
  const value = weightOf({ gradient, hessian }, bounds, options);
  return -(2 * gradient * value + (hessian + options.l2) * value * value + 2 * options.l1 * Math.abs(value));
}
