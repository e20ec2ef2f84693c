import type { z } from 'zod';
import type { BlobStore } from '../../data/blob-store.ts';
import type { TableDataset } from '../../data/dataset.ts';
import { readBatches } from '../../data/table-reader.ts';
import type { LookupResults, Lookups } from '../../features/lookup.ts';
import { batchRows, type ColumnBatch } from '../../project/tables/column-batch.ts';
import { lookUpRow } from './lookups.ts';
import { type PlainRequest, plainRequest, valuesAt } from './plain-request.ts';
import { requestOf } from './request-of.ts';

type Row = Readonly<Record<string, unknown>>;

/** Some rows of a table as requests. */
export interface RequestBatch {
  readonly rows: number;
  /** The request of a row of the batch. @throws PlatformError DATA_INVALID as `requestOf` */
  request(at: number): unknown;
  /** What the row would have found. @throws PlatformError DATA_INVALID as `lookUpRow` */
  lookUp(lookups: Lookups, at: number, request: unknown): LookupResults;
}

/** The rows of a table as requests, in order. Plain schemas need no object of the row and no parser. */
export async function* requestBatches(
  rows: TableDataset,
  request: z.ZodObject,
  { blobs }: { readonly blobs: BlobStore },
): AsyncGenerator<RequestBatch> {
  const plain = plainRequest(request);
  let before = 0;
  for await (const batch of readBatches(rows, blobs)) {
    yield requestBatch(batch, { request, plain, before, rows });
    before += batch.rows;
  }
}

function requestBatch(
  batch: ColumnBatch,
  {
    request,
    plain,
    before,
    rows,
  }: {
    readonly request: z.ZodObject;
    readonly plain: PlainRequest | undefined;
    readonly before: number;
    readonly rows: TableDataset;
  },
): RequestBatch {
  const { columns } = batch;
  const optional = new Set(
    rows.schema.columns.filter((column) => column.optional === true).map(({ name }) => name),
  );
  const fields = Object.keys(request.shape).map((name) => ({
    values: Object.hasOwn(columns, name) ? columns[name] : undefined,
    isOptional: optional.has(name),
  }));
  /** As `readRows` has it. */
  const rowAt = (at: number): Row => {
    const [row = {}] = batchRows(batch, at, at + 1);
    return optional.size === 0
      ? row
      : Object.fromEntries(
          Object.entries(row).filter(([name, value]) => value !== null || !optional.has(name)),
        );
  };
  return {
    rows: batch.rows,
    request: (at) => plain?.(valuesAt(fields, at)) ?? requestOf(rowAt(at), request, before + at),
    lookUp: (lookups, at, asked) =>
      lookUpRow(lookups, { row: rowAt(at), number: before + at, request: asked }),
  };
}
