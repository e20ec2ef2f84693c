import { z } from 'zod';
import type { BlobStore } from '../../data/blob-store.ts';
import type { FilesDataset } from '../../data/dataset.ts';
import { featureTrace } from '../features/feature-trace.ts';
import { parseJsonFile } from './parse-json-file.ts';

/** The values of a request field in the rows that a version learned from. */
export const seenField = z
  .object({
    /** Rows without a value. */
    missing: z.number(),
  })
  .and(
    z.discriminatedUnion('kind', [
      z.object({
        kind: z.literal('number'),
        low: z.number(),
        high: z.number(),
        quartiles: z.array(z.number()),
      }),
      /** Dates and times as text. */
      z.object({ kind: z.literal('time'), from: z.string(), to: z.string() }),
      z.object({ kind: z.literal('boolean'), values: z.array(z.boolean()) }),
      /** `values` is null for a text of too many different values to list. */
      z.object({ kind: z.literal('text'), values: z.array(z.string()).nullable() }),
      /** No row had a value. */
      z.object({ kind: z.literal('nothing') }),
    ]),
  );
export type SeenField = z.infer<typeof seenField>;

/**
 * How a value is unlike those that a version learned from: a number or time `outside` their range, a `new` category, `missing`
 * where no row lacked it, or `given` where no row had it.
 */
export type Unlike = 'outside' | 'new' | 'missing' | 'given';

/** The request fields of a version: what it saw of each, and which features are computed from which. */
export const versionFields = z.object({
  format: z.literal(1),
  seen: z.record(z.string(), seenField),
  features: featureTrace,
});
export type VersionFields = z.infer<typeof versionFields>;

/** Its file in a version's folder. Folders of earlier releases and of models trained elsewhere lack it. */
export const versionFieldsName = 'modelyard/fields.json';

/** @returns undefined if the folder has no such file @throws PlatformError MODEL_UNSUPPORTED, BLOB_NOT_FOUND, STATE_DAMAGED */
export async function readVersionFields(
  folder: FilesDataset,
  blobs: Pick<BlobStore, 'read'>,
): Promise<VersionFields | undefined> {
  const file = folder.files.find(({ name }) => name === versionFieldsName);
  return file && parseJsonFile(versionFieldsName, await blobs.read(file.digest), versionFields);
}
