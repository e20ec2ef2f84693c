import { expect, test } from 'vitest';
import { type InferredColumn, isIdentifier } from './column.ts';
import { inferTable } from './infer.ts';
import { csvFile } from './read-csv.ts';

function infer(fields: readonly string[], name = 'x'): InferredColumn {
  const lines = fields.map((field) => `"${field.replaceAll('"', '""')}",.`);
  const [column] = inferTable(csvFile('x.csv', [`${name},end`, ...lines].join('\n'))).columns;
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
  [['01234', '94110'], 'string'],
  [['12345678901234567890', '1'], 'string'],
  [['1,200', '300'], 'string'],
  [['3 m', '4 m'], 'string'],
  [['', ''], undefined],
] as const)('%j is %s', (fields, type) => {
  expect(infer(fields).type).toBe(type);
});

test('a blank makes a column nullable and changes nothing else', () => {
  expect(infer(['4', '', '6'])).toMatchObject({
    type: 'integer',
    nullable: true,
    filled: 2,
    distinct: 2,
    numbers: { least: 4, mean: 5 },
  });
  expect(infer(['4', '6'])).toMatchObject({ type: 'integer', nullable: false });
  expect(infer(['no', '', 'yes'])).toMatchObject({ type: 'boolean', nullable: true });
  expect(infer([' ', '6'])).toMatchObject({ type: 'string', nullable: false });
});

test('text with 20 different values at most is a choice', () => {
  expect(infer(['b', 'a "quoted", one', 'b']).oneOf).toEqual(['a "quoted", one', 'b']);
  expect(infer(numbered(40, (index) => `v${index % 20}`)).oneOf).toHaveLength(20);
  expect(infer(numbered(40, (index) => `v${index % 21}`)).oneOf).toBeUndefined();
});

test('the commonest value is counted, and different values as far as 10,000', () => {
  expect(infer(['a', 'b', 'a', ''])).toMatchObject({ commonest: 2, distinct: 2, filled: 3 });
  expect(infer(numbered(10_050, (index) => `v${index}`)).distinct).toBe(10_000);
});

test('times without a zone order lines where all are written alike', () => {
  expect(infer(['2024-01-31 12:00', '2024-02-01 09:30'])).toMatchObject({
    type: 'string',
    inTime: true,
    last: '2024-02-01 09:30',
  });
  expect(infer(['2024-01-31 12:00', '2024-02-01 09:30:10']).inTime).toBe(false);
  expect(infer(['2024-01-31 12:00', 'later']).inTime).toBe(false);
  expect(infer(['2024-01-31', '2024-02-01']).inTime).toBe(true);
  expect(infer(['5', '6']).inTime).toBe(false);
});

test('the field that keeps a column from being numbers is told with its line', () => {
  expect(infer(['1', '2', 'NA', '3', 'n/a'])).toMatchObject({
    type: 'string',
    oddField: { line: 4, text: 'NA' },
  });
  expect(infer(['a', 'b', '3']).oddField).toBeUndefined();
  expect(infer(['1', '2']).oddField).toBeUndefined();
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
