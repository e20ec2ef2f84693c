import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Json } from '../../kernel/json.ts';
import type { ValueSchema } from '../../kernel/schema-rule.ts';
import type { ColumnBatch } from '../../project/tables/column-batch.ts';
import type { RejectedRow } from '../../project/tables/source.ts';
import { matchColumns } from '../../serving/batch/columns.ts';
import { cellRules } from '../../serving/batch/cell-rules.ts';
import { findFormat } from '../../serving/batch/find-format.ts';
import { cellReader } from '../../serving/batch/request-values.ts';
import { csv } from '../../sources/csv/csv.ts';
import { sniffCsv } from '../../sources/csv/sniff.ts';
import { readWrittenNumber } from '../../sources/csv/values.ts';
import { inferTable } from './infer.ts';
import { csvFile } from './read-csv.ts';

interface Cells {
  readonly schema: z.ZodType;
  readonly cells: readonly string[];
  readonly decimal?: '.' | ',';
  readonly missing?: readonly string[];
  readonly dates?: 'D/M/Y';
}

/** A cell that cannot be read. */
const bad = Symbol('bad');
type Value = Json | typeof bad;

const usual = ['', 'NA', 'N/A', 'NaN', 'null', '?', '-', '.'];

function fileOf(cells: readonly string[]): string {
  return `other|value\n${cells.map((cell) => `x|${cell}\n`).join('')}`;
}

/** As a run reads them. */
async function trained({
  schema,
  cells,
  decimal = '.',
  missing = usual,
  dates,
}: Cells): Promise<readonly Value[]> {
  const reader = csv({
    from: 'x.csv',
    row: z.object({ value: schema as z.ZodString }),
    delimiter: '|',
    decimal,
    missing,
    maxBadRows: 1,
    ...(dates && { dates: { value: dates } }),
  });
  const rejected: RejectedRow[] = [];
  const bytes = async (): Promise<Uint8Array> => new TextEncoder().encode(fileOf(cells));
  const values: Json[] = [];
  const context = {
    options: reader.options,
    schema: reader.table.schema,
    log() {},
    progress() {},
    reject: (row: RejectedRow) => void rejected.push(row),
  };
  for await (const batch of reader.read([{ name: 'x.csv', digest: 'x' as never, bytes }], context))
    values.push(
      ...Array.from((batch as unknown as ColumnBatch).columns['value'] as Iterable<Json>, (value) =>
        typeof value === 'number' && Number.isNaN(value) ? null : value,
      ),
    );
  return cells.map((_cell, index) =>
    rejected.some(({ line }) => line === index + 2) ? bad : (values.shift() ?? null),
  );
}

/** As a batch reads them; a cell that its request refuses is a bad one. */
function predicted({ schema, cells, decimal = '.', missing = usual, dates }: Cells): readonly Value[] {
  const bytes = new TextEncoder().encode(fileOf(cells));
  const { format, names, records } = sniffCsv(bytes, {
    file: 'x.csv',
    given: { header: true, delimiter: '|' },
  });
  const request = z.toJSONSchema(z.object({ value: schema })) as Pick<ValueSchema, 'properties' | 'required'>;
  const found = findFormat({
    file: 'x.csv',
    layout: {
      format,
      names,
      written: names,
      mark: false,
      renamed: [],
      stated: [],
      sample: [...records()].slice(0, 1000),
    },
    columns: matchColumns('x.csv', names, request),
    schema: request,
    source: { name: 'x', columns: names, options: { missing, ...(dates && { dates: { value: dates } }) } },
    asked: { decimal },
  });
  const isRequired = request.required?.includes('value') ?? false;
  const read = cellReader(request.properties?.['value'] ?? {}, isRequired, cellRules('value', found));
  return [...records()].map(({ fields }) => {
    const value = read(fields[1] ?? '');
    const isSound = schema.safeParse(value).success;
    return isSound ? (value ?? null) : bad;
  });
}

/** The cells that are missing to `init`, and those that are not of the column's type. */
function inferred({ cells, decimal = '.', missing = usual }: Cells): {
  readonly type: string | undefined;
  readonly missing: number;
  readonly bad: number;
  readonly mean: number | undefined;
} {
  const csvRead = csvFile('x.csv', fileOf(cells), {
    missing,
    given: { header: true, delimiter: '|', decimal },
  });
  const column = inferTable(csvRead).columns.find(({ name }) => name === 'value');
  return {
    type: column?.type,
    missing: column?.missing ?? 0,
    bad: column?.bad?.count ?? 0,
    mean: column?.numbers?.mean,
  };
}

const numbers = (cells: readonly string[], more: Partial<Cells> = {}): Cells => ({
  schema: z.number().nullable(),
  cells: [...Array.from({ length: 60 }, (_each, index) => String(index)), ...cells],
  ...more,
});

const plain = Array.from({ length: 60 }, (_each, index) => String(index + 1));

test.each<[string, Cells, readonly Value[]]>([
  ['words of a missing value', numbers(['NA', ' n/a ', '?', '']), [null, null, null, null]],
  [
    'a number that means a missing value, however it is written',
    numbers(['-200', '-200,0', '-200,00', '-2,5'], { decimal: ',', missing: ['', '-200'] }),
    [null, null, null, -2.5],
  ],
  [
    'another such number with a point, an exponent and thousands',
    numbers(['-9999', '-9999.0', '-9.999e3', '-9,999', '9999'], { missing: ['', '-9999'] }),
    [null, null, null, null, 9999],
  ],
  ['amounts in one currency', numbers(['$5', '$1,200.50', '-$3']), [5, 1200.5, -3]],
  ['amounts in two currencies', numbers(['$5', '€7', '$6', '8 EUR', '9']), [5, bad, 6, bad, 9]],
  ['thousands', numbers(['1,234.5', '1 234', "1'234'567"]), [1234.5, 1234, 1234567]],
  ['a decimal comma', numbers(['5,44', '1.234,5', '0,655'], { decimal: ',' }), [5.44, 1234.5, 0.655]],
  ['the other decimal mark', numbers(['5,44', '5.44']), [bad, 5.44]],
  ['percentages among plain numbers', numbers(['45%', '4.5 %', '7', '0%']), [bad, bad, 7, 0]],
  [
    'plain numbers among percentages',
    {
      schema: z.number().nullable(),
      cells: [
        ...Array.from({ length: 60 }, (_, index) => `${index}%`),
        '0.45',
        '4.5 %',
        '0',
        '-3%',
        '12',
        '',
      ],
    },
    [bad, 4.5, 0, -3, bad, null],
  ],
  [
    'a percentage before plain numbers',
    { schema: z.number().nullable(), cells: ['5%', ...plain] },
    [bad, ...plain.map(Number)],
  ],
  [
    'a plain number before percentages',
    { schema: z.number().nullable(), cells: ['0', '0.5', ...plain.map((cell) => `${cell}%`)] },
    [0, bad, ...plain.map(Number)],
  ],
  [
    'another currency before the usual one',
    { schema: z.number().nullable(), cells: ['€5', ...plain.map((cell) => `$${cell}`)] },
    [bad, ...plain.map(Number)],
  ],
  [
    'percentages after a thousand zeros and blanks',
    {
      schema: z.number().nullable(),
      cells: [
        ...Array.from({ length: 1000 }, (_, index) => (index % 2 ? '0' : '')),
        '45%',
        '0',
        '0.45',
        '7%',
      ],
    },
    [...Array.from({ length: 1000 }, (_, index) => (index % 2 ? 0 : null)), 45, 0, bad, 7],
  ],
  [
    'plain numbers after a thousand zeros',
    { schema: z.number().nullable(), cells: [...Array.from({ length: 1000 }, () => '0'), '4', '45%', '7'] },
    [4, bad, 7],
  ],
  [
    'amounts among percentages',
    {
      schema: z.number().nullable(),
      cells: [...Array.from({ length: 60 }, (_, index) => `${index + 0.5}%`), '$5', '6%', 'NA'],
    },
    [bad, 6, null],
  ],
  ['negatives in brackets, and no numbers', numbers(['($5.00)', 'x', '1e999']), [-5, bad, bad]],
])('a run, a batch and init read %s alike', async (_name, given, values) => {
  const added = given.cells.length - values.length;
  expect((await trained(given)).slice(added)).toEqual(values);
  expect(predicted(given).slice(added)).toEqual(values);
  const all = await trained(given);
  const numbersOf = all.filter((value) => typeof value === 'number');
  const { type, missing, bad: badCells, mean } = inferred(given);
  expect(type).toMatch(/integer|number/);
  expect({ missing, bad: badCells }).toEqual({
    missing: values.filter((value) => value === null).length,
    bad: values.filter((value) => value === bad).length,
  });
  expect(mean).toBeCloseTo(numbersOf.reduce((sum, value) => sum + value, 0) / numbersOf.length);
});

test.each<[string, Cells, readonly Value[]]>([
  [
    'a nullable choice that is named like a missing value',
    { schema: z.enum(['NA', 'EU']).nullable(), cells: ['NA', 'EU', 'na', '', 'AS'] },
    [null, 'EU', null, null, bad],
  ],
  [
    'a required choice that is named like a missing value',
    { schema: z.enum(['NA', 'EU', '-']), cells: ['NA', 'EU', '-', ''] },
    ['NA', 'EU', '-', bad],
  ],
  [
    'nullable text',
    { schema: z.string().nullable(), cells: ['Bath', '?', '-200', '007'], missing: ['?', '-200'] },
    ['Bath', null, null, '007'],
  ],
  ['required text', { schema: z.string(), cells: ['Bath', 'NA', ''] }, ['Bath', 'NA', bad]],
  [
    'booleans in words',
    { schema: z.boolean().nullable(), cells: ['yes', 'N', 'TRUE', '0', 'on', 'NA', 'maybe'] },
    [true, false, true, false, true, null, bad],
  ],
  [
    'dates of a stated form',
    {
      schema: z.iso.date().nullable(),
      cells: ['31/01/2024', '05/02/2024', '2024-02-06', '?'],
      dates: 'D/M/Y',
    },
    ['2024-01-31', '2024-02-05', '2024-02-06', null],
  ],
  ['numbers that are required', { schema: z.number(), cells: ['5', 'NA', ''] }, [5, bad, bad]],
])('a run and a batch read %s alike', async (_name, given, values) => {
  const isChoice = given.schema instanceof z.ZodEnum || given.schema.safeParse('AS').success === false;
  const read = await trained(given);
  // Choices are checked when rows are written, after they are read.
  expect(isChoice ? read.map((value) => (value === 'AS' ? bad : value)) : read).toEqual(values);
  expect(predicted(given)).toEqual(values);
});

test('init counts a number that means a missing value in text as text', () => {
  expect(
    inferred({ schema: z.string(), cells: ['a', 'b', '-200.0', '-200'], missing: ['-200'] }),
  ).toMatchObject({
    type: 'string',
    missing: 1,
  });
});

test('the amounts of a cell are told apart by their currency', () => {
  expect(readWrittenNumber('8 EUR')).toEqual({ value: 8, currency: 'EUR' });
});
