import { formatCause } from '../../kernel/errors.ts';
import { nearestName } from '../../kernel/nearest-name.ts';
import type { TableSchema } from '../../project/tables/table.ts';

/** What is wrong with a SELECT, for the error of the declaration that has it. */
export class SelectFault extends Error {
  override readonly name = 'SelectFault';
}

/** The tables that a SELECT may read, by name. */
export type SelectTables = Readonly<Record<string, TableSchema>>;

/** An error of DuckDB as JSON, with `errors_as_json`. */
interface DuckdbError {
  readonly exception_type?: string;
  readonly exception_message?: string;
  readonly error_subtype?: string;
  readonly type?: string;
  readonly name?: string;
  readonly position?: string;
  readonly candidates?: string;
}

/** @param tables for suggestions @param before characters that we put before the user's text */
export function selectFault(
  cause: unknown,
  text: string,
  { tables, before = 0 }: { readonly tables: SelectTables; readonly before?: number },
): SelectFault {
  const error = errorOf(cause);
  const offset = error.position === undefined ? undefined : Number(error.position) - before;
  return new SelectFault(at(text, offset, messageOf(error, tables)), { cause });
}

/** 'line 1, column 8: there is no column "gamId"' */
export function at(text: string, offset: number | undefined, message: string): string {
  if (offset === undefined || !(offset >= 0) || text === '') return message;
  const before = text.slice(0, offset).split('\n');
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}: ${message}`;
}

function errorOf(cause: unknown): DuckdbError {
  const text = formatCause(cause);
  const start = text.indexOf('{');
  try {
    return JSON.parse(text.slice(start)) as DuckdbError;
  } catch {
    return { exception_message: text };
  }
}

function messageOf(error: DuckdbError, tables: SelectTables): string {
  const { error_subtype: subtype, type = '', name = '', candidates = '' } = error;
  const columns = Object.values(tables).flatMap((schema) => schema.columns.map((column) => column.name));
  if (subtype === 'COLUMN_NOT_FOUND') return missing('column', name, columns);
  if (subtype === 'MISSING_ENTRY' && type === 'Table') return missing('input', name, Object.keys(tables));
  if (subtype === 'MISSING_ENTRY' && /function/i.test(type))
    return missing('function', name, candidates.split(','));
  const [first = 'the query is invalid'] = (error.exception_message ?? '').split('\n');
  return first;
}

function missing(what: string, name: string, names: readonly string[]): string {
  const nearest = nearestName(name, names);
  const rest =
    nearest !== undefined
      ? `: did you mean "${nearest}"?`
      : what === 'function'
        ? ''
        : `: it has ${[...new Set(names)].join(', ')}`;
  return `there is no ${what} "${name}"${rest}`;
}
