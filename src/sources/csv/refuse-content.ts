import { type ContentKind, contentKind } from '../content-kind.ts';
import { invalidCsv } from './records.ts';

const remedies: Readonly<Record<ContentKind, readonly [value: string, remedy: string]>> = {
  gzip: ['compressed with gzip', 'Unpack it: gunzip < FILE > data.csv.'],
  xz: ['compressed with xz', 'Unpack it: unxz < FILE > data.csv.'],
  zip: ['a zip archive or an Excel workbook', 'Unpack it, or save the sheet as CSV.'],
  bzip2: ['compressed with bzip2', 'Unpack it: bunzip2 < FILE > data.csv.'],
  zstd: ['compressed with Zstandard', 'Unpack it: unzstd < FILE > data.csv.'],
  '7z': ['a 7z archive', 'Unpack it.'],
  parquet: ['a Parquet file', "Save it as CSV: duckdb -c \"copy 'FILE' to 'data.csv'\"."],
  sqlite: ['a SQLite database', 'Read it with `query({ from: sqlite(…) })`.'],
  xls: ['an Excel workbook', 'Save the sheet as CSV.'],
  html: ['a web page', 'Check the address: it may need a login, or be a page with a link to the file.'],
};

/** Refuses a file that is not text, whatever its name. @throws PlatformError DATA_INVALID naming what it is, and what to do */
export function refuseOtherContent(bytes: Uint8Array, file: string): void {
  const kind = contentKind(bytes);
  if (kind === undefined) return;
  const [value, remedy] = remedies[kind];
  throw invalidCsv(file, value, remedy);
}
