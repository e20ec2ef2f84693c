import { NumberCells } from '../../sources/csv/cells.ts';
import { missingValues } from '../../sources/csv/number-unit.ts';
import { isMissing, readBoolean } from '../../sources/csv/values.ts';
import type { InferredColumn } from './column.ts';
import { isText } from './feature-kind.ts';
import type { CsvFile } from './read-csv.ts';

/** Whether a cell can be in a column. */
export type IsReadable = (text: string) => boolean;

/** Reads the cells of a column as a run does: a text of another kind sets its line aside. */
export function readableCell(column: InferredColumn, csv: Pick<CsvFile, 'missing' | 'format'>): IsReadable {
  const { nullable, type, dates } = column;
  const { decimal } = csv.format;
  const missing = missingValues(csv.missing, decimal);
  const orMissing = (isFilled: IsReadable): IsReadable => {
    return (text) => (isMissing(text, missing.marks) ? nullable : isFilled(text));
  };
  if (type === undefined || isText(column)) return orMissing(() => true);
  if (type === 'boolean') return orMissing((text) => readBoolean(text) !== undefined);
  if (dates) return orMissing((text) => dates.forms[0]?.day(text.trim()) !== undefined);
  const cells = new NumberCells({ decimal, missing, unit: column.numbers?.unit });
  return (text) => {
    const value = cells.read(text);
    if (value === undefined) return false;
    return value === null ? nullable : type !== 'integer' || Number.isSafeInteger(value);
  };
}
