import { NumberCells } from '../../../sources/csv/cells.ts';
import { missingValues } from '../../../sources/csv/number-unit.ts';
import { isText } from '../feature-kind.ts';
import type { CsvFile } from '../read-csv.ts';
import { type InferredColumn, isIdentifier, isReadable, mostCounted } from '../column.ts';
import type { InferredTable } from '../infer.ts';
import type { SplitChoice } from './split.ts';

/**
 * The id of the rows, if one column is called an id and has another value on every line. Rows that are drawn at random need
 * it: a corrected row would otherwise be a new one, which may test what its earlier values taught.
 */
export function rowIdOf(
  { table, csv }: { readonly table: InferredTable; readonly csv: CsvFile },
  {
    target,
    split: { by, dayParts, group },
  }: { readonly target: InferredColumn; readonly split: SplitChoice },
): InferredColumn | undefined {
  if (by || dayParts || group) return undefined;
  const ids = table.columns.filter((column) => column !== target && isIdOfRows(column));
  const [first] = ids;
  const column = ids.find(({ name }) => /^(?:id|uuid|guid)$/i.test(name)) ?? first;
  return column && (isText(column) && column.distinct < mostCounted ? true : neverRepeats(column, csv))
    ? column
    : undefined;
}

/** A count of the lines is an id only if it is called one: another file may count other lines. */
function isIdOfRows(column: InferredColumn): boolean {
  const { name, type, distinct, filled, nullable, bad } = column;
  return (
    isReadable(column) &&
    (type === 'integer' || type === 'string') &&
    !nullable &&
    !bad &&
    distinct === Math.min(filled, mostCounted) &&
    isIdentifier({ name, distinct, filled, countsLines: false })
  );
}

/** Compares the values that a run reads: 1 and 1.0 are one number. */
function neverRepeats(column: InferredColumn, csv: CsvFile): boolean {
  const { decimal } = csv.format;
  const missing = missingValues(csv.missing, decimal);
  const cells = isText(column)
    ? undefined
    : new NumberCells({ decimal, missing, unit: column.numbers?.unit });
  const seen = new Set<string | number | null | undefined>();
  for (const { fields } of csv.records()) {
    const text = fields[column.index] ?? '';
    const value = cells ? cells.read(text) : text;
    if (seen.has(value)) return false;
    seen.add(value);
  }
  return true;
}
