import { PlatformError } from '../../kernel/errors.ts';
import type { Matrix } from '../../project/trainer.ts';

/** The bin of a missing value in every feature; values take bins from 0 to at most 254. */
export const missingBin = 255;

/** A matrix with bins instead of values. */
export interface BinnedMatrix {
  readonly rows: number;
  readonly features: number;
  /** Four features per word, the first in the lowest byte, row by row, so that a row is contiguous in memory. */
  readonly packed: Uint32Array;
  readonly rowWidth: number;
  /** By feature, ascending: a value is in bin b if it is at least b of the cuts. */
  readonly cuts: readonly Float32Array[];
}

/**
 * Puts every feature into at most `bins` bins: one for each value if there are few values, otherwise bins of about equally
 * many rows, where a very frequent value gets its own bin. Cuts are halfway between neighbours.
 * @throws PlatformError DATA_INVALID for an infinite value
 */
export function binMatrix(matrix: Matrix, bins: number): BinnedMatrix {
  const rowWidth = Math.ceil(matrix.columns.length / 4);
  const packed = new Uint32Array(matrix.rows * rowWidth);
  const cuts = matrix.columns.map((column, feature) => {
    const found = quantileCuts(column, bins, matrix.features[feature] ?? String(feature));
    packBins(column, found, { packed, rowWidth, feature });
    return found;
  });
  return { rows: matrix.rows, features: matrix.columns.length, packed, rowWidth, cuts };
}

/** @returns ascending float32 cuts, fewer than `bins` */
export function quantileCuts(column: Float32Array, bins: number, name: string): Float32Array {
  const sorted = column.toSorted();
  let count = sorted.length;
  while (count > 0 && Number.isNaN(sorted[count - 1])) count--;
  if (count > 0 && !(Number.isFinite(sorted[0]) && Number.isFinite(sorted[count - 1])))
    throw new PlatformError('DATA_INVALID', {
      field: `feature ${name}`,
      value: Number.isFinite(sorted[0]) ? 'Infinity' : '-Infinity',
      remedy: 'must be a finite number, or NaN where the value is missing',
    });
  const values = sorted.subarray(0, count);
  return cutsOf(values, distinctUpTo(values, bins) <= bins ? count : bins);
}

/** Closes a bin when it holds its share of the rows that are left. With as many bins as rows, each value has its own. */
function cutsOf(sorted: Float32Array, bins: number): Float32Array {
  const cuts: number[] = [];
  let start = 0;
  let binsLeft = bins;
  for (let k = 1; k < sorted.length; k++) {
    const [below, above] = [sorted[k - 1] as number, sorted[k] as number];
    if (below === above || (k - start) * binsLeft < sorted.length - start) continue;
    cuts.push(between(below, above));
    start = k;
    binsLeft--;
  }
  return Float32Array.from(cuts);
}

/** The number of different values; stops counting above `limit`. */
function distinctUpTo(sorted: Float32Array, limit: number): number {
  let distinct = sorted.length > 0 ? 1 : 0;
  for (let k = 1; k < sorted.length && distinct <= limit; k++) if (sorted[k] !== sorted[k - 1]) distinct++;
  return distinct;
}

/** A float32 above `below` and at most `above`. */
function between(below: number, above: number): number {
  const middle = Math.fround(below / 2 + above / 2);
  return middle > below && middle <= above ? middle : above;
}

interface PackTarget {
  readonly packed: Uint32Array;
  readonly rowWidth: number;
  readonly feature: number;
}

function packBins(column: Float32Array, cuts: Float32Array, target: PackTarget): void {
  const { packed, rowWidth, feature } = target;
  const shift = (feature & 3) * 8;
  let word = feature >> 2;
  for (let row = 0; row < column.length; row++, word += rowWidth)
    packed[word] = (packed[word] as number) | (binOf(column[row] as number, cuts) << shift);
}

function binOf(value: number, cuts: Float32Array): number {
  if (Number.isNaN(value)) return missingBin;
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value < (cuts[middle] as number)) high = middle;
    else low = middle + 1;
  }
  return low;
}
