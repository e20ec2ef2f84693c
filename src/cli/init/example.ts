import { missingValues, NumberCells, type ReadCell } from '../../sources/csv/cells.ts';
import { isMissing, readBoolean } from '../../sources/csv/values.ts';
import type { ModelChoice } from './choose/choose-model.ts';
import { type InferredColumn, isNumeric } from './column.ts';
import { isText } from './feature-kind.ts';
import type { CsvFile } from './read-csv.ts';

type Example = ReadonlyMap<InferredColumn, string | number | boolean>;

const mostRows = 20_000;

/** The values of the line whose target is nearest the mean, of those that leave the least blank. */
export function exampleOf(csv: CsvFile, { target, features }: ModelChoice): Example {
  const { decimal } = csv.format;
  const missing = missingValues(csv.missing, decimal);
  const targets = new NumberCells({ decimal, missing });
  // Each on its own: columns may differ in currency.
  const readNumber: ReadCell<number> = (text) => new NumberCells({ decimal, missing }).read(text);
  const isBlank = (text: string, column: InferredColumn): boolean =>
    isMissing(text, missing.marks) ||
    (missing.numbers.size > 0 && isNumeric(column) && readNumber(text) === null);
  const mean = target.numbers?.mean ?? 0;
  let best: { readonly score: number; readonly fields: readonly string[] } | undefined;
  let rows = 0;
  for (const { fields } of csv.records()) {
    if (rows++ === mostRows) break;
    const value = targets.read(fields[target.index] ?? '') ?? undefined;
    const distance = value === undefined ? Infinity : Math.abs(value - mean);
    const blanks = features.filter((column) => isBlank(fields[column.index] ?? '', column)).length;
    // A nearer target never makes up for a blank.
    const score = blanks + distance / (1 + distance);
    const rank = Number.isNaN(score) ? blanks + 1 : score;
    if (!best || rank < best.score) best = { score: rank, fields };
  }
  return new Map(
    features.flatMap((column) => {
      const text = best?.fields[column.index] ?? '';
      const value = isBlank(text, column) ? undefined : valueOf(text, column, readNumber);
      return value === undefined ? [] : [[column, value] as const];
    }),
  );
}

function valueOf(
  text: string,
  column: InferredColumn,
  readNumber: ReadCell<number>,
): string | number | boolean | undefined {
  if (isText(column)) return text;
  if (isNumeric(column)) return readNumber(text) ?? undefined;
  if (column.type === 'boolean') return readBoolean(text);
  const [form] = column.dates?.forms ?? [];
  return (column.type === 'timestamp' ? form?.time(text) : undefined) ?? form?.day(text);
}
