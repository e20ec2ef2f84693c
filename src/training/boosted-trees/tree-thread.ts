import { type NodeSplit, SplitFinder, type SplitNode } from './best-split.ts';
import type { FeatureBins } from './bins.ts';
import { type Kernels, openKernels } from './kernels.ts';
import { type Loss, lossOf, type LossSpec } from './loss.ts';
import type { TreeOptions } from './options.ts';
import {
  type FeatureBlock,
  jobWidth,
  resultWidth,
  tableBytes,
  type TrainingArrays,
  trainingArrays,
  type TrainingSizes,
} from './training-memory.ts';
import type { WasmMemory } from './wasm.ts';

/** A training, as threads get it. */
export interface TrainingPlan {
  readonly memory: WasmMemory;
  readonly sizes: TrainingSizes;
  readonly bins: readonly FeatureBins[];
  /** By feature, +1 if the prediction may only rise with it, −1 if it may only fall, else 0. */
  readonly directions: readonly number[];
  readonly options: TreeOptions;
  readonly loss: LossSpec;
}

/** What all threads do at once, each its part. */
export type Job =
  | { readonly kind: 'partition'; readonly nodes: number }
  | { readonly kind: 'search'; readonly fills: number; readonly nodes: number }
  | { readonly kind: 'update'; readonly output: number; readonly leaves: number }
  | { readonly kind: 'derive' };

/**
 * The part of one thread in growing trees: histograms and splits of its features, and a share of the rows where they are
 * sorted and updated. Each number is computed by one thread in one order, so that every number of threads gives the same.
 */
export class TreeThread {
  readonly arrays: TrainingArrays;
  readonly #plan: TrainingPlan;
  readonly #thread: number;
  readonly #block: FeatureBlock;
  readonly #kernels: Kernels;
  readonly #loss: Loss;

  constructor(plan: TrainingPlan, thread: number) {
    this.#plan = plan;
    this.#thread = thread;
    this.arrays = trainingArrays(plan.memory, plan.sizes);
    this.#block = this.arrays.blocks[thread] as FeatureBlock;
    this.#kernels = openKernels(plan.memory);
    this.#loss = lossOf(plan.loss);
  }

  run(job: Job): void {
    switch (job.kind) {
      case 'partition':
        return this.#partition(job.nodes);
      case 'search':
        return this.#search(job.fills, job.nodes);
      case 'update':
        return this.#update(job.output, job.leaves);
      case 'derive':
        return this.#derive();
    }
  }

  /** The part of a range that this thread does. */
  share(from: number, to: number, thread = this.#thread): readonly [from: number, to: number] {
    const { threads } = this.#plan.sizes;
    const edge = (at: number): number => from + Math.floor(((to - from) * at) / threads);
    return [edge(thread), edge(thread + 1)];
  }

  #partition(nodes: number): void {
    const { job, rows, spare, tables, columnBins } = this.arrays;
    const result = this.arrays.results[this.#thread] as Float64Array;
    for (let node = 0; node < nodes; node++) {
      const at = node * jobWidth;
      const [from, to] = this.share(job[at] as number, job[at + 1] as number);
      const feature = job[at + 2] as number;
      const start = rows.byteOffset + from * 4;
      const end = this.#kernels.partition(
        start,
        rows.byteOffset + to * 4,
        spare.byteOffset + from * 4,
        columnBins.byteOffset + feature * rows.length,
        tables.byteOffset + node * tableBytes,
      );
      result[node] = ((end >>> 0) - start) / 4;
    }
  }

  #search(fills: number, nodes: number): void {
    const { job, results } = this.arrays;
    for (let fill = 0; fill < fills; fill++) this.#fill(fill * jobWidth);
    const result = results[this.#thread] as Float64Array;
    for (let node = 0; node < nodes; node++) {
      const at = (this.#plan.sizes.batch + 1 + node) * jobWidth;
      const [slot = 0, gradient = 0, hessian = 0, rows = 0, low = 0, high = 0] = job.subarray(at, at + 6);
      writeSplit(
        result.subarray(node * resultWidth, (node + 1) * resultWidth),
        this.#best(slot, { gradient, hessian, rows, low, high }),
      );
    }
  }

  /** Fills a histogram from rows, and subtracts it from its parent's, which becomes the other child's. */
  #fill(at: number): void {
    const { job, rows, pairs, histograms, counts } = this.arrays;
    const { room, features: all } = this.#plan.sizes;
    const { bins: bytes, first: column, features } = this.#block;
    const [slot = 0, from = 0, to = 0, parent = 0, output = 0] = job.subarray(at, at + 5);
    const [start, end] = [rows.byteOffset + from * 4, rows.byteOffset + to * 4];
    const width = room * 16;
    const histogram = (of: number): number => histograms.byteOffset + (of * all + column) * width;
    const derivatives = (pairs[output] as Float32Array).byteOffset;
    this.#kernels.fill(start, end, bytes, derivatives, histogram(slot), features, width);
    if (parent >= 0)
      this.#kernels.subtract(histogram(parent), histogram(parent) + features * width, histogram(slot));
    if (!counts) return;
    const first = (of: number): number => (of * all + column) * room;
    const address = counts.byteOffset + first(slot) * 4;
    this.#kernels.count(start, end, bytes, address, features, room * 4);
    if (parent < 0) return;
    for (let at = 0, into = first(parent), from = first(slot); at < features * room; at++)
      counts[into + at] = (counts[into + at] as number) - (counts[from + at] as number);
  }

  #best(slot: number, node: SplitNode): NodeSplit | undefined {
    const { histograms, counts, allowed } = this.arrays;
    const { options, sizes, bins, directions } = this.#plan;
    const { first, features } = this.#block;
    const finder = new SplitFinder(node, options);
    for (let feature = first; feature < first + features; feature++) {
      if (allowed[feature] === 0) continue;
      const countsStart = (slot * sizes.features + feature) * sizes.room;
      finder.scan(feature, bins[feature] as FeatureBins, {
        pairs: histograms,
        start: countsStart * 2,
        counts,
        countsStart,
        countsRows: sizes.countsRows,
        missing: sizes.bins - 1,
        direction: directions[feature] as number,
      });
    }
    return finder.best();
  }

  #update(output: number, leaves: number): void {
    const { rows, leaves: table } = this.arrays;
    const margins = this.arrays.margins[output] as Float32Array;
    const [first, end] = this.share(0, table[(leaves - 1) * 3 + 1] as number);
    for (let leaf = 0; leaf < leaves; leaf++) {
      const from = Math.max(first, table[leaf * 3] as number);
      const to = Math.min(end, table[leaf * 3 + 1] as number);
      const value = table[leaf * 3 + 2] as number;
      for (let k = from; k < to; k++) {
        const row = rows[k] as number;
        margins[row] = (margins[row] as number) + value;
      }
    }
  }

  #derive(): void {
    const { margins, pairs, target, weight } = this.arrays;
    const [from, to] = this.share(0, target.length);
    this.#loss.derive(margins, pairs, { target, from, to });
    if (!weight) return;
    for (const ofOutput of pairs)
      for (let row = from; row < to; row++) {
        ofOutput[2 * row] = (ofOutput[2 * row] as number) * (weight[row] as number);
        ofOutput[2 * row + 1] = (ofOutput[2 * row + 1] as number) * (weight[row] as number);
      }
  }
}

/** Where the bins that go right are in a result. */
const maskAt = 8;

function writeSplit(into: Float64Array, split: NodeSplit | undefined): void {
  into.fill(0);
  if (!split) return;
  const { gain, feature, bin, missingLeft, left, rightBins } = split;
  into.set([
    gain,
    feature,
    bin,
    Number(missingLeft),
    left.gradient,
    left.hessian,
    left.rows,
    Number(rightBins !== undefined),
  ]);
  for (const right of rightBins ?? []) {
    const word = maskAt + (right >> 5);
    into[word] = ((into[word] as number) | (1 << (right & 31))) >>> 0;
  }
}

/** The best of the threads' splits of a node: the largest gain, among equals of the first feature. */
export function bestOf(results: readonly Float64Array[], node: number): NodeSplit | undefined {
  let best: Float64Array | undefined;
  for (const result of results) {
    const at = result.subarray(node * resultWidth, (node + 1) * resultWidth);
    if ((at[0] as number) > (best?.[0] ?? 0)) best = at;
  }
  if (!best) return undefined;
  const [gain = 0, feature = 0, bin = 0, missingLeft, gradient = 0, hessian = 0, rows = 0, isCategorical] =
    best;
  return {
    gain,
    feature,
    bin,
    missingLeft: missingLeft === 1,
    rightBins: isCategorical === 1 ? binsIn(best.subarray(maskAt)) : undefined,
    left: { gradient, hessian, rows },
  };
}

function binsIn(mask: Float64Array): readonly number[] {
  return Array.from({ length: 256 }, (_, bin) => bin).filter(
    (bin) => ((mask[bin >> 5] as number) & (1 << (bin & 31))) !== 0,
  );
}
