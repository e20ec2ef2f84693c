import { PlatformError } from '../../kernel/errors.ts';
import { maximumBytes, newMemory, type WasmMemory } from './wasm.ts';

/** The sizes of one training. */
export interface TrainingSizes {
  readonly rows: number;
  readonly features: number;
  readonly outputs: number;
  readonly threads: number;
  /** Bins of each feature in a histogram, the last for missing values. */
  readonly bins: number;
  /** The room of each feature in a histogram, of at least its bins: see `roomFor`. */
  readonly room: number;
  /** Histograms that are alive at a time. */
  readonly slots: number;
  /** Whether histograms also count rows. */
  readonly counts: boolean;
  /** Whether every hessian is 1. */
  readonly countsRows: boolean;
  readonly weighted: boolean;
  /** Nodes that are split at a time. */
  readonly batch: number;
  /** The most leaves of a tree. */
  readonly leaves: number;
}

/** Sums of a gradient and a hessian in a line of the processor's cache. */
const sumsOfLine = 4;

/**
 * The bins that a histogram has room for: an odd number of cache lines. With 4,096 bytes for each feature, the same bins of all
 * features would share a few lines of the cache.
 */
export function roomFor(bins: number): number {
  const lines = Math.ceil(bins / sumsOfLine);
  return (lines % 2 === 0 ? lines + 1 : lines) * sumsOfLine;
}

/** The features of one thread, whose bins are together, row by row. */
export interface FeatureBlock {
  readonly first: number;
  readonly features: number;
  /** The address of the first row's bins, a byte for each feature. */
  readonly bins: number;
}

/** The arrays of a training in one memory that threads share. */
export interface TrainingArrays {
  readonly memory: WasmMemory;
  readonly blocks: readonly FeatureBlock[];
  readonly bins: Uint8Array;
  /** The same feature by feature: sorting rows by a feature reads one of them. */
  readonly columnBins: Uint8Array;
  /** Rows in the order of the leaves of the present tree. */
  readonly rows: Int32Array;
  readonly spare: Int32Array;
  /** By output, gradient and hessian of each row. */
  readonly pairs: readonly Float32Array[];
  readonly margins: readonly Float32Array[];
  readonly target: Float64Array;
  readonly weight: Float64Array | undefined;
  /** Features × room × 2 for each slot. */
  readonly histograms: Float64Array;
  readonly counts: Int32Array | undefined;
  /** For each node of a batch, whether the rows of a bin go left. */
  readonly tables: Uint8Array;
  /** Whether the present tree may split on a feature. */
  readonly allowed: Uint8Array;
  /** Start, end and value of each leaf's rows. */
  readonly leaves: Float64Array;
  /** The arguments of a job: those of nodes to fill, then those of nodes to search. */
  readonly job: Float64Array;
  /** By thread, what it found. */
  readonly results: readonly Float64Array[];
  readonly control: Int32Array;
}

/** Numbers of a job for each node, and of a result. */
export const jobWidth = 16;
export const resultWidth = 16;
export const tableBytes = 256;

/** @returns the memory of a training. @throws PlatformError DATA_INVALID for more than 4 GB */
export function newTrainingMemory(sizes: TrainingSizes): WasmMemory {
  const { bytes } = layOut(sizes);
  if (bytes < maximumBytes) return newMemory(bytes);
  throw new PlatformError('DATA_INVALID', {
    field: 'training rows',
    value: `${sizes.rows} rows of ${sizes.features} features`,
    remedy: 'Boosted trees hold at most 4 GB: train on fewer rows or features, or with fewer bins or leaves.',
  });
}

/** Views of a memory; the same sizes give the same views in every thread. */
export function trainingArrays(memory: WasmMemory, sizes: TrainingSizes): TrainingArrays {
  const { buffer } = memory;
  const { blocks, at } = layOut(sizes);
  const { rows, outputs, threads, room, slots, counts, weighted, batch } = sizes;
  const each = <Value>(count: number, of: (index: number) => Value): readonly Value[] =>
    Array.from({ length: count }, (_, index) => of(index));
  return {
    memory,
    blocks,
    bins: new Uint8Array(buffer),
    columnBins: new Uint8Array(buffer, at.columnBins, rows * sizes.features),
    rows: new Int32Array(buffer, at.rows, rows),
    spare: new Int32Array(buffer, at.spare, rows),
    pairs: each(outputs, (output) => new Float32Array(buffer, at.pairs + output * rows * 8, rows * 2)),
    margins: each(outputs, (output) => new Float32Array(buffer, at.margins + output * rows * 4, rows)),
    target: new Float64Array(buffer, at.target, rows),
    weight: weighted ? new Float64Array(buffer, at.weight, rows) : undefined,
    histograms: new Float64Array(buffer, at.histograms, slots * sizes.features * room * 2),
    counts: counts ? new Int32Array(buffer, at.counts, slots * sizes.features * room) : undefined,
    tables: new Uint8Array(buffer, at.tables, batch * tableBytes),
    allowed: new Uint8Array(buffer, at.allowed, sizes.features),
    leaves: new Float64Array(buffer, at.leaves, sizes.leaves * 3),
    job: new Float64Array(buffer, at.job, (3 * batch + 2) * jobWidth),
    results: each(
      threads,
      (thread) => new Float64Array(buffer, at.results + thread * resultBytes(sizes), resultBytes(sizes) / 8),
    ),
    control: new Int32Array(buffer, at.control, 8),
  };
}

function resultBytes({ batch }: TrainingSizes): number {
  return (2 * batch + 2) * resultWidth * 8;
}

function layOut(sizes: TrainingSizes): {
  readonly blocks: readonly FeatureBlock[];
  readonly bytes: number;
  readonly at: Readonly<Record<(typeof regions)[number], number>>;
} {
  const { rows, features, outputs, threads, room, slots, counts, weighted, batch } = sizes;
  let end = 0;
  const take = (bytes: number): number => {
    const start = end;
    end += Math.ceil(bytes / 64) * 64;
    return start;
  };
  const blocks = Array.from({ length: threads }, (_, thread): FeatureBlock => {
    const [first, next] = [thread, thread + 1].map((at) => Math.floor((at * features) / threads)) as [
      number,
      number,
    ];
    return { first, features: next - first, bins: take(rows * (next - first)) };
  });
  const sizeOf: Readonly<Record<(typeof regions)[number], number>> = {
    columnBins: rows * features,
    rows: rows * 4,
    spare: rows * 4,
    pairs: rows * 8 * outputs,
    margins: rows * 4 * outputs,
    target: rows * 8,
    weight: weighted ? rows * 8 : 0,
    histograms: slots * features * room * 16,
    counts: counts ? slots * features * room * 4 : 0,
    tables: batch * tableBytes,
    allowed: features,
    leaves: sizes.leaves * 24,
    job: (3 * batch + 2) * jobWidth * 8,
    results: resultBytes(sizes) * threads,
    control: 32,
  };
  const at = Object.fromEntries(regions.map((region) => [region, take(sizeOf[region])])) as Record<
    (typeof regions)[number],
    number
  >;
  return { blocks, bytes: end, at };
}

const regions = [
  'columnBins',
  'rows',
  'spare',
  'pairs',
  'margins',
  'target',
  'weight',
  'histograms',
  'counts',
  'tables',
  'allowed',
  'leaves',
  'job',
  'results',
  'control',
] as const;
