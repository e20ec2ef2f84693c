import { expect, test } from 'vitest';
import { fromColumn, toColumn } from './json-column.ts';

test.each([
  [
    {
      mae: Number.NaN,
      list: [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0.1],
      deep: { none: null },
    },
  ],
  [{ text: 'NaN', same: { '~number': 'x' } }],
  [[]],
  ['ünï'],
])('%j is read back unchanged', (value) => {
  expect(fromColumn(toColumn(value))).toEqual(value);
});

test('is plain JSON where JSON has the value', () => {
  expect(toColumn({ a: [1, 'b', null, true] })).toBe('{"a":[1,"b",null,true]}');
});
