import type { DateFormName } from '../../sources/csv/date-forms.ts';
import type { InferredColumn } from './column.ts';
import { ColumnSketch } from './column-sketch.ts';
import type { CsvFile } from './read-csv.ts';
import { RepeatedLineCount, type RepeatedLines } from './repeated-lines.ts';
import type { StatedType } from './stated-type.ts';

/** What a CSV file holds: its columns in the order of the header, and how many lines. */
export interface InferredTable {
  readonly columns: readonly InferredColumn[];
  readonly rows: number;
  /** Undefined if all lines differ. */
  readonly repeated: RepeatedLines | undefined;
}

/** Forms of dates by column, where they were named. */
export type DateForms = ReadonlyMap<string, DateFormName>;

/** What columns hold, where it was said. */
export type StatedTypes = ReadonlyMap<string, StatedType>;

interface Stated {
  readonly dates?: DateForms | undefined;
  readonly types?: StatedTypes | undefined;
}

/** Reads every line, so that a type that is inferred holds for all of them. @throws PlatformError DATA_INVALID naming the line that is no CSV */
export function inferTable(csv: CsvFile, { dates, types }: Stated = {}): InferredTable {
  const { missing } = csv;
  const { decimal } = csv.format;
  const sketches = csv.header.map(
    (name, index) =>
      new ColumnSketch(name, index, {
        decimal,
        missing,
        dateForm: dates?.get(name),
        stated: types?.get(name),
      }),
  );
  const repeats = new RepeatedLineCount();
  let rows = 0;
  for (const record of csv.records()) {
    const { fields, line } = record;
    repeats.add(record);
    for (const [at, sketch] of sketches.entries()) sketch.add(fields[at] ?? '', line);
    rows += 1;
  }
  return { columns: sketches.map((sketch) => sketch.column()), rows, repeated: repeats.repeated() };
}
