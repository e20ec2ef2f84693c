import type { InferredColumn } from './column.ts';
import { ColumnSketch } from './column-sketch.ts';
import type { CsvFile } from './read-csv.ts';

/** What a CSV file holds: its columns in the order of the header, and how many lines. */
export interface InferredTable {
  readonly columns: readonly InferredColumn[];
  readonly rows: number;
}

/** Reads every line, so that a type that is inferred holds for all of them. @throws PlatformError DATA_INVALID naming the line that is no CSV */
export function inferTable(csv: Pick<CsvFile, 'header' | 'records'>): InferredTable {
  const sketches = csv.header.map((name) => new ColumnSketch(name));
  let rows = 0;
  for (const { fields, line } of csv.records()) {
    for (const [at, sketch] of sketches.entries()) sketch.add(fields[at] ?? '', line);
    rows += 1;
  }
  return { columns: sketches.map((sketch) => sketch.column()), rows };
}
