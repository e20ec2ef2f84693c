import type { RawFile } from '../project/tables/source.ts';

/** The file of each row of a reader. */
export interface RowsByFile {
  /** The files for the reader. */
  readonly files: readonly RawFile[];
  /** The reader's rows, unchanged. */
  watch<Row>(rows: Iterable<Row> | AsyncIterable<Row>): AsyncGenerator<Row>;
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
        count += 1;
        if (starts.at(-1)?.file !== opened) starts.push({ row: count, file: opened });
        yield row;
      }
    },
    fileOf: (row) => starts.findLast((start) => start.row <= row)?.file,
  };
}
