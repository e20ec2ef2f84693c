import { isUtf8 } from 'node:buffer';
import { invalidCsv } from './records.ts';

const pieceLength = 1 << 20;

/** What the first bytes of a file say about its encoding. */
interface ByteOrderMark {
  readonly encoding: string;
  readonly length: number;
}

function byteOrderMark(bytes: Uint8Array): ByteOrderMark | undefined {
  const [first, second, third] = bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf) return { encoding: 'utf-8', length: 3 };
  if (first === 0xff && second === 0xfe) return { encoding: 'utf-16le', length: 2 };
  if (first === 0xfe && second === 0xff) return { encoding: 'utf-16be', length: 2 };
  return undefined;
}

/** The encoding that a byte order mark names, or UTF-8; undefined for bytes that are neither. */
export function statedEncoding(bytes: Uint8Array): string | undefined {
  const mark = byteOrderMark(bytes);
  if (mark) return mark.encoding;
  return !hasZeros(bytes) && isUtf8(bytes) ? 'utf-8' : undefined;
}

/** The likely encoding of bytes that `statedEncoding` cannot name: UTF-16 if every other byte is 0. */
export function likelyEncoding(bytes: Uint8Array): string {
  if (!hasZeros(bytes)) return 'windows-1252';
  let odd = 0;
  for (let at = 1; at < Math.min(bytes.length, sampled); at += 2) if (bytes[at] === 0) odd++;
  return odd * 4 > Math.min(bytes.length, sampled) ? 'utf-16le' : 'utf-16be';
}

const sampled = 4096;

function hasZeros(bytes: Uint8Array): boolean {
  return bytes.subarray(0, sampled).includes(0);
}

/** Whether `decodedPieces` reads a label of the WHATWG encoding standard. */
export function isEncoding(label: string): boolean {
  try {
    return new TextDecoder(label).encoding !== '';
  } catch {
    return false;
  }
}

/**
 * Decodes a file in pieces, without its byte order mark.
 * @param encoding a label of the WHATWG encoding standard, such as windows-1252
 * @throws PlatformError DATA_INVALID for bytes of another encoding
 */
export function* decodedPieces(bytes: Uint8Array, encoding: string, file: string): Generator<string> {
  const { encoding: name } = new TextDecoder(encoding);
  const mark = byteOrderMark(bytes);
  const content = mark?.encoding === name ? bytes.subarray(mark.length) : bytes;
  if (name === 'utf-8') yield* utf8Pieces(content, file);
  else if (name === 'windows-1252') yield* windowsPieces(content);
  else yield* otherPieces(content, name, file);
}

function* utf8Pieces(bytes: Uint8Array, file: string): Generator<string> {
  for (let start = 0; start < bytes.length;) {
    let end = Math.min(start + pieceLength, bytes.length);
    while (end < bytes.length && isContinuation(bytes[end])) end++;
    const piece = bytes.subarray(start, end);
    if (!isUtf8(piece)) throw notInEncoding(file, 'UTF-8', likelyEncoding(bytes));
    yield asBuffer(piece).toString('utf8');
    start = end;
  }
}

function isContinuation(byte = 0): boolean {
  return (byte & 0xc0) === 0x80;
}

/** Bytes 0x80 to 0x9f of Windows-1252: Node 20 decodes them as Latin-1, which has no characters there. */
const windowsCharacters = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

function* windowsPieces(bytes: Uint8Array): Generator<string> {
  for (let start = 0; start < bytes.length; start += pieceLength)
    yield asBuffer(bytes.subarray(start, start + pieceLength))
      .toString('latin1')
      .replaceAll(/[\x80-\x9f]/g, (character) => windowsCharacters.charAt(character.charCodeAt(0) - 0x80));
}

function* otherPieces(bytes: Uint8Array, encoding: string, file: string): Generator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  try {
    for (let start = 0; start < bytes.length; start += pieceLength)
      yield decoder.decode(bytes.subarray(start, start + pieceLength), { stream: true });
    yield decoder.decode();
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw notInEncoding(file, encoding);
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function notInEncoding(file: string, encoding: string, likely?: string): Error {
  const guess =
    likely === undefined ? 'Name' : `Set \`encoding: '${likely}'\` if Windows or Excel saved it, name`;
  return invalidCsv(
    file,
    `not ${encoding}`,
    `${guess} its encoding with \`encoding\`, or save the file as UTF-8.`,
  );
}
