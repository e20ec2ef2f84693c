import { missingBin } from './bins.ts';
import { findBestSplit, type NodeSplit, type NodeSums, type SplitSearch } from './best-split.ts';
import { fillHistogram, type Histogram, newHistogram, subtractHistogram } from './histogram.ts';
import type { Derivatives } from './loss.ts';
import { newNodes, type Tree } from './trees.ts';

/** A grown tree and the leaf of each row. */
export interface GrownTree {
  readonly tree: Tree;
  /** Leaves, in the order of their rows. */
  readonly leaves: readonly { readonly node: number; readonly from: number; readonly to: number }[];
}

/** Above every finite value: the threshold of a split between known and missing values. */
const largestFloat32 = 3.4028234663852886e38;

/**
 * Grows trees on one matrix, down to `depth`. The children of a node cost one pass over the rows of the smaller one: the
 * other's histogram is the parent's minus the smaller one's. Buffers are reused for every tree.
 */
export class TreeGrower {
  readonly #search: SplitSearch;
  readonly #countsRows: boolean;
  /** One for each level: the histogram of a smaller child; the larger child reuses its parent's. */
  readonly #histograms: Histogram[] = [];
  readonly #spare: Int32Array;
  #rows: Int32Array = new Int32Array(0);
  #derivatives: Derivatives = { gradients: new Float32Array(0), hessians: new Float32Array(0) };
  #nodes: Tree = newNodes(0);
  #used = 0;
  #leaves: { node: number; from: number; to: number }[] = [];

  /** @param countsRows whether every hessian is 1 */
  constructor(search: SplitSearch, countsRows: boolean) {
    this.#search = search;
    this.#countsRows = countsRows;
    this.#spare = new Int32Array(search.binned.rows);
  }

  /**
   * @param derivatives one for each row of the matrix
   * @param rows the rows to learn from; they are reordered by leaf
   * @param features the features that this tree may split on
   */
  grow(derivatives: Derivatives, rows: Int32Array, features: Int32Array): GrownTree {
    const { depth, minLeafRows } = this.#search.options;
    this.#rows = rows;
    this.#derivatives = derivatives;
    this.#nodes = newNodes(2 * Math.min(2 ** depth, Math.max(1, Math.floor(rows.length / minLeafRows))) - 1);
    this.#used = 1;
    this.#leaves = [];
    let [gradient, hessian] = [0, 0];
    for (const row of rows) {
      gradient += derivatives.gradients[row] as number;
      hessian += derivatives.hessians[row] as number;
    }
    const histogram = this.#histogramAt(0);
    fillHistogram(histogram, { binned: this.#search.binned, derivatives, rows });
    const sums = { gradient, hessian, rows: rows.length };
    const root = { node: 0, level: 0, from: 0, to: rows.length, sums };
    this.#split(root, histogram, { ...this.#search, features });
    return { tree: this.#trimmed(), leaves: this.#leaves };
  }

  #split(at: GrowingNode, histogram: Histogram | undefined, search: SplitSearch): void {
    this.#nodes.cover[at.node] = at.sums.hessian;
    const found = histogram && findBestSplit(histogram, at.sums, search);
    if (!histogram || !found) return this.#endInLeaf(at);
    const left = this.#used;
    this.#used += 2;
    this.#writeSplit(at.node, left, found);
    const middle = this.#partition(at, found);
    const level = at.level + 1;
    const children = [
      { node: left, level, from: at.from, to: middle, sums: found.left },
      { node: left + 1, level, from: middle, to: at.to, sums: found.right },
    ] as const;
    const histograms = this.#childHistograms(children, histogram);
    this.#split(children[0], histograms[0], search);
    this.#split(children[1], histograms[1], search);
  }

  /** No histogram for a child that cannot be split. */
  #childHistograms(
    [left, right]: readonly [GrowingNode, GrowingNode],
    parent: Histogram,
  ): readonly [Histogram | undefined, Histogram | undefined] {
    const [leftSplits, rightSplits] = [this.#maySplit(left), this.#maySplit(right)];
    if (!leftSplits && !rightSplits) return [undefined, undefined];
    const leftIsSmaller = left.sums.rows <= right.sums.rows;
    const smaller = leftIsSmaller ? left : right;
    const smallerHistogram = this.#histogramAt(left.level);
    const rows = this.#rows.subarray(smaller.from, smaller.to);
    fillHistogram(smallerHistogram, { binned: this.#search.binned, derivatives: this.#derivatives, rows });
    subtractHistogram(parent, smallerHistogram);
    const [ofLeft, ofRight] = leftIsSmaller ? [smallerHistogram, parent] : [parent, smallerHistogram];
    return [leftSplits ? ofLeft : undefined, rightSplits ? ofRight : undefined];
  }

  #maySplit({ level, sums }: GrowingNode): boolean {
    const { depth, minLeafRows } = this.#search.options;
    return level < depth && sums.rows >= 2 * minLeafRows;
  }

  #writeSplit(node: number, left: number, split: NodeSplit): void {
    const nodes = this.#nodes;
    nodes.feature[node] = split.feature;
    nodes.value[node] = this.#search.binned.cuts[split.feature]?.[split.bin] ?? largestFloat32;
    nodes.left[node] = left;
    nodes.right[node] = left + 1;
    nodes.missing[node] = split.missingLeft ? left : left + 1;
    nodes.gain[node] = split.gain;
  }

  /** Puts the rows that go left first, each side in its old order. @returns the start of the right side */
  #partition({ from, to }: GrowingNode, split: NodeSplit): number {
    const { packed, rowWidth } = this.#search.binned;
    const rows = this.#rows;
    const spare = this.#spare;
    const [shift, word] = [(split.feature & 3) * 8, split.feature >> 2];
    const { bin: lastLeft, missingLeft } = split;
    let middle = from;
    let kept = 0;
    for (let k = from; k < to; k++) {
      const row = rows[k] as number;
      const bin = ((packed[row * rowWidth + word] as number) >>> shift) & 255;
      if (bin === missingBin ? missingLeft : bin <= lastLeft) rows[middle++] = row;
      else spare[kept++] = row;
    }
    rows.set(spare.subarray(0, kept), middle);
    return middle;
  }

  /** The leaf's value −η G/(H+λ): Chen and Guestrin, equation 5, shrunk by the learning rate. */
  #endInLeaf({ node, from, to, sums }: GrowingNode): void {
    const { l2, learningRate } = this.#search.options;
    const weight = sums.hessian + l2;
    this.#nodes.value[node] = weight > 0 ? (-learningRate * sums.gradient) / weight : 0;
    this.#leaves.push({ node, from, to });
  }

  #histogramAt(level: number): Histogram {
    return (this.#histograms[level] ??= newHistogram(this.#search.binned, this.#countsRows));
  }

  #trimmed(): Tree {
    const nodes = this.#nodes;
    const count = this.#used;
    return {
      feature: nodes.feature.slice(0, count),
      value: nodes.value.slice(0, count),
      left: nodes.left.slice(0, count),
      right: nodes.right.slice(0, count),
      missing: nodes.missing.slice(0, count),
      cover: nodes.cover.slice(0, count),
      gain: nodes.gain.slice(0, count),
    };
  }
}

/** A node with the rows that reached it. */
interface GrowingNode {
  readonly node: number;
  readonly level: number;
  readonly from: number;
  readonly to: number;
  readonly sums: NodeSums;
}
