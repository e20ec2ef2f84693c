import { decodedPieces, piecesOfBytes } from './encoding.ts';

/** In characters. */
const sampleLength = 1 << 18;
/** Of a file with long lines, which shows how it is written only by several of them. */
const fewestLines = 30;
const mostCharacters = 1 << 24;

/** Complete lines from the start of a file. @throws PlatformError DATA_INVALID for bytes of another encoding */
export function firstLines(bytes: Uint8Array, encoding: string, file: string): string {
  let text = '';
  let lines = 0;
  let end = 0;
  for (const piece of decodedPieces(piecesOfBytes(bytes), encoding, file)) {
    text += piece;
    for (let next = text.indexOf('\n', end) + 1; next > 0; next = text.indexOf('\n', end) + 1) {
      if (next > sampleLength && lines >= fewestLines) return text.slice(0, end);
      end = next;
      lines++;
    }
    if (text.length > mostCharacters) return text.slice(0, end || mostCharacters);
  }
  return `${text}\n`;
}
