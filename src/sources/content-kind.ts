/** Kinds of content that begin with bytes which no text begins with, and web pages. */
export type ContentKind =
  | 'gzip'
  | 'xz'
  | 'zip'
  | 'bzip2'
  | 'zstd'
  | '7z'
  | 'parquet'
  | 'sqlite'
  | 'xls'
  | 'image'
  | 'pdf'
  | 'html';

/** So many bytes say what a file is. */
export const contentHead = 512;

const beginnings: readonly (readonly [ContentKind, string])[] = [
  ['gzip', '\x1f\x8b\x08'],
  ['xz', '\xfd7zXZ\0'],
  ['zip', 'PK\x03\x04'],
  ['bzip2', 'BZh'],
  ['zstd', '\x28\xb5\x2f\xfd'],
  ['7z', '7z\xbc\xaf\x27\x1c'],
  ['parquet', 'PAR1'],
  ['sqlite', 'SQLite format 3\0'],
  ['image', '\x89PNG\r\n'],
  ['image', '\xff\xd8\xff'],
  ['image', 'GIF8'],
  ['pdf', '%PDF-'],
  ['xls', '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'],
];
/** Where bzip2 has the digits of pi: BZh alone could begin a text. */
const bzip2Block = '1AY&SY';

/** What a file is by its first bytes; undefined for others, such as text. */
export function contentKind(bytes: Uint8Array): ContentKind | undefined {
  const head = Buffer.from(bytes.subarray(0, contentHead)).toString('latin1');
  if (/^\s*<(?:!doctype html|html)[\s>]/i.test(head)) return 'html';
  const kind = beginnings.find(([, beginning]) => head.startsWith(beginning))?.[0];
  return kind === 'bzip2' && !head.startsWith(bzip2Block, 4) ? undefined : kind;
}
