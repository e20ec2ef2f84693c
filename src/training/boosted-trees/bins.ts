import { PlatformError } from '../../kernel/errors.ts';
import { largestCode } from './trees.ts';

/** The bins of one feature. */
export interface FeatureBins {
  /**
   * Ascending float32 cuts: a value is in bin b if it is at least b of them. Of a categorical feature, the codes but the
   * lowest: each code has its own bin.
   */
  readonly cuts: Float32Array;
  /** The codes, ascending; undefined for numbers. */
  readonly codes: Float32Array | undefined;
}

/**
 * At most `bins` bins: one for each value if there are few values, otherwise bins of about equally many rows, where a very
 * frequent value gets its own bin. Cuts are halfway between neighbours.
 * @throws PlatformError DATA_INVALID for an infinite value
 */
export function numberBins(column: Float32Array, bins: number, name: string): FeatureBins {
  const values = finiteValues(column, name);
  return {
    cuts: cutsOf(values, distinctUpTo(values, bins) <= bins ? values.length : bins),
    codes: undefined,
  };
}

const mostCategories = 255;

/** @throws PlatformError DATA_INVALID for a value that is no code, and for too many codes */
export function categoryBins(column: Float32Array, name: string): FeatureBins {
  const codes = Float32Array.from(new Set(finiteValues(column, name)));
  const wrong = codes.find((code) => !(Number.isInteger(code) && code >= 0 && code <= largestCode));
  if (wrong !== undefined)
    throw new PlatformError('DATA_INVALID', {
      field: `feature ${name}`,
      value: wrong,
      remedy: `must be the code of a category, a whole number from 0 to ${largestCode}, or NaN where it is missing`,
    });
  if (codes.length > mostCategories)
    throw new PlatformError('DATA_INVALID', {
      field: `number of categories of feature ${name}`,
      value: codes.length,
      remedy: `must be at most ${mostCategories}: give rare categories one code`,
    });
  return { cuts: codes.subarray(1), codes };
}

/** Ascending. */
function finiteValues(column: Float32Array, name: string): Float32Array {
  const sorted = column.toSorted();
  let count = sorted.length;
  while (count > 0 && Number.isNaN(sorted[count - 1])) count--;
  if (count > 0 && !(Number.isFinite(sorted[0]) && Number.isFinite(sorted[count - 1])))
    throw new PlatformError('DATA_INVALID', {
      field: `feature ${name}`,
      value: Number.isFinite(sorted[0]) ? 'Infinity' : '-Infinity',
      remedy: 'must be a finite number, or NaN where the value is missing',
    });
  return sorted.subarray(0, count);
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

/** Where the bins of a feature go: one byte for each row, together and `stride` bytes apart. */
export interface BinBytes {
  readonly column: Uint8Array;
  readonly rowMajor: Uint8Array;
  readonly offset: number;
  readonly stride: number;
  readonly missing: number;
}

export function writeBins(values: Float32Array, { cuts }: FeatureBins, into: BinBytes): void {
  const { column, rowMajor, offset, stride, missing } = into;
  for (let row = 0, at = offset; row < values.length; row++, at += stride) {
    const value = values[row] as number;
    const bin = Number.isNaN(value) ? missing : binOf(value, cuts);
    column[row] = bin;
    rowMajor[at] = bin;
  }
}

function binOf(value: number, cuts: Float32Array): number {
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value < (cuts[middle] as number)) high = middle;
    else low = middle + 1;
  }
  return low;
}
