import { decodedPieces, piecesOfBytes } from './encoding.ts';

const sampleLength = 1 << 18;

/** Complete lines from the start of a file. @throws PlatformError DATA_INVALID for bytes of another encoding */
export function firstLines(bytes: Uint8Array, encoding: string, file: string): string {
  let text = '';
  for (const piece of decodedPieces(piecesOfBytes(bytes), encoding, file)) {
    text += piece;
    if (text.length <= sampleLength) continue;
    const end = text.lastIndexOf('\n', sampleLength);
    return text.slice(0, end < 0 ? sampleLength : end + 1);
  }
  return `${text}\n`;
}
