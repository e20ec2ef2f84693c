import type { CsvRecord } from '../../sources/csv/records.ts';
import { isBlankTotal } from '../../sources/csv/total-word.ts';
import type { InferredColumn } from './column.ts';
import { readableCell } from './readable-cell.ts';
import type { CsvFile } from './read-csv.ts';

/** The totals at the end of a file that a run would read as rows: all others have their form, or a cell that it cannot read. */
export function readTotals(csv: CsvFile, used: readonly InferredColumn[]): readonly CsvRecord[] {
  return csv
    .totals()
    .filter(
      ({ fields }) =>
        !isBlankTotal(fields) &&
        used.every((column) => readableCell(column, csv)(fields[column.index] ?? '')),
    );
}
