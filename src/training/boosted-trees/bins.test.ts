import { expect, test } from 'vitest';
import { seededRandom } from '../../kernel/random.ts';
import { categoryBins, numberBins, writeBins } from './bins.ts';

const binsOf = (column: Float32Array, bins: number): readonly number[] => {
  const written = new Uint8Array(column.length);
  const into = { column: written, rowMajor: new Uint8Array(column.length), offset: 0, stride: 1 };
  writeBins(column, numberBins(column, bins, 'x'), { ...into, missing: missingBin });
  return [...written];
};

const missingBin = 255;
const quantileCuts = (column: Float32Array, bins: number, name: string): Float32Array =>
  numberBins(column, bins, name).cuts;

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

test('bins of features are beside each other, row by row', () => {
  const rowMajor = new Uint8Array(8);
  for (const [offset, values] of [Float32Array.of(0, 1), Float32Array.of(5, Number.NaN)].entries()) {
    const column = new Uint8Array(2);
    const into = { column, rowMajor, offset, stride: 4, missing: 9 };
    writeBins(values, numberBins(values, 255, 'x'), into);
    expect([...column]).toEqual([0, [1, 9][offset]]);
  }
  expect([...rowMajor]).toEqual([0, 0, 0, 0, 1, 9, 0, 0]);
});

test('each category has a bin, in the order of the codes', () => {
  const column = Float32Array.of(7, 2, Number.NaN, 40, 2);
  const bins = categoryBins(column, 'venue');
  expect([...(bins.codes ?? [])]).toEqual([2, 7, 40]);
  const written = new Uint8Array(5);
  writeBins(column, bins, { column: written, rowMajor: new Uint8Array(5), offset: 0, stride: 1, missing: 9 });
  expect([...written]).toEqual([1, 0, 9, 2, 0]);
});

test.each([
  [[1, 2.5], /feature venue must be the code of a category.*\(got 2.5\)/],
  [[-1], /feature venue must be the code .*\(got -1\)/],
  [[2 ** 24], /feature venue must be the code /],
  [
    Array.from({ length: 256 }, (_, code) => code),
    /number of categories of feature venue must be at most 255.*256/,
  ],
] as const)('codes that are no categories are refused: %j', (codes, message) => {
  expect(() => categoryBins(Float32Array.from(codes), 'venue')).toThrow(message);
});

test('an infinite value is refused by its feature', () => {
  expect(() => quantileCuts(Float32Array.of(1, Infinity), 255, 'rate')).toThrow(
    /feature rate must be .*\(got "Infinity"\)/,
  );
});
