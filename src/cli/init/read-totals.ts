import type { CsvRecord } from '../../sources/csv/records.ts';
import { isMissing, missingSet, readBoolean, readNumber } from '../../sources/csv/values.ts';
import type { InferredColumn } from './column.ts';
import type { CsvFile } from './read-csv.ts';

/** The totals at the end of a file that a run would read as rows: all others have a cell that it cannot read. */
export function readTotals(csv: CsvFile, used: readonly InferredColumn[]): readonly CsvRecord[] {
  const missing = missingSet(csv.missing);
  const { decimal } = csv.format;
  const canRead = ({ nullable, type, dates, index }: InferredColumn, { fields }: CsvRecord): boolean => {
    const text = fields[index] ?? '';
    if (isMissing(text, missing)) return nullable;
    if (type === 'integer') return Number.isInteger(readNumber(text, { decimal }));
    if (type === 'number') return readNumber(text, { decimal }) !== undefined;
    if (type === 'boolean') return readBoolean(text) !== undefined;
    return !dates || dates.forms[0]?.day(text.trim()) !== undefined;
  };
  return csv.totals().filter((total) => used.every((column) => canRead(column, total)));
}
