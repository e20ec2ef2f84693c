import { statedEncoding } from './encoding.ts';
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
  'utf-32': ['UTF-32', 'Convert it: iconv -f UTF-32 -t UTF-8 FILE > data.csv.'],
  xls: ['an Excel workbook', 'Save the sheet as CSV.'],
  image: ['an image', 'It is no text file: give a CSV file.'],
  pdf: ['a PDF document', 'It is no text file: copy the table out of it, and save it as CSV.'],
  xml: ['XML', 'Save its table as CSV.'],
  json: ['JSON', 'Read it with `json({ from, row })` in the project file, or save it as CSV.'],
  html: ['a web page', 'Check the address: it may need a login, or be a page with a link to the file.'],
};

const binary = [
  'binary data',
  "It is no text file: save its table as CSV. If it is one with a few zero bytes, take them out: tr -d '\\0' < FILE > data.csv.",
] as const;

/** Whether zeros are mixed with other bytes as in no text: UTF-16 has them in every other place. */
function hasControls(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, 4096);
  if (!head.includes(0) || statedEncoding(head) !== undefined) return false;
  let [even, odd] = [0, 0];
  for (const [at, byte] of head.entries())
    if (byte === 0) {
      if (at % 2 === 0) even++;
      else odd++;
    }
  return Math.max(even, odd) * 4 < head.length || Math.min(even, odd) > 0.1 * head.length;
}

/** Refuses a file that is not text, whatever its name. @throws PlatformError DATA_INVALID naming what it is, and what to do */
export function refuseOtherContent(bytes: Uint8Array, file: string): void {
  const kind = contentKind(bytes);
  if (kind === undefined && !hasControls(bytes)) return;
  const [value, remedy] = kind === undefined ? binary : remedies[kind];
  throw invalidCsv(file, value, remedy);
}
