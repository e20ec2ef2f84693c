import { expect, test } from 'vitest';
import { matchColumns, refuseRepeated } from './columns.ts';

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

test.each([
  [['sise', 'median income'], 'must have the column "size"; rename "sise" for "size" if that is meant'],
  [
    ['Siez', 'median incom'],
    'must have the columns "size" and "median income"; rename "Siez" for "size" and "median incom" for "median income" if that is meant',
  ],
  [['note', 'median income'], 'must have the column "size" (got'],
])('of the columns %j a misspelt one is named', (header, message) => {
  expect(() => match(...header)).toThrow(message);
});

test.each([
  [['size', 'size'], 'must have one column "size" for the field "size": remove or rename the other'],
  [['Size ', ' Size'], 'must have one column "Size" for the field "size": remove or rename the other'],
  [['size', 'size', 'size'], 'remove or rename the others'],
])('the columns %j of one field are refused', (written, message) => {
  const names = written.map((name, index) => (index === 0 ? name.trim() : `${name.trim()} ${index + 1}`));
  const columns = matchColumns('rows.csv', [...names, 'median income'], schema);
  expect(() => refuseRepeated('rows.csv', columns, [...written, 'median income'])).toThrow(message);
});

test('columns that repeat a name are read where the fields do too, and where no field has the name', () => {
  const twice = { properties: { x: {}, 'x 2': {} }, required: ['x', 'x 2'] };
  for (const [names, written] of [
    [
      ['x', 'x 2'],
      ['x', 'x'],
    ],
    [
      ['x', 'x 2', 'y', 'y 2'],
      ['x', 'x', 'y', 'y'],
    ],
    [
      ['x', 'x 2', 'column 3', 'column 4'],
      ['x', 'x', '', ''],
    ],
  ] as const)
    expect(() => refuseRepeated('rows.csv', matchColumns('rows.csv', names, twice), written)).not.toThrow();
});
