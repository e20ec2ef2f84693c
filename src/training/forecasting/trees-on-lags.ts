import { boostTrees } from '../boosted-trees/boost.ts';
import { readTreeOptions } from '../boosted-trees/options.ts';
import { predictColumns, type Trees } from '../boosted-trees/trees.ts';
import { readXgboost } from '../boosted-trees/xgboost-read.ts';
import { writeXgboost } from '../boosted-trees/xgboost-write.ts';

export interface TreesOnLags {
  readonly lags: number;
  /** Options of `boostedTrees`. */
  readonly trees: Readonly<Record<string, unknown>>;
}

/** Learned from all series together. */
export interface LagModel {
  readonly lags: number;
  readonly trees: Trees;
}

/** Fewer rows than this teach trees nothing. */
const fewestRows = 40;

/**
 * Boosted trees that predict the next value of a series from its last ones, learned from every window of every series. A
 * window is shifted by its mean and divided by its mean deviation, so that series of any size teach each other.
 * @returns undefined if all series together are too short
 */
export function fitLags(
  histories: readonly Float64Array[],
  { lags, trees }: TreesOnLags,
): LagModel | undefined {
  const series = histories.map(scaled);
  const rows = series.reduce((sum, { values }) => sum + Math.max(0, values.length - lags), 0);
  if (rows < fewestRows) return undefined;
  const columns = emptyColumns(lags, rows);
  const target = new Float64Array(rows);
  let row = 0;
  for (const { values } of series)
    for (let at = lags; at < values.length; at++) {
      const { level, spread } = writeWindow(columns, row, values.subarray(at - lags, at));
      target[row++] = ((values[at] as number) - level) / spread;
    }
  const features = columns.map((_, index) => `lag ${index + 1}`);
  const options = readTreeOptions({ ...trees, earlyStopping: 0 });
  return { lags, trees: boostTrees({ matrix: { features, rows, columns }, target }, { options }) };
}

/** Each step is a value for the next. @returns undefined for a series that is shorter than the lags */
export function forecastLags(
  { lags, trees }: LagModel,
  histories: readonly Float64Array[],
  horizon: number,
): readonly (Float64Array | undefined)[] {
  const long = histories.filter(({ length }) => length >= lags).map(scaled);
  const paths = long.map(({ values }) => {
    const path = new Float64Array(lags + horizon);
    path.set(values.subarray(values.length - lags));
    return path;
  });
  for (let step = 0; step < horizon; step++) {
    const columns = emptyColumns(lags, paths.length);
    const windows = paths.map((path, row) => writeWindow(columns, row, path.subarray(step, step + lags)));
    const next = predictColumns(trees, columns, paths.length);
    for (const [row, path] of paths.entries()) {
      const { level, spread } = windows[row] as Window;
      path[lags + step] = level + (next[row] as number) * spread;
    }
  }
  let at = 0;
  return histories.map(({ length }) => {
    if (length < lags) return undefined;
    const { log } = long[at] as Scaled;
    const path = (paths[at++] as Float64Array).slice(lags);
    return log ? path.map(Math.exp) : path;
  });
}

interface Scaled {
  readonly values: Float64Array;
  readonly log: boolean;
}

/** Series of positive values grow by shares, so that their logarithms are alike. */
function scaled(values: Float64Array): Scaled {
  const log = values.every((value) => value > 0);
  return { values: log ? values.map(Math.log) : values, log };
}

interface Window {
  readonly level: number;
  readonly spread: number;
}

function writeWindow(columns: readonly Float32Array[], row: number, window: Float64Array): Window {
  let level = 0;
  for (const value of window) level += value / window.length;
  let spread = 0;
  for (const value of window) spread += Math.abs(value - level) / window.length;
  // A constant window has no spread: its next value is its level plus what the trees add.
  if (!(spread > 1e-12 * Math.abs(level))) spread = Math.abs(level) * 1e-3 || 1;
  for (const [index, column] of columns.entries())
    column[row] = ((window[window.length - 1 - index] as number) - level) / spread;
  return { level, spread };
}

function emptyColumns(lags: number, rows: number): readonly Float32Array[] {
  return Array.from({ length: lags }, () => new Float32Array(rows));
}

export function writeLagModel({ trees }: LagModel): Uint8Array {
  return writeXgboost(trees);
}

export function readLagModel(
  bytes: Uint8Array,
  { lags, name }: { readonly lags: number; readonly name: string },
): LagModel {
  return { lags, trees: readXgboost(bytes, name).trees };
}
