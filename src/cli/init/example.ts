import { NumberCells } from '../../sources/csv/cells.ts';
import { missingValues } from '../../sources/csv/number-unit.ts';
import { isMissing, readBoolean } from '../../sources/csv/values.ts';
import type { ModelChoice } from './choose/choose-model.ts';
import { type InferredColumn, isNumeric } from './column.ts';
import { isText } from './feature-kind.ts';
import type { CsvFile } from './read-csv.ts';
import { readableCell } from './readable-cell.ts';

type Example = ReadonlyMap<InferredColumn, string | number | boolean>;

const mostRows = 20_000;

/** The values of the most usual line, of those that leave the least blank. */
export function exampleOf(
  csv: CsvFile,
  { target, features }: Pick<ModelChoice, 'target' | 'features'>,
): Example {
  const { decimal } = csv.format;
  const missing = missingValues(csv.missing, decimal);
  const cells = new Map<InferredColumn, NumberCells>();
  // Each column on its own: columns may differ in currency.
  const readNumber = (text: string, column: InferredColumn): number | null | undefined => {
    const reader = cells.get(column) ?? new NumberCells({ decimal, missing, unit: column.numbers?.unit });
    cells.set(column, reader);
    return reader.read(text);
  };
  const isBlank = (text: string, column: InferredColumn): boolean =>
    isMissing(text, missing.marks) ||
    (missing.numbers.size > 0 && isNumeric(column) && readNumber(text, column) === null);
  const shares = new Map([target, ...features].map((column) => [column, sharesOf(column)]));
  // A run sets other lines aside: no request can be like them.
  const readable = [target, ...features].map((column) => [column, readableCell(column, csv)] as const);
  let best: { readonly score: number; readonly fields: readonly string[] } | undefined;
  let rows = 0;
  for (const { fields, fault } of csv.records()) {
    if (rows++ === mostRows) break;
    if (
      fault !== undefined ||
      readable.some(([column, isReadable]) => !isReadable(fields[column.index] ?? ''))
    )
      continue;
    let score = 0;
    for (const [column, share] of shares) {
      const text = fields[column.index] ?? '';
      const number = isNumeric(column) ? readNumber(text, column) : undefined;
      // However usual a line is otherwise, that does not make up for a blank.
      score += isBlank(text, column)
        ? shares.size
        : typeof number === 'number'
          ? distanceFromMean(number, column)
          : 1 - (share.get(text) ?? 0);
    }
    if (!best || score < best.score) best = { score, fields };
  }
  return new Map(
    features.flatMap((column) => {
      const text = best?.fields[column.index] ?? '';
      const value = isBlank(text, column) ? undefined : valueOf(text, column, readNumber);
      return value === undefined ? [] : [[column, value] as const];
    }),
  );
}

/** How usual each text of a column is: 1 for the commonest. */
function sharesOf({ values, commonest }: InferredColumn): ReadonlyMap<string, number> {
  return new Map(values.map(({ text, count }) => [text, count / commonest]));
}

/** From 0 for the mean to 1 for the number that is the farthest from it. */
function distanceFromMean(value: number, { numbers }: InferredColumn): number {
  if (!numbers) return 0;
  const { mean, least, greatest } = numbers;
  const widest = Math.max(greatest - mean, mean - least);
  return widest > 0 ? Math.min(1, Math.abs(value - mean) / widest) : 0;
}

function valueOf(
  text: string,
  column: InferredColumn,
  readNumber: (text: string, column: InferredColumn) => number | null | undefined,
): string | number | boolean | undefined {
  if (isText(column)) return text;
  if (isNumeric(column)) return readNumber(text, column) ?? undefined;
  if (column.type === 'boolean') return readBoolean(text);
  const [form] = column.dates?.forms ?? [];
  return (column.type === 'timestamp' ? form?.time(text) : undefined) ?? form?.day(text);
}
