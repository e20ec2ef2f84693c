import type { BinnedMatrix } from './bins.ts';

/**
 * Gradient sums and row counts by feature and bin: those of feature f and bin b are at 512 f + 2 b and the next index.
 * Features are padded to a multiple of four, so that complete words are read.
 */
export type Histogram = Float64Array;

/** The length of one feature in a histogram. */
export const featureStride = 512;

export function newHistogram(binned: BinnedMatrix): Histogram {
  return new Float64Array(binned.rowWidth * 4 * featureStride);
}

/** Some rows of a matrix, and the gradient of every row. */
export interface GradientRows {
  readonly binned: BinnedMatrix;
  /** One for each row of the matrix. */
  readonly gradients: Float64Array;
  readonly rows: Int32Array;
}

/** Fills a histogram from `rows`. */
export function fillHistogram(histogram: Histogram, { binned, gradients, rows }: GradientRows): void {
  const { packed, rowWidth } = binned;
  histogram.fill(0);
  for (let k = 0; k < rows.length; k++) {
    const row = rows[k] as number;
    const gradient = gradients[row] as number;
    let word = row * rowWidth;
    for (let base = 0; base < histogram.length; base += 4 * featureStride, word++) {
      const four = packed[word] as number;
      let at = base + ((four & 255) << 1);
      histogram[at] = (histogram[at] as number) + gradient;
      histogram[at + 1] = (histogram[at + 1] as number) + 1;
      at = base + featureStride + ((four >>> 7) & 510);
      histogram[at] = (histogram[at] as number) + gradient;
      histogram[at + 1] = (histogram[at + 1] as number) + 1;
      at = base + 2 * featureStride + ((four >>> 15) & 510);
      histogram[at] = (histogram[at] as number) + gradient;
      histogram[at + 1] = (histogram[at + 1] as number) + 1;
      at = base + 3 * featureStride + ((four >>> 23) & 510);
      histogram[at] = (histogram[at] as number) + gradient;
      histogram[at + 1] = (histogram[at + 1] as number) + 1;
    }
  }
}

/** Subtracts a child's histogram from its parent's, which becomes the other child's. */
export function subtractHistogram(parent: Histogram, child: Histogram): void {
  for (let at = 0; at < parent.length; at++) parent[at] = (parent[at] as number) - (child[at] as number);
}
