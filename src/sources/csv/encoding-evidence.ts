import { isUtf8 } from 'node:buffer';
import { cutLength, utf8Text } from './utf8.ts';
import { invalidCsv } from './records.ts';

/** Bytes that Windows-1252 has no character for. */
const unassigned: ReadonlySet<number> = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);

/** Of characters in bytes from 0x80, those that are UTF-8 by chance: in text of another encoding they are fewer. */
const chance = 0.1;

/** Counts the characters of a file that are UTF-8 and those that are not, to tell UTF-8 with a fault from another encoding. */
export class EncodingEvidence {
  #line = 1;
  /** Bytes that the character still needs, and the range of the next one. */
  #pending = 0;
  #least = 0x80;
  #most = 0xbf;
  #good = 0;
  #bad = 0;
  #firstBad = 0;
  #high = 0;
  /** Bytes from 0x80 one after another. */
  #run = 0;
  #inRuns = 0;
  #hasUnassigned = false;

  /** @param bytes the next ones of the file */
  add(bytes: Uint8Array): void {
    const end = this.#pending === 0 ? bytes.length - cutLength(bytes) : 0;
    const isGood = end > 0 && isUtf8(bytes.subarray(0, end));
    if (isGood) this.#addGood(bytes.subarray(0, end));
    for (const byte of isGood ? bytes.subarray(end) : bytes) this.#addByte(byte);
  }

  /** Whether all of it is UTF-8, but for a character that is cut by the end. */
  isUtf8(): boolean {
    return this.#bad === 0;
  }

  /**
   * UTF-8, or Windows-1252 for a file without it. A character that is cut by the end is no fault here.
   * @throws PlatformError DATA_INVALID for bytes that are in part UTF-8, and for those of another alphabet
   */
  encoding(file: string): string {
    this.#endRun();
    if (this.isUtf8()) return 'utf-8';
    if (this.#good > chance * this.#bad)
      throw invalidCsv(
        `${file}, line ${this.#firstBad}`,
        'not UTF-8, as other text of the file is',
        'Save all of it in one encoding, or leave such bytes out: iconv -c -f UTF-8 -t UTF-8 FILE > data.csv.',
      );
    if (this.#hasUnassigned || this.#inRuns > 0.5 * this.#high)
      throw invalidCsv(
        `${file}, line ${this.#firstBad}`,
        'neither UTF-8 nor Windows-1252',
        'Convert it from its encoding, such as iconv -f WINDOWS-1251 -t UTF-8 FILE > data.csv, or name it with `encoding` in the project file.',
      );
    return 'windows-1252';
  }

  /** Most pieces of most files, without a look at each byte where the line does not matter. */
  #addGood(bytes: Uint8Array): void {
    this.#endRun();
    // Each character beyond ASCII has one or two code units less than bytes.
    this.#good += bytes.length - utf8Text(bytes).length;
    if (this.#bad > 0) return;
    for (const byte of bytes) if (byte === 0x0a) this.#line++;
  }

  #addByte(byte: number): void {
    if (byte < 0x80) this.#endRun();
    else {
      this.#high++;
      this.#run++;
      this.#hasUnassigned ||= unassigned.has(byte);
    }
    if (this.#pending > 0) {
      const isNext = byte >= this.#least && byte <= this.#most;
      [this.#least, this.#most] = [0x80, 0xbf];
      if (isNext) {
        this.#pending--;
        if (this.#pending === 0) this.#good++;
        return;
      }
      this.#pending = 0;
      this.#addBad();
    }
    if (byte === 0x0a) this.#line++;
    if (byte >= 0x80) this.#begin(byte);
  }

  /** Takes the first byte of a character: Unicode, table 3-7. */
  #begin(byte: number): void {
    if (byte < 0xc2 || byte > 0xf4) return this.#addBad();
    this.#pending = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    if (byte === 0xe0) this.#least = 0xa0;
    if (byte === 0xed) this.#most = 0x9f;
    if (byte === 0xf0) this.#least = 0x90;
    if (byte === 0xf4) this.#most = 0x8f;
  }

  #addBad(): void {
    if (this.#bad === 0) this.#firstBad = this.#line;
    this.#bad++;
  }

  /** In Windows-1252, letters such as é are among others; in other alphabets, words are in such bytes. */
  #endRun(): void {
    if (this.#run >= 3) this.#inRuns += this.#run;
    this.#run = 0;
  }
}
