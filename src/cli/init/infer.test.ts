import { expect, test } from 'vitest';
import { day } from './csv-text.fixture.ts';
import { type InferredColumn, isIdentifier } from './column.ts';
import { inferTable } from './infer.ts';
import { csvFile } from './read-csv.ts';

function infer(fields: readonly string[], name = 'x'): InferredColumn {
  const lines = fields.map((field) => `"${field.replaceAll('"', '""')}",end`);
  const text = [`${name},last`, ...lines].join('\n');
  const [column] = inferTable(csvFile('x.csv', text, { given: { header: true } })).columns;
  if (!column) throw new Error('no column');
  return column;
}

function numbered(count: number, text: (index: number) => string): readonly string[] {
  return Array.from({ length: count }, (_, index) => text(index));
}

test.each([
  [['1', '-20', '+3'], 'integer'],
  [['1', '2.5', '1e3'], 'number'],
  [['1', '0', '1'], 'integer'],
  [['yes', 'No', 'YES'], 'boolean'],
  [['true', 'f'], 'boolean'],
  [['yes', 'yes'], 'string'],
  [['yes', '0'], 'string'],
  [['2024-02-29', '1999-12-31'], 'date'],
  [['2024-02-29', '2023-02-29'], 'string'],
  [['2024-01-31T12:00:00Z', '2024-01-31T12:00+02:00'], 'timestamp'],
  [['2024-01-31 00:00:00', '2024-02-01 00:00:00'], 'date'],
  [['31 Jan 2024', '1 February 2024'], 'date'],
  [['2024-01', '2024-02'], 'date'],
  [['01234', '94110'], 'string'],
  [['12345678901234567890', '1'], 'string'],
  [['1,200', '300'], 'integer'],
  [['$1,200.50', '$300'], 'number'],
  [['$1', '€2'], 'integer'],
  [['45%', '7%'], 'integer'],
  [['3 m', '4 m'], 'string'],
  [['', ''], undefined],
  [['NA', '?', '-', 'null', '.'], undefined],
] as const)('%j is %s', (fields, type) => {
  expect(infer(fields).type).toBe(type);
});

test('a missing value makes a column nullable and changes nothing else', () => {
  for (const missing of ['', ' ', 'NA', 'n/a', 'NaN', 'null', '?', '-', '.'])
    expect(infer(['4', missing, '6'])).toMatchObject({
      type: 'integer',
      nullable: true,
      filled: 2,
      missing: 1,
      distinct: 2,
      numbers: { least: 4, mean: 5 },
    });
  expect(infer(['4', '6'])).toMatchObject({ type: 'integer', nullable: false });
  expect(infer(['no', '', 'yes'])).toMatchObject({ type: 'boolean', nullable: true });
});

test('values are counted, the commonest first, and different ones as far as 10,000', () => {
  expect(infer(['b', 'a', 'a', '', 'c'])).toMatchObject({
    commonest: 2,
    distinct: 3,
    filled: 4,
    values: [
      { text: 'a', count: 2 },
      { text: 'b', count: 1 },
      { text: 'c', count: 1 },
    ],
  });
  expect(infer(numbered(10_050, (index) => `v${index}`)).distinct).toBe(10_000);
});

test.each<readonly [string, readonly string[], string, string]>([
  [
    'a word among numbers',
    numbered(60, (index) => (index === 3 ? 'unknown' : String(index * 2))),
    'integer',
    'unknown',
  ],
  ['infinity among numbers', numbered(60, (index) => (index === 3 ? 'inf' : `${index}.5`)), 'number', 'inf'],
  [
    'a wrong day among dates',
    numbered(60, (index) => (index === 3 ? '2024-02-30' : day(index))),
    'date',
    '2024-02-30',
  ],
])('%s is a bad cell of its line', (_, fields, ...[type, text]) => {
  expect(infer(fields)).toMatchObject({
    type,
    bad: { count: 1, first: { line: 5, text } },
    oddField: undefined,
  });
});

test('text whose cells are mostly numbers has the first of the other cells', () => {
  expect(infer(['1', '2', 'x', '3', 'y'])).toMatchObject({
    type: 'string',
    oddField: { line: 4, text: 'x' },
  });
  expect(infer(['a', 'b', '3']).oddField).toBeUndefined();
});

test.each([
  ['-200 below positive numbers', numbered(60, (index) => (index % 20 ? String(index + 2) : '-200')), '-200'],
  ['-999 far below the others', numbered(60, (index) => (index % 20 ? `${index - 30}` : '-999')), '-999'],
  ['9999 far above the others', numbered(60, (index) => (index % 20 ? `${index}.5` : '9999')), '9999'],
  ['99999 far above the others', numbered(60, (index) => (index % 20 ? String(index) : '99999')), '99999'],
  ['a single -999', numbered(60, (index) => (index === 5 ? '-999' : String(index))), undefined],
  ['999 among its like', numbered(60, (index) => (index % 20 ? String(900 + index * 3) : '999')), undefined],
  ['-99 among negative numbers', numbered(60, (index) => String(-99 + (index % 30) * 5)), undefined],
] as const)('%s may mean a missing value: %s', (_, fields, value) => {
  expect(infer(fields).numbers?.sentinel?.value).toBe(value);
});

test('the parts of a date are those that differ', () => {
  expect(infer(numbered(20, day)).dates?.parts).toEqual(['weekday', 'day']);
  expect(infer(numbered(20, (index) => `2024-01-31 ${10 + (index % 9)}:00`)).dates?.parts).toEqual(['hour']);
});

test.each([
  ['customer_id', (index: number) => `c${index}`, true],
  ['customerId', (index: number) => `c${index}`, true],
  ['ID', (index: number) => String(index * 7), true],
  ['paid', (index: number) => String(index * 7), false],
  ['shop id', (index: number) => `s${index % 5}`, false],
  ['anything', (index: number) => String(index + 1), true],
  ['year', (index: number) => String(index + 1990), false],
  ['price', (index: number) => String(index * 2), false],
] as const)('whether %s names its line', (name, text, expected) => {
  expect(isIdentifier(infer(numbered(30, text), name))).toBe(expected);
});
