import { expect, test } from 'vitest';
import type { Column } from '../project/tables/table.ts';
import type { TableProfile } from './profile.ts';
import { openTableWriter } from './table-writer.ts';
import { openTemporaryBlobStore } from './temporary-blob-store.contract.ts';

async function profileOf(
  types: Readonly<Record<string, Column['type']>>,
  rows: Iterable<object>,
): Promise<TableProfile> {
  await using blobs = await openTemporaryBlobStore();
  await using scratch = await blobs.scratch();
  const columns = Object.entries(types).map(([name, type]) => ({ name, type, nullable: true }));
  await using writer = await openTableWriter<object>({ schema: { columns }, scratchPath: scratch.path });
  await writer.write(rows);
  return (await writer.finish(blobs)).profile;
}

test('numbers are counted in twenty equal bins, and missing ones in none', async () => {
  const values = [0, 0, 0.4, 1, 19.9, 20, null];
  const { size } = await profileOf(
    { size: 'number' },
    values.map((value) => ({ size: value })),
  );
  expect(size?.histogram).toEqual([3, 1, ...Array.from<number>({ length: 17 }).fill(0), 2]);
});

test('a few whole numbers have a bin each', async () => {
  const { rooms } = await profileOf(
    { rooms: 'integer' },
    [2, 3, 3, 5].map((rooms) => ({ rooms })),
  );
  expect(rooms?.histogram).toEqual([1, 2, 0, 1]);
});

test('dates and times have their first and last, and a histogram', async () => {
  const { day, at, sold } = await profileOf({ day: 'date', at: 'timestamp', sold: 'date' }, [
    { day: '2024-02-28', at: '2024-02-28T00:00:00Z', sold: null },
    { day: '2024-03-01', at: '2024-02-28T12:30:00Z', sold: null },
  ]);
  expect(day).toMatchObject({ span: ['2024-02-28', '2024-03-01'], histogram: [1, 0, 1] });
  expect(at?.span).toEqual(['2024-02-28T00:00:00.000Z', '2024-02-28T12:30:00.000Z']);
  expect([at?.histogram?.length, at?.histogram?.[0], at?.histogram?.[19]]).toEqual([20, 1, 1]);
  expect(sold).toEqual({ nulls: 2, distinct: 0 });
});

test('a constant column of numbers has no histogram, and text has none', async () => {
  const rows = [
    { size: 1.5, name: 'a' },
    { size: 1.5, name: 'b' },
  ];
  const { size, name } = await profileOf({ size: 'number', name: 'string' }, rows);
  expect([size?.histogram, name?.histogram]).toEqual([undefined, undefined]);
});

test.each([4, 100_001])('each column of a wide table has its own histogram: %i rows', async (count) => {
  const names = Array.from({ length: count === 4 ? 2100 : 3 }, (_, index) => `n${index}`);
  const rows = Array.from({ length: count }, (_, row) =>
    Object.fromEntries(names.map((name, index) => [name, row < index ? null : row % 4])),
  );
  const profile = await profileOf(Object.fromEntries(names.map((name) => [name, 'integer'])), rows);
  const quarter = Math.floor(count / 4);
  expect(profile['n0']?.histogram).toEqual([quarter + (count % 4), quarter, quarter, quarter]);
  expect(profile['n1']?.histogram).toEqual([quarter, quarter, quarter].concat(count === 4 ? [] : [quarter]));
});
