import { expect, test } from 'vitest';
import type { Features } from '../../project/models/model.ts';
import { featuresOf, matrixOf, vectorOf } from './feature-code.ts';

const featuresBy = (features: unknown): Features =>
  featuresOf({ features: (() => features) as () => Features }, {});

test('numbers are taken as they are; NaN is a missing value', () => {
  expect(featuresBy({ size: 8, garden: Number.NaN })).toEqual({ size: 8, garden: Number.NaN });
});

test.each([
  ['a text', { size: '8' }, 'feature size must be a finite number'],
  ['a truth value', { garden: true }, /feature garden must be .* \(got true\)/],
  ['nothing for a name', { size: undefined }, /feature size must be .* \(missing\)/],
  ['a large whole number', { size: 8n }, /feature size must be .* \(got 8\)/],
  ['Infinity', { size: Infinity }, /feature size must be .* \(got Infinity\)/],
  ['-Infinity', { size: -Infinity }, /feature size must be .* \(got -Infinity\)/],
  ['a number beyond float32', { size: -3.5e38 }, /feature size must be .* \(got -3.5e\+38\)/],
  ['nothing at all', undefined, '(features: missing'],
  ['no names', {}, '(features: {})'],
  ['a promise', Promise.resolve({ size: 8 }), 'must not be async'],
  ['a number', 8, '(features: 8'],
])('a function that returns %s is refused', (_case, features, says) => {
  expect(() => featuresBy(features)).toThrow(says);
  expect(() => featuresBy(features)).toThrow(expect.objectContaining({ code: 'USER_CODE_FAILED' }));
});

test('a vector has the values in the order of the names', () => {
  expect(vectorOf({ b: 2, a: 1, c: Number.NaN }, ['a', 'b', 'c'])).toEqual(Float32Array.of(1, 2, Number.NaN));
});

test.each([
  ['one less', { a: 1 }, 'every time: a, b. Return NaN for a missing value (feature b: missing'],
  [
    'one more',
    { a: 1, b: 2, c: 3 },
    'The features function must return the same names every time: a, b. Return NaN for a missing value (feature c: 3)',
  ],
])('other names than before are refused: %s', (_case, features, says) => {
  expect(() => vectorOf(features, ['a', 'b'])).toThrow(says);
});

test('a name of every object is a name like others', () => {
  expect(() => vectorOf({ a: 1 }, ['a', 'constructor'])).toThrow('feature constructor: missing');
});

test('a vector of many names looks at each name a few times, not at all of them for each', () => {
  const names = Array.from({ length: 2000 }, (_, index) => `f${index}`);
  const features = Object.fromEntries(names.map((name, index) => [name, index]));
  let reads = 0;
  const counted = new Proxy(names, {
    get(target, key, receiver) {
      reads++;
      return Reflect.get(target, key, receiver) as unknown;
    },
  });
  expect(vectorOf(features, counted)[1999]).toBe(1999);
  expect(reads).toBeLessThan(10 * names.length);
});

test('a matrix has a column for each name', () => {
  const matrix = matrixOf(
    [
      { b: 2, a: 1 },
      { a: 3, b: Number.NaN },
    ],
    ['a', 'b'],
  );
  expect(matrix).toEqual({
    features: ['a', 'b'],
    rows: 2,
    columns: [Float32Array.of(1, 3), Float32Array.of(2, Number.NaN)],
  });
});
