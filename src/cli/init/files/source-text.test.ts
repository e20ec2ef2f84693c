import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { namesOf, pluralVariable } from './names.ts';
import { csvFile } from '../read-csv.ts';
import {
  commentText,
  describe,
  filledList,
  indented,
  key,
  list,
  literal,
  member,
  slug,
  templateText,
  variable,
} from './source-text.ts';

test.each([
  'plain',
  "it's",
  'a "b"',
  `both ' and "`,
  'back\\slash',
  '\\"',
  'line\nbreak',
  '\u2028',
  '${x}`',
  'größe',
])('%j is a literal that reads back', (text) => {
  expect(runInNewContext(literal(text))).toBe(text);
});

test.each([
  ['a */ b', 'a * / b'],
  ['a\nb\r\nc\u2028d\u2029e', 'a b c d e'],
  ['*\n/', '* /'],
])('%j never ends a comment', (text, expected) => {
  expect(commentText(text)).toBe(expected);
  expect(runInNewContext(`/** ${commentText(text)} */ 1`)).toBe(1);
  expect(runInNewContext(`// ${commentText(text)}\n2`)).toBe(2);
});

test.each(['`', '${x}', '\\`', '\\${x}', 'a\r\nb', '\u2028'])(
  '%j stands for itself in a template',
  (text) => {
    expect(runInNewContext(`\`${templateText(text)}\``)).toBe(text);
  },
);

test.each(['\u2028', 'a\u2029b'])('%j is on one line of the code, so that it can be indented', (text) => {
  expect(runInNewContext(indented(`[\n${literal(text)}\n][0]`))).toBe(text);
});

test('names that need quotes have them', () => {
  expect([key('price'), key('2nd'), key('Sold on'), key('größe'), key(''), key('__proto__')]).toEqual([
    'price',
    "'2nd'",
    "'Sold on'",
    'größe',
    "''",
    "['__proto__']",
  ]);
  expect([member('row', 'class'), member('row', "it's")]).toEqual(['row.class', 'row["it\'s"]']);
});

test.each([
  ['Sold on', 'soldOn'],
  ['order_ID', 'orderId'],
  ['sales-2024', 'sales2024'],
  ['2nd', 'other'],
  ['class', 'other'],
  ['source', 'other'],
  ['', 'other'],
])('the variable of %j is %s', (meaning, expected) => {
  expect(variable(meaning, ['source'], 'other')).toBe(expected);
});

test('values of a column have its name in the plural', () => {
  expect(
    ['Town', 'quality', 'class', 'notes', 'status', 'day', 'step', '2nd'].map((name) =>
      pluralVariable(name, []),
    ),
  ).toEqual(['towns', 'qualities', 'classes', 'notes', 'statuses', 'days2', 'steps', 'choices']);
  expect(pluralVariable('town', ['towns'])).toBe('towns2');
});

test.each([
  ['Living_area (m²)', 'Living area', 'm²'],
  ['priceInEuro', 'Price in euro', undefined],
  ['SIZE [sqm]', 'Size', 'sqm'],
  ['2nd.floor', '2nd floor', undefined],
  ['%', '%', undefined],
  ['NOx_GT', 'NOx GT', undefined],
  ['C6H6', 'C6H6', undefined],
  ['PT08_S1', 'PT08 S1', undefined],
  ['FG%', 'FG%', undefined],
  ['GrLivArea', 'Gr liv area', undefined],
  ['customerID', 'Customer ID', undefined],
])('%j is called %j and counted in %j', (name, title, unit) => {
  expect(describe(name)).toEqual({ title, unit });
});

test('slugs are names that a project takes', () => {
  expect([
    slug('Sales 2024.final', 'data'),
    slug('Köln', 'data'),
    slug('2024', 'data'),
    slug('9 houses', 'data'),
  ]).toEqual(['sales-2024-final', 'koln', 'data', 'houses']);
});

test('a list goes onto lines when it does not fit one', () => {
  expect(list(['a', 'b'], { open: '{', close: '}', room: 0 })).toBe('{ a, b }');
  expect(list(['a', 'b'], { open: '[', close: ']', room: 99 })).toBe('[\n  a,\n  b,\n]');
});

test('a long list has as many items to a line as fit', () => {
  const items = Array.from({ length: 30 }, (_, index) => `'item ${index}'`);
  const lines = filledList(items, { open: 'const all = [', close: '];' }).split('\n');
  expect(lines.at(1)).toMatch(/^  'item 0', 'item 1', .*,$/);
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(100);
  expect(runInNewContext(`${lines.join('\n').replace('const all =', 'all =')} all.length`)).toBe(30);
});

test('the ending of a data file stays, because it names the compression', () => {
  const path = (file: string): string =>
    namesOf({
      project: 'p',
      csv: csvFile(file, 'a,b\n1,2\n'),
      target: { name: 'b' },
      steps: ['clean', 'sound'],
    }).dataPath;
  expect([path('My sales.csv'), path('SALES.TSV'), path('sales.csv.gz'), path('sales')]).toEqual([
    'data/my-sales.csv',
    'data/sales.tsv',
    'data/sales.csv.gz',
    'data/sales.csv',
  ]);
});

test('source, step and model have names of their own', () => {
  const names = (project: string, file: string): ReturnType<typeof namesOf> =>
    namesOf({
      project,
      csv: csvFile(file, 'a,b\n1,2\n'),
      target: { name: 'model' },
      steps: ['clean', 'sound'],
    });
  expect(names('houses', 'houses.csv')).toMatchObject({
    source: 'raw',
    step: 'clean',
    modelVariable: 'predicted',
    dataPath: 'data/houses.csv',
  });
  expect(names('clean', 'clean.csv')).toMatchObject({ source: 'raw', step: 'sound' });
  expect(names('houses', 'clean.csv')).toMatchObject({ source: 'raw', sourceVariable: 'raw' });
  expect(names('houses', 'model.csv')).toMatchObject({ source: 'model', sourceVariable: 'lines' });
});
