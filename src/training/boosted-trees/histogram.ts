import type { BinnedMatrix } from './bins.ts';
import type { Derivatives } from './loss.ts';

/** Sums over rows by feature and bin. Features are padded to a multiple of four, so that complete words are read. */
export interface Histogram {
  /** Gradients and hessians: those of feature f and bin b are at 512 f + 2 b and the next index. */
  readonly sums: Float64Array;
  /** Rows of feature f and bin b at 256 f + b; undefined if every hessian is 1, so that their sum is the number of rows. */
  readonly rows: Float64Array | undefined;
}

/** The length of one feature in the sums of a histogram. */
export const featureStride = 512;

export function newHistogram(binned: BinnedMatrix, countsRows: boolean): Histogram {
  const length = binned.rowWidth * 4 * featureStride;
  return {
    sums: new Float64Array(length),
    rows: countsRows ? undefined : new Float64Array(length / 2),
  };
}

/** Some rows of a matrix, and the derivatives of every row. */
export interface GradientRows {
  readonly binned: BinnedMatrix;
  /** One for each row of the matrix. */
  readonly derivatives: Derivatives;
  readonly rows: Int32Array;
}

/** Fills a histogram from `rows`. */
export function fillHistogram(histogram: Histogram, given: GradientRows): void {
  fillSums(histogram.sums, given);
  if (histogram.rows) fillRows(histogram.rows, given);
}

function fillSums(sums: Float64Array, { binned, derivatives, rows }: GradientRows): void {
  const { packed, rowWidth } = binned;
  const { gradients, hessians } = derivatives;
  sums.fill(0);
  for (let k = 0; k < rows.length; k++) {
    const row = rows[k] as number;
    const gradient = gradients[row] as number;
    const hessian = hessians[row] as number;
    let word = row * rowWidth;
    for (let base = 0; base < sums.length; base += 4 * featureStride, word++) {
      const four = packed[word] as number;
      let at = base + ((four & 255) << 1);
      sums[at] = (sums[at] as number) + gradient;
      sums[at + 1] = (sums[at + 1] as number) + hessian;
      at = base + featureStride + ((four >>> 7) & 510);
      sums[at] = (sums[at] as number) + gradient;
      sums[at + 1] = (sums[at + 1] as number) + hessian;
      at = base + 2 * featureStride + ((four >>> 15) & 510);
      sums[at] = (sums[at] as number) + gradient;
      sums[at + 1] = (sums[at + 1] as number) + hessian;
      at = base + 3 * featureStride + ((four >>> 23) & 510);
      sums[at] = (sums[at] as number) + gradient;
      sums[at + 1] = (sums[at + 1] as number) + hessian;
    }
  }
}

function fillRows(counts: Float64Array, { binned, rows }: GradientRows): void {
  const { packed, rowWidth } = binned;
  const stride = featureStride / 2;
  counts.fill(0);
  for (let k = 0; k < rows.length; k++) {
    let word = (rows[k] as number) * rowWidth;
    for (let base = 0; base < counts.length; base += 4 * stride, word++) {
      const four = packed[word] as number;
      let at = base + (four & 255);
      counts[at] = (counts[at] as number) + 1;
      at = base + stride + ((four >>> 8) & 255);
      counts[at] = (counts[at] as number) + 1;
      at = base + 2 * stride + ((four >>> 16) & 255);
      counts[at] = (counts[at] as number) + 1;
      at = base + 3 * stride + (four >>> 24);
      counts[at] = (counts[at] as number) + 1;
    }
  }
}

/** Subtracts a child's histogram from its parent's, which becomes the other child's. */
export function subtractHistogram(parent: Histogram, child: Histogram): void {
  subtract(parent.sums, child.sums);
  if (parent.rows && child.rows) subtract(parent.rows, child.rows);
}

function subtract(from: Float64Array, what: Float64Array): void {
  for (let at = 0; at < from.length; at++) from[at] = (from[at] as number) - (what[at] as number);
}
