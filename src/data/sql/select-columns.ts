import { nearestName } from '../../kernel/nearest-name.ts';
import type { Column, ColumnType, TableSchema } from '../../project/tables/table.ts';

/** A column of a result, with DuckDB's type. */
export interface SelectedColumn {
  readonly name: string;
  readonly type: string;
}

const whole = [
  'TINYINT',
  'SMALLINT',
  'INTEGER',
  'BIGINT',
  'HUGEINT',
  'UTINYINT',
  'USMALLINT',
  'UINTEGER',
  'UBIGINT',
  'UHUGEINT',
];
const times = ['TIMESTAMP', 'TIMESTAMP_S', 'TIMESTAMP_MS', 'TIMESTAMP_NS', 'TIMESTAMP WITH TIME ZONE'];

/** The types of DuckDB that a column takes, without their parameters. */
const takes: Readonly<Record<ColumnType, readonly string[]>> = {
  string: ['VARCHAR', 'ENUM', 'UUID'],
  integer: whole,
  number: [...whole, 'FLOAT', 'DOUBLE', 'DECIMAL'],
  boolean: ['BOOLEAN'],
  date: ['DATE'],
  timestamp: times,
};

/** The type that a table stores. */
export const duckdbTypes: Readonly<Record<ColumnType, string>> = {
  string: 'VARCHAR',
  integer: 'BIGINT',
  number: 'DOUBLE',
  boolean: 'BOOLEAN',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
};

/** The position of each column of the schema in a result, or what is wrong, a sentence each. */
export function matchColumns(
  selected: readonly SelectedColumn[],
  { columns }: TableSchema,
): { readonly positions: readonly number[]; readonly faults: readonly string[] } {
  const folded = selected.map(({ name }) => name.toLowerCase());
  const positions = columns.map(({ name }) => folded.indexOf(name.toLowerCase()));
  const extra = selected.filter((_, position) => !positions.includes(position)).map(({ name }) => name);
  const absent = columns.filter((_, index) => positions[index] === -1).map(({ name }) => name);
  const misspelt = new Map(extra.map((name) => [nearestName(name, absent), name]));
  const faults = [
    ...absent.map((name) => {
      const other = misspelt.get(name);
      return other === undefined
        ? `selects no column "${name}", which its table has: select it, or remove it from the table`
        : `selects "${other}", which its table does not have: did you mean "${name}"?`;
    }),
    ...extra
      .filter((name) => ![...misspelt].some(([meant, other]) => meant !== undefined && other === name))
      .map(
        (name) =>
          repeats(name, folded, positions) ??
          `selects "${name}", which its table does not have: remove it, or add it to the table`,
      ),
    ...columns.flatMap((column, index) => typeFault(column, selected[positions[index] ?? -1])),
  ];
  return { positions, faults };
}

function repeats(name: string, folded: readonly string[], positions: readonly number[]): string | undefined {
  const first = folded.indexOf(name.toLowerCase());
  return positions.includes(first)
    ? `selects "${name}" twice: name one of them otherwise with AS`
    : undefined;
}

function typeFault(column: Column, selected: SelectedColumn | undefined): readonly string[] {
  if (!selected) return [];
  const type = selected.type.replace(/\(.*$/, '');
  if (takes[column.type].includes(type)) return [];
  return [
    `column "${column.name}" is ${selected.type}, and its table has ${nouns[column.type]} there: write CAST(… AS ${duckdbTypes[column.type]})`,
  ];
}

const nouns: Readonly<Record<ColumnType, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  date: 'a date',
  timestamp: 'a time',
};
