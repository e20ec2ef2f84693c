import { expect, test } from 'vitest';
import { z } from 'zod';
import { openTableWriter } from '../../data/table-writer.ts';
import { readRows } from '../../data/table-reader.ts';
import { openTemporaryBlobStore } from '../../data/temporary-blob-store.contract.ts';
import { table } from '../../project/tables/table.ts';
import { requestBatches } from './request-batches.ts';
import { requestOf } from './request-of.ts';

const { schema } = table(z.object({ size: z.number(), floor: z.number().optional() }));

function outcome(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    return String(error);
  }
}

test.each([
  ['optional', z.number().optional()],
  ['nullish', z.number().nullish()],
  ['nullable', z.number().nullable()],
])(
  'the requests of batches are those of rows: a column left out, a field that is %s',
  async (_name, floor) => {
    const request = z.object({ size: z.number(), floor });
    await using blobs = await openTemporaryBlobStore();
    await using scratch = await blobs.scratch();
    await using writer = await openTableWriter<object>({ schema, scratchPath: scratch.path });
    await writer.write([{ size: 80, floor: 1 }, { size: 90 }]);
    const written = await writer.finish(blobs);
    const ofBatches: unknown[] = [];
    for await (const batch of requestBatches(written, request, { blobs }))
      for (let at = 0; at < batch.rows; at++) ofBatches.push(outcome(() => batch.request(at)));
    const ofRows: unknown[] = [];
    for await (const row of readRows<Readonly<Record<string, unknown>>>(written, blobs))
      ofRows.push(outcome(() => requestOf(row, request, ofRows.length)));
    expect(ofBatches).toStrictEqual(ofRows);
  },
);
