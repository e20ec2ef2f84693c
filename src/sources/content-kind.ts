/** Kinds of content that begin as no table does. */
export type ContentKind =
  | 'gzip'
  | 'xz'
  | 'zip'
  | 'bzip2'
  | 'zstd'
  | '7z'
  | 'parquet'
  | 'sqlite'
  | 'utf-32'
  | 'xls'
  | 'image'
  | 'pdf'
  | 'html'
  | 'xml'
  | 'json';

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
  ['utf-32', '\xff\xfe\0\0'],
  ['utf-32', '\0\0\xfe\xff'],
  ['image', '\x89PNG\r\n'],
  ['image', '\xff\xd8\xff'],
  ['image', 'GIF8'],
  ['pdf', '%PDF-'],
  ['xls', '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'],
];
const markups: readonly (readonly [ContentKind, RegExp])[] = [
  ['html', /^(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html)[\s>]/i],
  ['xml', /^(?:\xef\xbb\xbf)?\s*<\?xml\s/],
  ['json', /^(?:\xef\xbb\xbf)?\s*(?:\[\s*)?\{\s*"(?:[^"\\]|\\.)*"\s*:/],
];
/** Where bzip2 has the digits of pi: BZh alone could begin a text. */
const bzip2Block = '1AY&SY';

/** What a file is by its first bytes; undefined for others, such as text. */
export function contentKind(bytes: Uint8Array): ContentKind | undefined {
  const head = Buffer.from(bytes.subarray(0, contentHead)).toString('latin1');
  const markup = markups.find(([, beginning]) => beginning.test(head))?.[0];
  if (markup) return markup;
  const kind = beginnings.find(([, beginning]) => head.startsWith(beginning))?.[0];
  return kind === 'bzip2' && !head.startsWith(bzip2Block, 4) ? undefined : kind;
}

/** Whether the first bytes of a file are those of a tar. */
export function isTar(head: Uint8Array): boolean {
  return Buffer.from(head.subarray(257, 262)).toString('latin1') === 'ustar';
}

/** Whether the first bytes of a file are text: UTF-8 without control characters. */
export function isText(head: Uint8Array): boolean {
  if (contentKind(head) !== undefined || head.some((byte) => byte < 0x20 && !blanks.has(byte))) return false;
  try {
    // The last character may be cut.
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}

const blanks: ReadonlySet<number> = new Set([0x09, 0x0a, 0x0c, 0x0d]);
