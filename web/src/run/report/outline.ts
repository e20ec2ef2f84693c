import type { ResidualsView } from '../../../../src/client/index.ts';

type Histogram = Pick<ResidualsView['histogram'], 'from' | 'to' | 'counts'>;

/** The rows of a histogram in the bins of another, as if each of its bins were filled evenly. */
export function outlineOf(of: Histogram, { from, to, counts }: Histogram): readonly number[] {
  const [width, size] = [(of.to - of.from) / of.counts.length, (to - from) / counts.length];
  return counts.map((_, index) => {
    const [start, end] = [from + index * size, from + (index + 1) * size];
    return of.counts.reduce((sum, count, bin) => {
      const low = of.from + bin * width;
      const overlap = Math.min(end, low + width) - Math.max(start, low);
      return overlap > 0 && width > 0 ? sum + (count * overlap) / width : sum;
    }, 0);
  });
}
