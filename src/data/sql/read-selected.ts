import type { DuckDBResult } from '@duckdb/node-api';
import type { Column, TableSchema } from '../../project/tables/table.ts';
import { dateText } from '../calendar.ts';

/** Rows of a result whose columns are those of the schema, as numbers and texts. */
export async function* readSelected(
  result: DuckDBResult,
  { columns }: TableSchema,
): AsyncGenerator<Readonly<Record<string, unknown>>> {
  for (;;) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) return;
    const vectors = columns.map((_, position) => chunk.getColumnVector(position));
    for (let at = 0; at < chunk.rowCount; at++) {
      const row: Record<string, unknown> = {};
      for (const [position, column] of columns.entries()) {
        const value = vectors[position]?.getItem(at) ?? null;
        if (value !== null || column.optional !== true) row[column.name] = valueOf(value, column);
      }
      yield row;
    }
  }
}

function valueOf(value: unknown, { type }: Column): unknown {
  if (typeof value !== 'number' || !Number.isFinite(value)) return value;
  if (type === 'date') return dateText(value);
  return type === 'timestamp' ? new Date(value).toISOString() : value;
}
