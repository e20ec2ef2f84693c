import { isColumnBatch } from '../project/tables/column-batch.ts';
import type { RawFile } from '../project/tables/source.ts';

/** The file of each row of a reader. */
export interface RowsByFile {
  /** The files for the reader. */
  readonly files: readonly RawFile[];
  /** The reader's rows and batches, unchanged. */
  watch<Row extends object>(rows: Iterable<Row> | AsyncIterable<Row>): AsyncGenerator<Row>;
  /** @param row from 1, in the order in which rows were read */
  fileOf(row: number): string | undefined;
}

/** A reader opens a file before it yields the file's rows, so a row belongs to the file opened last. */
export function rowsByFile(files: readonly RawFile[]): RowsByFile {
  let opened: string | undefined;
  const starts: { readonly row: number; readonly file: string | undefined }[] = [];
  return {
    files: files.map((file) => ({
      ...file,
      bytes() {
        opened = file.name;
        return file.bytes();
      },
    })),
    async *watch(rows) {
      let count = 0;
      for await (const row of rows) {
        if (starts.at(-1)?.file !== opened) starts.push({ row: count + 1, file: opened });
        count += isColumnBatch(row) ? row.rows : 1;
        yield row;
      }
    },
    fileOf: (row) => starts.findLast((start) => start.row <= row)?.file,
  };
}
