import type { z } from 'zod';
import { PlatformError } from '../kernel/errors.ts';
import { formatCount } from '../kernel/units.ts';
import type { Database } from '../project/tables/database.ts';
import type { RawFile, ReadContext, Reader, ReadFunction } from '../project/tables/source.ts';
import { type Column, type RowOfShape, table, type TimesOfShape } from '../project/tables/table.ts';
import { coerce, expectedOf } from './query-values.ts';
import { utf8Text } from './utf8-text.ts';

export interface QueryOptions<Shape extends z.ZodRawShape> {
  readonly from: Database;
  /** One SELECT. `$since` is the newest stored value of the source's `since` column; at first, a time before all others. */
  readonly sql: string;
  /** The row's schema. Its names are columns of the SELECT; other columns are ignored. */
  readonly row: z.ZodObject<Shape>;
}

/**
 * Rows of a database. They are stored as they came before they are parsed.
 * @example query({ from: postgres(secret('DATABASE_URL')), sql: 'select * from bars where date > $since', row: Bar })
 */
export function query<Shape extends z.ZodRawShape>(
  options: QueryOptions<Shape>,
): Reader<RowOfShape<Shape>, TimesOfShape<Shape>> {
  return {
    kind: 'query',
    version: 1,
    from: options.from,
    options: { sql: options.sql },
    table: table(options.row),
    read: readQuery as ReadFunction<RowOfShape<Shape>>,
  };
}

type Value = string | number | boolean | null | undefined;
type Row = Readonly<Record<string, Value>>;

/** Reads rows that a fetch stored as JSON lines. @throws PlatformError DATA_INVALID naming the row, the column and the value */
export async function* readQuery(
  files: readonly RawFile[],
  { schema, log }: ReadContext,
): AsyncGenerator<Row> {
  for (const file of files) {
    let number = 0;
    for (const line of utf8Text(await file.bytes(), file.name).split('\n')) {
      if (line === '') continue;
      number += 1;
      const row = JSON.parse(line) as Row;
      yield Object.fromEntries(
        schema.columns.map((column) => [column.name, valueOf(row, column, `${file.name}, row ${number}`)]),
      );
    }
    log(`${file.name}: ${formatCount(number)} rows`);
  }
}

function valueOf(row: Row, column: Column, where: string): Value {
  const field = `${where}, column "${column.name}"`;
  if (!Object.hasOwn(row, column.name))
    throw invalid(
      field,
      Object.keys(row),
      'must be a column of the SELECT: select it, or remove it from `row`',
    );
  const written = row[column.name] ?? null;
  if (written === null && column.nullable) return column.optional ? undefined : null;
  const value = written === null ? undefined : coerce(textOf(written, column), column.type);
  if (value !== undefined) return value;
  throw invalid(field, written, `must be ${expectedOf[column.type]}`);
}

/** PostgreSQL writes '2024-01-31 12:00:00+00', and SQLite a date or time in any form. */
function textOf(value: string | number | boolean, { type }: Column): string {
  const text = String(value);
  const parts = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}(?::?\d{2})?)?$/.exec(
    text,
  );
  if (!parts) return text;
  const [, date = '', time = '', zone = 'Z'] = parts;
  if (type === 'date' && /^00:00(:00(\.0+)?)?$/.test(time)) return date;
  if (type !== 'timestamp') return text;
  return `${date}T${time}${/^[+-]\d{2}$/.test(zone) ? `${zone}:00` : zone.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2')}`;
}

function invalid(field: string, value: unknown, remedy: string): PlatformError {
  return new PlatformError('DATA_INVALID', { field, value, remedy });
}
