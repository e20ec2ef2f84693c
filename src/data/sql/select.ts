import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import type { JsonObject } from '../../kernel/json.ts';
import { nearestName } from '../../kernel/nearest-name.ts';
import type { Column, TableSchema } from '../../project/tables/table.ts';
import { quoteName, quoteText } from '../duckdb.ts';
import { parseSelect, type ParsedSelect } from './parse-select.ts';
import { openSandbox } from './sandbox.ts';
import { duckdbTypes, matchColumns } from './select-columns.ts';
import { SelectFault, selectFault, type SelectTables } from './select-fault.ts';
import { readSelected } from './read-selected.ts';

export { SelectFault, type SelectTables } from './select-fault.ts';

export interface Select {
  readonly text: string;
  /** Values of `$name`. */
  readonly params: JsonObject;
}

/** A table to read: its Parquet file. */
export interface SelectInput {
  readonly schema: TableSchema;
  readonly path: string;
}

/**
 * Checks a SELECT over empty tables: its syntax, names and types, and that its columns are those of `out`.
 * @param out absent: any columns
 * @returns the SELECT in one style, and everything that is wrong with its columns, a sentence each
 * @throws SelectFault if it cannot be run
 */
export async function describeSelect(
  select: Select,
  tables: SelectTables,
  out?: TableSchema,
): Promise<{ readonly text: string; readonly faults: readonly string[] }> {
  using sandbox = await openSandbox([]);
  const { connection } = sandbox;
  const parsed = await parseSelect(select.text, connection);
  for (const [name, { columns }] of Object.entries(tables))
    await connection.run(
      `CREATE TABLE ${quoteName(name)} (${columns.map((column) => `${quoteName(column.name)} ${duckdbTypes[column.type]}`).join(', ')})`,
    );
  const columns = await selectedColumns(select, parsed, { connection, tables });
  return { text: parsed.text, faults: out ? matchColumns(columns, out).faults : [] };
}

/**
 * Rows of a SELECT: in its own order if it has an ORDER BY, else ordered by its columns from left to right.
 * @throws SelectFault
 */
export async function* runSelect(
  select: Select,
  inputs: Readonly<Record<string, SelectInput>>,
  out: TableSchema,
): AsyncGenerator<Readonly<Record<string, unknown>>> {
  using sandbox = await openSandbox(Object.values(inputs).map(({ path }) => path));
  const { connection } = sandbox;
  const parsed = await parseSelect(select.text, connection);
  for (const [name, { path }] of Object.entries(inputs))
    await connection.run(`CREATE VIEW ${quoteName(name)} AS SELECT * FROM read_parquet(${quoteText(path)})`);
  const tables = Object.fromEntries(Object.entries(inputs).map(([name, { schema }]) => [name, schema]));
  const selected = await selectedColumns(select, parsed, { connection, tables });
  const { positions, faults } = matchColumns(selected, out);
  if (faults[0] !== undefined) throw new SelectFault(faults[0]);
  const order = parsed.isOrdered ? '' : ' ORDER BY ALL';
  const columns = out.columns.map((column, index) => ({ column, name: aliasOf(positions[index] ?? 0) }));
  const aliases = selected.map((_, position) => aliasOf(position)).join(', ');
  const prefix = `SELECT ${columns.map(({ column, name }) => readable(column, name)).join(', ')} FROM (SELECT * FROM (`;
  try {
    const result = await connection.stream(
      `${prefix}${parsed.text}) AS selected(${aliases})${order})`,
      valuesOf(select.params, parsed),
    );
    yield* readSelected(result, out);
  } catch (cause) {
    throw cause instanceof SelectFault
      ? cause
      : selectFault(cause, parsed.text, { tables, before: prefix.length });
  }
}

const aliasOf = (position: number): string => `c${position}`;

/** Numbers that JavaScript reads without a BigInt: days of a date, milliseconds of a time. */
function readable({ type }: Column, name: string): string {
  switch (type) {
    case 'string':
      return `CAST(${name} AS VARCHAR)`;
    case 'boolean':
      return name;
    case 'integer':
    case 'number':
      return `CAST(${name} AS DOUBLE)`;
    case 'date':
      return `CAST(${name} - DATE '1970-01-01' AS DOUBLE)`;
    case 'timestamp':
      return `CAST(epoch_ms(${name}) AS DOUBLE)`;
  }
}

interface Described {
  readonly connection: DuckDBConnection;
  readonly tables: SelectTables;
}

async function selectedColumns(
  { text, params }: Select,
  parsed: ParsedSelect,
  { connection, tables }: Described,
): Promise<readonly { name: string; type: string }[]> {
  const values = valuesOf(params, parsed);
  const fault = (cause: unknown): never => {
    throw selectFault(cause, text, { tables });
  };
  const statement = await connection.prepare(text).catch(fault);
  // Types can depend on the values of params, so that they are only known with them.
  const result = await connection
    .run(`SELECT * FROM (${parsed.text}) LIMIT 0`, values)
    .catch((cause: unknown) => {
      throw selectFault(cause, '', { tables });
    });
  // Two columns of one name get others in the result; a statement with unbound params does not say its columns.
  return result.columnNames().map((name, index) => ({
    name: parsed.params.length === 0 ? statement.columnName(index) : name,
    type: result.columnType(index).toString(),
  }));
}

/** @throws SelectFault for a `$name` without value, a value without `$name`, and a value that SQL does not have */
function valuesOf(given: JsonObject, { params }: ParsedSelect): Record<string, DuckDBValue> {
  const names = Object.keys(given);
  const values: Record<string, DuckDBValue> = {};
  for (const name of params) {
    if (Object.hasOwn(given, name)) continue;
    const nearest = nearestName(name, names);
    throw new SelectFault(
      `there is no param "${name}": ${nearest === undefined ? 'add it to `params`' : `did you mean $${nearest}?`}`,
    );
  }
  for (const [name, value] of Object.entries(given)) {
    if (!params.includes(name)) throw new SelectFault(`uses no $${name}: remove it from \`params\``);
    if (typeof value === 'object' && value !== null)
      throw new SelectFault(`param "${name}" must be a text, a number, true, false or null`);
    values[name] =
      typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : (value as DuckDBValue);
  }
  return values;
}
