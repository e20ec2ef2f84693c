import { type NodeSplit, type NodeSums, type SplitNode, weightOf } from './best-split.ts';
import type { TreeOptions } from './options.ts';
import type { RunningTraining } from './threads.ts';
import { jobWidth, tableBytes, type TrainingArrays, type TrainingSizes } from './training-memory.ts';
import { bestOf, type TrainingPlan } from './tree-thread.ts';
import { masksOf, newNodes, type Tree, type TreeNodes } from './trees.ts';

/** The rows of a leaf, in the order of the training's rows. */
export interface LeafRows {
  readonly node: number;
  readonly from: number;
  readonly to: number;
}

/** A grown tree and the rows of each leaf, in their order. */
export interface GrownTree {
  readonly tree: Tree;
  readonly leaves: readonly LeafRows[];
}

/** Above every finite value: the threshold of a split between known and missing values. */
const largestFloat32 = 3.4028234663852886e38;

/** A node with the rows that reached it, and its histogram and best split if it may be split. */
interface Candidate {
  readonly node: number;
  readonly level: number;
  readonly from: number;
  readonly to: number;
  readonly sums: SplitNode;
  readonly slot: number;
  readonly split: NodeSplit | undefined;
}

/**
 * Grows trees on one matrix: all leaves of a level, or with a limit on leaves the one that gains most first. The children of
 * a node cost one pass over the rows of the smaller one: the other's histogram is the parent's minus the smaller one's.
 */
export class TreeGrower {
  readonly #training: RunningTraining;
  readonly #plan: TrainingPlan;
  readonly #arrays: TrainingArrays;
  readonly #freeSlots: number[] = [];
  #nodes: TreeNodes = newNodes(0);
  #used = 0;
  #output = 0;
  #leaves: LeafRows[] = [];
  #categories: number[] = [];

  constructor(training: RunningTraining, plan: TrainingPlan) {
    this.#training = training;
    this.#plan = plan;
    this.#arrays = training.thread.arrays;
  }

  /** Grows a tree on the derivatives of an output, from the first `count` rows of the training's order. */
  grow(output: number, count: number): GrownTree {
    const { options, sizes } = this.#plan;
    const { rows } = this.#arrays;
    const pairs = this.#arrays.pairs[output] as Float32Array;
    this.#output = output;
    this.#nodes = newNodes(2 * sizes.leaves - 1);
    this.#used = 1;
    this.#leaves = [];
    this.#categories = [];
    this.#freeSlots.length = 0;
    for (let slot = sizes.slots - 1; slot >= 0; slot--) this.#freeSlots.push(slot);
    let [gradient, hessian] = [0, 0];
    for (let k = 0; k < count; k++) {
      const row = rows[k] as number;
      gradient += pairs[2 * row] as number;
      hessian += pairs[2 * row + 1] as number;
    }
    const sums = { gradient, hessian, rows: count, low: -Infinity, high: Infinity };
    const root = { node: 0, level: 0, from: 0, to: count, sums, slot: this.#takeSlot(), split: undefined };
    this.#job(0, [root.slot, 0, count, -1, output]);
    const open = this.#searched([root], 1);
    let leavesLeft = options.leaves === undefined ? Infinity : options.leaves - open.length;
    while (open.length > 0 && leavesLeft > 0) {
      const batch = options.leaves === undefined ? open.splice(-sizes.batch) : [takeBest(open)];
      leavesLeft -= batch.length;
      open.push(...this.#split(batch));
    }
    for (const candidate of open) this.#endInLeaf(candidate);
    this.#leaves.sort((a, b) => a.from - b.from);
    return { tree: this.#trimmed(), leaves: this.#leaves };
  }

  /** @returns the children that may be split again; the others are leaves */
  #split(batch: readonly Candidate[]): readonly Candidate[] {
    for (const [at, { from, to, split }] of batch.entries()) {
      const { feature } = split as NodeSplit;
      this.#job(at, [from, to, feature]);
      this.#writeTable(at, split as NodeSplit);
    }
    this.#training.run({ kind: 'partition', nodes: batch.length });
    const children: Candidate[] = [];
    let fills = 0;
    for (const [at, parent] of batch.entries()) {
      const pair = this.#children(parent, this.#middleOf(at, parent));
      const mayBeSplit = pair.map((child) => this.#maySplit(child));
      if (!mayBeSplit.includes(true)) {
        this.#freeSlots.push(parent.slot);
        for (const child of pair) this.#endInLeaf(child);
        continue;
      }
      const smaller = pair[0].sums.rows <= pair[1].sums.rows ? 0 : 1;
      const slot = this.#takeSlot();
      this.#job(fills++, [slot, pair[smaller].from, pair[smaller].to, parent.slot, this.#output]);
      for (const [side, child] of pair.entries()) {
        const held = { ...child, slot: side === smaller ? slot : parent.slot };
        if (mayBeSplit[side]) children.push(held);
        else {
          this.#endInLeaf(held);
          this.#freedLater.push(held.slot);
        }
      }
    }
    const found = this.#searched(children, fills);
    this.#freeSlots.push(...this.#freedLater.splice(0));
    return found;
  }

  /** Slots that are still read or written by the present job. */
  readonly #freedLater: number[] = [];

  /** Searches the nodes' splits after the fills of the job. @returns the nodes that have one; the others are leaves */
  #searched(nodes: readonly Candidate[], fills: number): Candidate[] {
    if (fills === 0) return [];
    const first = this.#plan.sizes.batch + 1;
    for (const [at, { slot, sums }] of nodes.entries())
      this.#job(first + at, [slot, sums.gradient, sums.hessian, sums.rows, sums.low, sums.high]);
    this.#training.run({ kind: 'search', fills, nodes: nodes.length });
    return nodes.flatMap((node, at) => {
      const split = bestOf(this.#arrays.results, at);
      if (split) return [{ ...node, split }];
      this.#endInLeaf(node);
      this.#freeSlots.push(node.slot);
      return [];
    });
  }

  #children(parent: Candidate, middle: number): readonly [Candidate, Candidate] {
    const { node, from, to, sums, level } = parent;
    const split = parent.split as NodeSplit;
    const left = this.#used;
    this.#used += 2;
    this.#writeSplit(node, left, split);
    this.#nodes.cover[node] = sums.hessian;
    const right: NodeSums = {
      gradient: sums.gradient - split.left.gradient,
      hessian: sums.hessian - split.left.hessian,
      rows: to - middle,
    };
    const [leftBounds, rightBounds] = this.#bounds(sums, split, right);
    const child = { level: level + 1, slot: -1, split: undefined };
    return [
      { ...child, node: left, from, to: middle, sums: { ...split.left, rows: middle - from, ...leftBounds } },
      { ...child, node: left + 1, from: middle, to, sums: { ...right, ...rightBounds } },
    ];
  }

  /** Under a monotone split both sides keep to their side of the middle of the two values. */
  #bounds(
    { low, high }: SplitNode,
    { feature, left }: NodeSplit,
    right: NodeSums,
  ): readonly [Bounds, Bounds] {
    const direction = this.#plan.directions[feature] as number;
    if (direction === 0)
      return [
        { low, high },
        { low, high },
      ];
    const value = (sums: NodeSums): number => weightOf(sums, { low, high }, this.#plan.options);
    const middle = (value(left) + value(right)) / 2;
    const [below, above] = [
      { low, high: middle },
      { low: middle, high },
    ];
    return direction > 0 ? [below, above] : [above, below];
  }

  #maySplit({ level, sums }: Candidate): boolean {
    const { depth, minLeafRows } = this.#plan.options;
    return level < depth && sums.rows >= 2 * minLeafRows;
  }

  #writeSplit(node: number, left: number, { feature, bin, missingLeft, gain, rightBins }: NodeSplit): void {
    const nodes = this.#nodes;
    const { cuts, codes } = this.#plan.bins[feature] as TrainingPlan['bins'][number];
    nodes.feature[node] = feature;
    nodes.value[node] = cuts[bin] ?? largestFloat32;
    nodes.left[node] = left;
    nodes.right[node] = left + 1;
    nodes.missing[node] = missingLeft ? left : left + 1;
    nodes.gain[node] = gain;
    if (!rightBins || !codes) return;
    const masks = masksOf(rightBins.map((index) => codes[index] as number));
    nodes.value[node] = 0;
    nodes.categoryStart[node] = this.#categories.length;
    nodes.categoryMasks[node] = masks.length;
    this.#categories.push(...masks);
  }

  /** Which bins go left. Categories that the node has no rows of go left too, as in XGBoost. */
  #writeTable(at: number, { bin, missingLeft, rightBins }: NodeSplit): void {
    const table = this.#arrays.tables.subarray(at * tableBytes, (at + 1) * tableBytes);
    table.fill(rightBins ? 1 : 0);
    if (rightBins) for (const right of rightBins) table[right] = 0;
    else table.fill(1, 0, bin + 1);
    table[this.#plan.sizes.bins - 1] = Number(missingLeft);
  }

  /** Joins the parts that the threads sorted: rows that go left first, each side in its old order. */
  #middleOf(at: number, { from, to }: Candidate): number {
    const { rows, spare, results } = this.#arrays;
    let middle = from;
    let kept = from;
    for (const [thread, result] of results.entries()) {
      const [start, end] = this.#training.thread.share(from, to, thread);
      const edge = start + (result[at] as number);
      if (results.length === 1) return edge;
      spare.set(rows.subarray(edge, end), kept);
      kept += end - edge;
      rows.copyWithin(middle, start, edge);
      middle += edge - start;
    }
    rows.set(spare.subarray(from, kept), middle);
    return middle;
  }

  /** Shrunk by the learning rate. */
  #endInLeaf({ node, from, to, sums }: Candidate): void {
    const { options } = this.#plan;
    this.#nodes.value[node] = options.learningRate * weightOf(sums, sums, options);
    this.#nodes.cover[node] = sums.hessian;
    this.#nodes.feature[node] = -1;
    this.#leaves.push({ node, from, to });
  }

  #takeSlot(): number {
    const slot = this.#freeSlots.pop();
    if (slot === undefined) throw new RangeError('a node has no histogram');
    return slot;
  }

  #job(at: number, values: readonly number[]): void {
    this.#arrays.job.set(values, at * jobWidth);
  }

  #trimmed(): Tree {
    const count = this.#used;
    const nodes = this.#nodes;
    return {
      feature: nodes.feature.slice(0, count),
      value: nodes.value.slice(0, count),
      left: nodes.left.slice(0, count),
      right: nodes.right.slice(0, count),
      missing: nodes.missing.slice(0, count),
      cover: nodes.cover.slice(0, count),
      gain: nodes.gain.slice(0, count),
      categoryStart: nodes.categoryStart.slice(0, count),
      categoryMasks: nodes.categoryMasks.slice(0, count),
      categories: Uint32Array.from(this.#categories),
    };
  }
}

type Bounds = Pick<SplitNode, 'low' | 'high'>;

function takeBest(open: Candidate[]): Candidate {
  let best = 0;
  for (const [at, { split }] of open.entries())
    if ((split?.gain ?? 0) > (open[best]?.split?.gain ?? 0)) best = at;
  return open.splice(best, 1)[0] as Candidate;
}

/** How many nodes are split at a time, how many histograms are alive, and the most leaves. */
export function growingSizes(
  options: TreeOptions,
  { rows, histogramBytes }: { readonly rows: number; readonly histogramBytes: number },
): Pick<TrainingSizes, 'batch' | 'slots' | 'leaves'> {
  const { depth, minLeafRows } = options;
  const possible = Math.max(1, Math.min(2 ** depth, Math.floor(rows / minLeafRows)));
  const leaves = Math.min(options.leaves ?? Infinity, possible);
  if (options.leaves !== undefined) return { batch: 1, slots: leaves + 1, leaves };
  const batch = Math.max(1, Math.min(32, Math.floor(batchBytes / (histogramBytes * depth))));
  return { batch, slots: Math.min(2 ** (depth - 1), batch * (depth + 1)) + 1, leaves };
}

/** Histograms of 256 MB are alive at a time, or one for each level. */
const batchBytes = 2 ** 28;
