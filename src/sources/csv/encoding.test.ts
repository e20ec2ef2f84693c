import { expect, test } from 'vitest';
import { EncodingEvidence } from './encoding-evidence.ts';
import { decodedPieces, findEncoding, piecesOfBytes } from './encoding.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const joined = (...parts: readonly Uint8Array[]): Uint8Array => Buffer.concat(parts);

test.each([
  ['utf-8', utf8('\ufeffgröße, 数 and 😀\n')],
  ['utf-16le', Buffer.from('\ufeffgröße, 数 and 😀\n', 'utf16le')],
  ['utf-16be', Buffer.from('\ufeffgröße, 数 and 😀\n', 'utf16le').swap16()],
])('where bytes of %s are cut makes no difference', (encoding, bytes) => {
  for (let cut = 0; cut <= bytes.length; cut++) {
    const pieces = [bytes.subarray(0, cut), bytes.subarray(cut)].filter(({ length }) => length > 0);
    expect([...decodedPieces(pieces, encoding, 'x.csv')].join(''), `cut at ${cut}`).toBe(
      'größe, 数 and 😀\n',
    );
  }
  const single = Array.from(bytes, (byte) => Uint8Array.of(byte));
  expect([...decodedPieces(single, encoding, 'x.csv')].join('')).toBe('größe, 数 and 😀\n');
});

test.each([
  ['utf-8', utf8('größe').subarray(0, 3)],
  ['utf-8', joined(utf8('a'), latin1('ü'), utf8('b'))],
  ['utf-8', Uint8Array.of(0x61, 0xed, 0xa0, 0x80)],
  ['utf-16le', Uint8Array.of(0x61, 0, 0x62)],
  ['shift_jis', Uint8Array.of(0x83, 0x0a)],
])('bytes that are not %s are refused', (encoding, bytes) => {
  expect(() => [...decodedPieces(piecesOfBytes(bytes), encoding, 'x.csv')]).toThrow(
    new RegExp(`x\\.csv: "not ${encoding}"`),
  );
});

test.each([
  ['utf-8', utf8('a,größe\n')],
  ['windows-1252', latin1('a,größe\n')],
  ['windows-1252', Uint8Array.of(0x80, 0x35, 0x0a)],
  ['windows-1252', latin1('Où est le café ? Là, à côté, déjà.\n')],
  ['utf-16le', Buffer.from('名前,年齢\n東京,1\n大阪,2\n', 'utf16le')],
  ['utf-16be', Buffer.from('名前,年齢\n東京,1\n大阪,2\n', 'utf16le').swap16()],
])('%s is found', (encoding, bytes) => {
  expect(findEncoding(bytes, 'x.csv')).toBe(encoding);
});

const towns = utf8('town,y\nKöln,1\nZürich,2\n');

test.each([
  ['at the end', joined(towns, latin1('Würzburg,3\n')), 4],
  ['at the start', joined(latin1('Würzburg,3\n'), towns), 1],
  ['after much text', joined(utf8('Köln,1\n'.repeat(300_000)), latin1('é\n')), 300_001],
  ['half of the file', joined(utf8('Köln\n'.repeat(9)), latin1('Köln\n'.repeat(9))), 10],
  ['a character that is cut by a line end', joined(towns, Uint8Array.of(0xc3, 0x0a), towns), 4],
])('UTF-8 with bytes of another encoding is refused with its line: %s', (_where, bytes, line) => {
  expect(() => findEncoding(bytes, 'x.csv')).toThrow(
    new RegExp(`iconv -c .*x\\.csv, line ${line}: "not UTF-8, as other text of the file is"`),
  );
});

/** Words in Windows-1251, KOI8-R, Shift JIS and GBK. */
test.each([
  ['cdeef1eae2e0', 'Moscow'],
  ['edcfd3cbd7c1', 'Moscow'],
  ['938c8b9e', 'Tokyo'],
  ['b1b1bea9cad0', 'Beijing'],
])('text of another alphabet, %s, is not taken for Windows-1252', (word) => {
  const bytes = joined(utf8('town,y\n'), Buffer.from(word, 'hex'), utf8(',1\n'));
  expect(() => findEncoding(bytes, 'x.csv')).toThrow(
    /iconv -f WINDOWS-1251.*x\.csv, line 2: "neither UTF-8 nor Windows-1252"/,
  );
});

test('what the bytes are does not depend on where they are cut', () => {
  const outcome = (pieces: readonly Uint8Array[]): string => {
    const evidence = new EncodingEvidence();
    for (const piece of pieces) evidence.add(piece);
    try {
      return evidence.encoding('x.csv');
    } catch (error) {
      return String(error);
    }
  };
  for (const bytes of [towns, latin1('größe\nü\n'), joined(towns, latin1('ü'), utf8('数😀\n'))])
    for (let cut = 0; cut <= bytes.length; cut++)
      expect(outcome([bytes.subarray(0, cut), bytes.subarray(cut)])).toBe(outcome([bytes]));
});
