import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Features } from '../project/model.ts';
import { featuresOf, vectorOf } from './feature-code.ts';

const featuresBy = (features: unknown): Features =>
  featuresOf({ request: z.object({}), features: (() => features) as () => Features }, {});

test('numbers are taken as they are; NaN is a missing value', () => {
  expect(featuresBy({ size: 8, garden: Number.NaN })).toEqual({ size: 8, garden: Number.NaN });
});

test.each([
  ['a text', { size: '8' }, '(feature size: "8"'],
  ['a truth value', { garden: true }, '(feature garden: true)'],
  ['nothing for a name', { size: undefined }, '(feature size: missing'],
  ['a large whole number', { size: 8n }, '(feature size: 8'],
  ['nothing at all', undefined, '(features: missing'],
  ['no names', {}, '(features: {})'],
  ['a promise', Promise.resolve({ size: 8 }), 'it is not async'],
  ['a number', 8, '(features: 8'],
])('a function that answers %s is told so', (_case, features, says) => {
  expect(() => featuresBy(features)).toThrow(says);
  expect(() => featuresBy(features)).toThrow(expect.objectContaining({ code: 'USER_CODE_FAILED' }));
});

test('a vector has the values in the order of the names', () => {
  expect(vectorOf({ b: 2, a: 1, c: Number.NaN }, ['a', 'b', 'c'])).toEqual(Float32Array.of(1, 2, Number.NaN));
});

test.each([
  ['one less', { a: 1 }, '(feature b: missing'],
  [
    'one more',
    { a: 1, b: 2, c: 3 },
    'The features function must answer the same names every time (a, b) (feature c: 3)',
  ],
])('other names than before are refused: %s', (_case, features, says) => {
  expect(() => vectorOf(features, ['a', 'b'])).toThrow(says);
});
