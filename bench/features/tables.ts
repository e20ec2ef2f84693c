import { z } from 'zod';
import type { BlobStore } from '../../src/data/blob-store.ts';
import { saveDataset } from '../../src/data/dataset.ts';
import { writeTable } from '../../src/features/table.fixture.ts';
import type { Digest } from '../../src/kernel/digest.ts';
import { normalNumber, seededRandom } from '../../src/kernel/random.ts';
import { table, type TableDeclaration } from '../../src/project/tables/table.ts';

export interface Sizes {
  readonly requests: number;
  readonly views: number;
  readonly keys: number;
  /** Rows of each key in each view. */
  readonly perKey: number;
}

/** A written table: its dataset, and its Parquet file. */
export interface WrittenTable {
  readonly digest: Digest;
  readonly file: string;
}

const request = z.object({ row: z.int(), team: z.string(), at: z.iso.datetime() });
const state = z.object({ team: z.string(), at: z.iso.datetime(), elo: z.number(), form: z.number() });

const yearSeconds = 365 * 86_400;
const start = Date.UTC(2024, 0, 1);

/**
 * Requests and views over one year: text keys, times in any order, a twentieth of the requests for keys that no view has.
 * Views have even seconds and requests odd ones, so that 'before' and 'at or before' find the same rows.
 */
export async function writeTables(
  { requests, views, keys, perKey }: Sizes,
  blobs: BlobStore,
): Promise<{ readonly requests: WrittenTable; readonly views: readonly WrittenTable[] }> {
  const random = seededRandom(11);
  const draw = (most: number): number => Math.floor(random() * most);
  const timeOf = (odd: 0 | 1): string =>
    new Date(start + (2 * draw(yearSeconds / 2) + odd) * 1000).toISOString();
  const teamOf = (key: number): string => `team-${key}`;
  const asked = Array.from({ length: requests }, (_, row) => ({
    row,
    team: teamOf(draw(Math.round(keys * 1.05))),
    at: timeOf(1),
  }));
  const written: WrittenTable[] = [];
  for (let view = 0; view < views; view += 1) {
    const times = Array.from({ length: keys }, () => new Set<string>());
    const rows: z.output<typeof state>[] = [];
    while (rows.length < keys * perKey) {
      const key = rows.length % keys;
      const at = timeOf(0);
      if (times[key]?.has(at)) continue;
      times[key]?.add(at);
      rows.push({ team: teamOf(key), at, elo: normalNumber(random), form: normalNumber(random) });
    }
    written.push(await write(table(state), rows, blobs));
  }
  return { requests: await write(table(request), asked, blobs), views: written };
}

async function write<Row extends object>(
  declaration: TableDeclaration<Row>,
  rows: readonly Row[],
  blobs: BlobStore,
): Promise<WrittenTable> {
  const dataset = await writeTable(declaration, rows, blobs);
  return { digest: await saveDataset(dataset, blobs), file: await blobs.localPath(dataset.file.digest) };
}
