import { expect, test } from 'vitest';
import { z } from 'zod';
import { openTableWriter } from '../../data/table-writer.ts';
import { openTemporaryBlobStore } from '../../data/temporary-blob-store.contract.ts';
import { table } from '../../project/tables/table.ts';
import { readSeenFields } from './seen-fields.ts';
import type { SeenField } from './version-fields.ts';

const { schema } = table(
  z.object({
    size: z.number().nullable(),
    sold: z.iso.date().nullable(),
    at: z.iso.datetime(),
    town: z.string().nullable(),
    pool: z.boolean(),
    note: z.string(),
    empty: z.string().nullable(),
  }),
);

async function seenIn(
  rows: readonly object[],
  isSeen: (row: number) => boolean,
): Promise<Readonly<Record<string, SeenField>>> {
  await using blobs = await openTemporaryBlobStore();
  await using scratch = await blobs.scratch();
  await using writer = await openTableWriter<object>({ schema, scratchPath: scratch.path });
  await writer.write(rows);
  const names = [...schema.columns.map(({ name }) => name), 'not in the table'];
  return await readSeenFields(await writer.finish(blobs), { names, isSeen }, blobs);
}

const rows = Array.from({ length: 300 }, (_, index) => ({
  size: index === 5 ? null : index,
  sold: index === 0 ? null : `2024-01-${String(1 + (index % 28)).padStart(2, '0')}`,
  at: `2024-02-01T00:00:00.${String(index).padStart(3, '0')}Z`,
  town: index % 50 === 0 ? null : index % 2 === 0 ? 'Oslo' : 'Bergen',
  pool: index === 299,
  note: `note ${index}`,
  empty: null,
}));

test('a version sees the values of the rows that it learned from, and no others', async () => {
  expect(await seenIn(rows, (row) => row < 201)).toEqual({
    size: { missing: 1, kind: 'number', low: 0, high: 200, quartiles: [51, 101, 150] },
    sold: { missing: 1, kind: 'time', from: '2024-01-01', to: '2024-01-28' },
    at: { missing: 0, kind: 'time', from: '2024-02-01T00:00:00.000Z', to: '2024-02-01T00:00:00.200Z' },
    town: { missing: 5, kind: 'text', values: ['Bergen', 'Oslo'] },
    pool: { missing: 0, kind: 'boolean', values: [false] },
    note: { missing: 0, kind: 'text', values: null },
    empty: { missing: 201, kind: 'nothing' },
  });
});

test('both values of a yes or no, and a short list of texts', async () => {
  const seen = await seenIn(rows, (row) => row > 297);
  expect(seen['pool']).toEqual({ missing: 0, kind: 'boolean', values: [false, true] });
  expect(seen['note']).toEqual({ missing: 0, kind: 'text', values: ['note 298', 'note 299'] });
});
