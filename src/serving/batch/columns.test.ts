import { expect, test } from 'vitest';
import { matchColumns } from './columns.ts';

const schema = {
  properties: { size: {}, 'median income': {}, constructor: {}, note: {} },
  required: ['size', 'median income'],
};
const match = (...header: string[]) => matchColumns('rows.csv', header, schema);

test('columns are matched by name, in any order, and the others are listed', () => {
  expect(match('street', 'median income', 'size', 'constructor')).toEqual({
    header: ['street', 'median income', 'size', 'constructor'],
    matched: [
      { field: 'size', index: 2 },
      { field: 'median income', index: 1 },
      { field: 'constructor', index: 3 },
    ],
    ignored: [0],
    absent: ['note'],
  });
});

test.each(['MedianIncome', 'median_income', 'MEDIAN INCOME', 'median-income'])(
  'a column %s has the letters of its field',
  (name) => {
    expect(match('Size', name).matched).toEqual([
      { field: 'size', index: 0 },
      { field: 'median income', index: 1 },
    ]);
  },
);

test('the same name goes before the same letters', () => {
  expect(match('Size', 'size', 'median income').matched[0]).toEqual({ field: 'size', index: 1 });
});

test('two columns that could be a field are refused', () => {
  expect(() => match('SIZE', 'Size', 'median income')).toThrow(
    'header of rows.csv must have one column for the field "size" (got ["SIZE","Size"])',
  );
});

test('required fields without a column are named together', () => {
  expect(() => match('street', 'note')).toThrow(
    'header of rows.csv must have the columns "size" and "median income" (got ["street","note"])',
  );
  expect(() => match('size')).toThrow('must have the column "median income"');
});

test('a file with no field at all is refused even if all are optional', () => {
  const optional = { properties: { size: {} }, required: [] };
  expect(() => matchColumns('rows.csv', ['street'], optional)).toThrow('must have the column "size"');
});

test('fields with the same letters are only matched by their names', () => {
  const alike = { properties: { 'a b': {}, ab: {} }, required: [] };
  expect(matchColumns('rows.csv', ['A_B', 'ab'], alike).matched).toEqual([{ field: 'ab', index: 1 }]);
});
