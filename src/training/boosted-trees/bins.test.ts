import { expect, test } from 'vitest';
import { seededRandom } from '../../kernel/random.ts';
import { binMatrix, missingBin, quantileCuts } from './bins.ts';

const binsOf = (column: Float32Array, bins: number): readonly number[] => {
  const { packed } = binMatrix({ features: ['x'], rows: column.length, columns: [column] }, bins);
  return Array.from(packed, (word) => word & 255);
};

test('few values have a bin each, cut halfway', () => {
  const column = Float32Array.of(3, 1, Number.NaN, 2, 1);
  expect([...quantileCuts(column, 255, 'x')]).toEqual([1.5, 2.5]);
  expect(binsOf(column, 255)).toEqual([2, 0, missingBin, 1, 0]);
});

test('many values share bins of about equally many rows', () => {
  const column = new Float32Array(10_000).map((_, row) => row);
  const counts = new Map<number, number>();
  for (const bin of binsOf(column, 16)) counts.set(bin, (counts.get(bin) ?? 0) + 1);
  expect([...counts.values()]).toEqual(Array.from({ length: 16 }, () => 625));
});

test('a value that half of the rows have takes one bin and leaves the others to the rest', () => {
  const column = new Float32Array(2000).map((_, row) => (row % 2 === 0 ? 0 : row));
  const bins = binsOf(column, 32);
  expect(new Set(bins).size).toBe(32);
  expect(bins.filter((bin) => bin === 0)).toHaveLength(1000);
});

test('a bin says on which side of every cut its value stands', () => {
  const random = seededRandom(1);
  const column = new Float32Array(500).map(() => random() * 1e-3);
  const cuts = quantileCuts(column, 40, 'x');
  const bins = binsOf(column, 40);
  for (const [row, value] of column.entries())
    expect(bins[row]).toBe(cuts.filter((cut) => !(value < cut)).length);
});

test('neighbouring float32 values are told apart', () => {
  const next = Math.fround(1 + 2 ** -23);
  expect(binsOf(Float32Array.of(1, next), 255)).toEqual([0, 1]);
});

test('features stand beside each other in words', () => {
  const columns = [1, 2, 3, 4, 5].map((feature) => Float32Array.of(0, feature));
  const { packed, rowWidth } = binMatrix({ features: ['a', 'b', 'c', 'd', 'e'], rows: 2, columns }, 255);
  expect(rowWidth).toBe(2);
  expect([...packed]).toEqual([0, 0, 0x01010101, 1]);
});

test('an infinite value is refused by its feature', () => {
  expect(() => quantileCuts(Float32Array.of(1, Infinity), 255, 'rate')).toThrow(
    /feature rate must be .*\(got "Infinity"\)/,
  );
});
