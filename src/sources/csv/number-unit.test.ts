import { expect, test } from 'vitest';
import { z } from 'zod';
import { rowsOfBatches } from '../../project/tables/column-batch.ts';
import { heard, type HeardContext, rawFile, rowsIn } from '../raw-files.fixture.ts';
import { csv } from './csv.ts';

interface Read {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly context: HeardContext;
}

async function read(shape: z.ZodRawShape, ...files: readonly string[]): Promise<Read> {
  const reader = csv({ from: 'data', row: z.object(shape), maxBadRows: 0.5 });
  const context = heard(reader.options, reader.table.schema);
  const raw = files.map((text, at) => rawFile(`${at + 1}.csv`, text));
  return { rows: await rowsIn(rowsOfBatches(reader.read(raw, context))), context };
}

const good = Array.from({ length: 30 }, (_, at) => `${at}`);

test.each([
  ['without', [...good, '45%'], /has numbers without a percent sign too, and 45% is read as 45/],
  ['with', [...good.map((value) => `${value}%`), '0.45'], /has numbers with a percent sign too/],
  ['with', [...good.map((value) => `${value}%`), '$5'], /has numbers with a percent sign too/],
])(
  'a number that differs from those %s a percent sign is set aside with the reason',
  async (_, lines, reason) => {
    const { rows, context } = await read({ y: z.number() }, ['y', ...lines].join('\n'));
    expect(rows).toHaveLength(good.length);
    expect(context.rejected).toMatchObject([
      { line: good.length + 2, column: 'y', reason: expect.stringMatching(reason) as string },
    ]);
  },
);

test.each([
  ['a percent sign', ['5%', ...good], '5%'],
  ['no percent sign', ['0.5', ...good.map((value) => `${value}%`)], '0.5'],
  ['another currency', ['€5', ...good.map((value) => `$${value}`)], '€5'],
])(
  'most of the first rows decide the unit of a column: a first row with %s is set aside',
  async (_, lines, odd) => {
    const { rows, context } = await read({ y: z.number() }, ['y', '0', ...lines].join('\n'));
    expect(rows).toHaveLength(good.length + 1);
    expect(context.rejected).toMatchObject([{ line: 3, column: 'y', value: odd }]);
  },
);

test('a row that is set aside decides no unit', async () => {
  const lines = ['y,d', '45%,oops', ...good.map((value) => `${value},1`)];
  const { rows, context } = await read({ y: z.number(), d: z.number() }, lines.join('\n'));
  expect(rows).toHaveLength(good.length);
  expect(context.rejected).toMatchObject([{ line: 2 }]);

  const late = [
    'y,d',
    ...Array.from({ length: 1000 }, () => '0,1'),
    '45%,oops',
    '€5,oops',
    '7,1',
    '$8,1',
    '9%,1',
  ];
  const { rows: kept, context: heardLate } = await read({ y: z.number(), d: z.number() }, late.join('\n'));
  expect(kept.slice(-2)).toEqual([
    { y: 7, d: 1 },
    { y: 8, d: 1 },
  ]);
  expect(heardLate.rejected.map(({ line, column }) => [line, column])).toEqual([
    [1002, 'd'],
    [1003, 'd'],
    [1006, 'y'],
  ]);
});

test.each([
  [
    'percentages and plain numbers',
    { one: ['45%', '50%'], other: ['0.45'], reason: /numbers with a percent sign too/ },
  ],
  [
    'plain numbers and percentages',
    { one: ['1', '2'], other: ['45%'], reason: /numbers without a percent sign too/ },
  ],
  ['amounts in two currencies', { one: ['$1', '2'], other: ['3', '€4'], reason: /amounts in \$ too/ }],
  [
    'percentages after zeros',
    { one: ['0', '45%'], other: ['0', '7'], reason: /numbers with a percent sign too/ },
  ],
])('files of one source do not mix %s', async (_, { one, other, reason }) => {
  const files = [one, other].map((lines) => ['y', ...lines].join('\n'));
  const { rows, context } = await read({ y: z.number() }, ...files);
  expect(rows).toHaveLength(one.length + other.length - 1);
  expect(context.rejected).toMatchObject([
    { file: '2.csv', column: 'y', reason: expect.stringMatching(reason) as string },
  ]);
});

test.each([
  ['a file of one row before a long one', ['y\n5%', ['y', ...good].join('\n')], 1],
  ['many files of one row', ['y\n5%', 'x,y\na,$1', ...good.map((value) => `y\n${value}`), 'y\n€2'], 2],
])('the first rows of all files decide the unit together: %s', async (_, files, odd) => {
  const { rows, context } = await read({ y: z.number() }, ...files);
  expect(rows).toHaveLength(good.length + (odd - 1));
  expect(context.rejected).toHaveLength(odd);
});
