import { isUtf8 } from 'node:buffer';
import { EncodingEvidence } from './encoding-evidence.ts';
import { invalidCsv } from './records.ts';
import { asBuffer, cutLength, utf8Text } from './utf8.ts';

const pieceLength = 1 << 20;

/** What the first bytes of a file say about its encoding. */
function markedEncoding([first, second, third]: Uint8Array): string | undefined {
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return undefined;
}

/** Whether a file begins with a byte order mark. */
export function hasByteOrderMark(bytes: Uint8Array): boolean {
  return markedEncoding(bytes) !== undefined;
}

/** The encoding that a byte order mark names, or UTF-8; undefined for bytes that are neither. */
export function statedEncoding(bytes: Uint8Array): string | undefined {
  return markedEncoding(bytes) ?? (!hasZeros(bytes) && isUtf8(bytes) ? 'utf-8' : undefined);
}

/**
 * The encoding that bytes state, or else the likely one: UTF-16 if many of them are 0, or Windows-1252.
 * @throws PlatformError DATA_INVALID for bytes that are in part UTF-8, and for those of another alphabet
 */
export function findEncoding(bytes: Uint8Array, file: string): string {
  const stated = statedEncoding(bytes);
  if (stated !== undefined) return stated;
  if (hasZeros(bytes)) return likelyUtf16(bytes.subarray(0, sampled));
  const evidence = new EncodingEvidence();
  evidence.add(bytes);
  return evidence.encoding(file);
}

/** ASCII characters, such as delimiters and line ends, have their zero in the second byte, or else in the first. */
function likelyUtf16(bytes: Uint8Array): string {
  let [even, odd] = [0, 0];
  for (const [at, byte] of bytes.entries())
    if (byte === 0) {
      if (at % 2 === 0) even++;
      else odd++;
    }
  return odd >= even ? 'utf-16le' : 'utf-16be';
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

/** Bytes in pieces that are decoded one after another. */
export function* piecesOfBytes(bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += pieceLength)
    yield bytes.subarray(start, start + pieceLength);
}

/**
 * Decodes a file, without its byte order mark.
 * @param bytes in pieces, cut anywhere
 * @param encoding a label of the WHATWG encoding standard, such as windows-1252
 * @throws PlatformError DATA_INVALID for bytes of another encoding
 */
export function* decodedPieces(
  bytes: Iterable<Uint8Array>,
  encoding: string,
  file: string,
): Generator<string> {
  const { encoding: name } = new TextDecoder(encoding);
  const pieces = (decoders[name] ?? otherPieces)(bytes, name);
  try {
    let isFirst = true;
    for (const piece of pieces) {
      if (piece === '') continue;
      yield isFirst ? piece.replace(/^\ufeff/, '') : piece;
      isFirst = false;
    }
  } catch (cause) {
    // The decoders throw nothing else; a caller's error does not pass through a `yield`.
    if (!(cause instanceof TypeError)) throw cause;
    throw invalidCsv(file, `not ${name}`, 'Name its encoding with `encoding`, or save the file as UTF-8.');
  }
}

type Decoder = (pieces: Iterable<Uint8Array>, encoding: string) => Generator<string>;

/** Faster than `TextDecoder`, which Node 20 has without its short cuts for a stream. */
const decoders: Readonly<Record<string, Decoder>> = { 'utf-8': utf8Pieces, 'windows-1252': windowsPieces };

function* utf8Pieces(pieces: Iterable<Uint8Array>): Generator<string> {
  let rest: Uint8Array = new Uint8Array(0);
  for (const piece of pieces) {
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    const end = bytes.length - cutLength(bytes);
    rest = bytes.slice(end);
    const complete = bytes.subarray(0, end);
    if (!isUtf8(complete)) throw new TypeError('not UTF-8');
    yield utf8Text(complete);
  }
  if (rest.length > 0) throw new TypeError('a character is cut');
}

/** Bytes 0x80 to 0x9f of Windows-1252: Node 20 decodes them as Latin-1, which has no characters there. */
const windowsCharacters = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

function* windowsPieces(pieces: Iterable<Uint8Array>): Generator<string> {
  for (const piece of pieces)
    yield asBuffer(piece)
      .toString('latin1')
      .replaceAll(/[\x80-\x9f]/g, (character) => windowsCharacters.charAt(character.charCodeAt(0) - 0x80));
}

function* otherPieces(pieces: Iterable<Uint8Array>, encoding: string): Generator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  for (const piece of pieces) yield decoder.decode(piece, { stream: true });
  yield decoder.decode();
}
