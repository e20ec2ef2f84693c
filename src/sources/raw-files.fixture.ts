import { digestOf } from '../kernel/digest.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { RawFile, ReadContext, RejectedRow } from '../project/tables/source.ts';
import type { TableSchema } from '../project/tables/table.ts';

export function rawFile(name: string, content: string | Uint8Array): RawFile {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return { name, digest: digestOf(bytes), bytes: async () => bytes };
}

export interface HeardContext extends ReadContext {
  readonly lines: readonly string[];
  readonly steps: readonly (readonly [done: number, total: number | undefined])[];
  readonly rejected: readonly RejectedRow[];
  readonly ignored: readonly string[];
}

/** Keeps what a reader says. */
export function heard(options: JsonObject = {}, schema: TableSchema = { columns: [] }): HeardContext {
  const lines: string[] = [];
  const steps: [number, number | undefined][] = [];
  const rejected: RejectedRow[] = [];
  const ignored: string[] = [];
  return {
    options,
    schema,
    lines,
    steps,
    rejected,
    ignored,
    log: (line) => void lines.push(line),
    progress: (done, total) => void steps.push([done, total]),
    reject: (row) => void rejected.push(row),
    ignore: (columns) => void ignored.push(...columns),
  };
}

export async function rowsIn<Row>(rows: AsyncIterable<Row> | Iterable<Row>): Promise<readonly Row[]> {
  const read: Row[] = [];
  for await (const row of rows) read.push(row);
  return read;
}
