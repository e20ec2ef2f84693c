import { expect, test } from 'vitest';
import { z } from 'zod';
import { checksOf } from '../project/tables/checks.ts';
import { table } from '../project/tables/table.ts';
import { failedCheck, type FailedCheck } from './check-table.ts';
import { openTableWriter } from './table-writer.ts';
import { openTemporaryBlobStore } from './temporary-blob-store.contract.ts';

const Row = z.object({
  id: z.string(),
  day: z.iso.date(),
  rate: z.number().nullable(),
  a: z.int(),
});
type Row = z.infer<typeof Row>;
const rows: readonly Row[] = [
  { id: 'x', day: '2024-01-01', rate: 1, a: 1 },
  { id: 'y', day: '2024-01-03', rate: null, a: 2 },
  { id: 'x', day: '2024-01-02', rate: 3, a: 0 },
  { id: 'z', day: '2024-01-02', rate: 4, a: 1 },
];
type Checks = Parameters<typeof table<typeof Row.shape>>[1];

async function check(
  checks: NonNullable<Checks>,
  { lastRows, input = rows }: { readonly lastRows?: number; readonly input?: readonly Row[] } = {},
): Promise<FailedCheck | undefined> {
  await using blobs = await openTemporaryBlobStore();
  await using scratch = await blobs.scratch();
  await using writer = await openTableWriter({ schema: table(Row).schema, scratchPath: scratch.path });
  await writer.write(input);
  const dataset = await writer.finish(blobs);
  const now = (): number => Date.parse('2024-01-10T00:00:00Z');
  return await failedCheck({ dataset, checks: checksOf(checks), blobs, lastRows, now });
}

test('checks that hold say nothing', async () => {
  expect(
    await check(
      {
        unique: ['id', 'day'],
        nulls: { rate: 0.25 },
        rows: { atLeast: 4, atMost: 4, shrink: 0.2 },
        fresh: { by: 'day', within: '7d' },
        none: { negative: 'select * from rows where a < 0' },
      },
      { lastRows: 5 },
    ),
  ).toBeUndefined();
  expect(
    await check({ unique: 'id', nulls: { rate: 0 }, none: { any: 'from rows' } }, { input: [] }),
  ).toBeUndefined();
});

test.each([
  [
    { unique: 'id' as const },
    {},
    'unique',
    '1 value of id repeats, in 2 rows: leave out the rows that are too many, or remove the check `unique`',
    ['x', 'x'],
  ],
  [
    { nulls: { rate: 0.2 } },
    {},
    'nulls.rate',
    '1 of 4 values of rate are missing (25%); at most 20% may be',
    ['y'],
  ],
  [{ rows: { atLeast: 5 } }, {}, 'rows.atLeast', '4 rows, and at least 5 are needed', []],
  [{ rows: { atMost: 3 } }, {}, 'rows.atMost', '4 rows, and at most 3 are allowed', []],
  [
    { rows: { shrink: 0.1 } },
    { lastRows: 5 },
    'rows.shrink',
    '4 rows, 20% fewer than the 5 of the last version; at most 10% may be gone',
    [],
  ],
  [
    { fresh: { by: 'day' as const, within: '6d' as const } },
    {},
    'fresh',
    'the newest day is 2024-01-03, 7 days ago; at most 6d is allowed',
    [undefined],
  ],
  [
    { fresh: { by: 'day' as const, within: '6d' as const } },
    { input: [] },
    'fresh',
    'no value of day, and the newest may be 6d old',
    [],
  ],
  [
    { none: { 'a tie': 'select id, a from rows where a = 0; -- ties' } },
    {},
    'none.a tie',
    '1 row where none may be',
    ['x'],
  ],
])('%o fails: %o', async (...[checks, options, name, problem, ids]) => {
  const failed = await check(checks, options);
  expect(failed).toMatchObject({ check: name, problem });
  expect(failed?.rows.map((row) => (row as Partial<Row>).id)).toEqual(ids);
});

test('the first version has nothing to shrink from', async () => {
  expect(await check({ rows: { shrink: 0 } })).toBeUndefined();
});
