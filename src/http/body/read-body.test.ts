import { expect, test } from 'vitest';
import { jsonBodyText, refuseEncodedBody } from './read-body.ts';

test.each([
  ['plain', '{"a":"café €"}', 'application/json'],
  ['with its charset', '{"a":"é"}', 'application/json; charset=UTF-8'],
  ['with its charset in quotes', '{"a":"é"}', 'application/json;charset="utf-8"; x=y'],
  ['said to be ASCII', '{"a":1}', 'application/json; charset=us-ascii'],
  ['empty', '', undefined],
])('a JSON body %s is read', (_name, text, contentType) => {
  expect(jsonBodyText(Buffer.from(text), contentType)).toBe(text);
});

test('a byte order mark is left out, as Python leaves it out', () => {
  expect(jsonBodyText(Buffer.from('\ufeff{}'), 'application/json')).toBe('{}');
});

test.each([
  ['Latin-1', Buffer.from('{"name":"caf\xe9"}', 'latin1')],
  ['a character that is cut off', Buffer.from('{"a":"€').subarray(0, -1)],
  ['an overlong slash', Buffer.from([0x22, 0xc0, 0xaf, 0x22])],
  ['half of a surrogate pair', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
  ['UTF-16', Buffer.from('\ufeff{"a":"é"}', 'utf16le')],
])('bytes in %s are refused', (_name, bytes) => {
  expect(() => jsonBodyText(bytes, 'application/json')).toThrow(
    expect.objectContaining({ code: 'INPUT_INVALID', status: 400 }) as Error,
  );
});

test.each(['latin1', 'iso-8859-1', 'utf-16', 'UTF-7', '"windows-1252"', 'nonsense', ''])(
  'the charset %s is refused, whatever the bytes are',
  (charset) => {
    expect(() => jsonBodyText(Buffer.from('{}'), `application/json; charset=${charset}`)).toThrow(
      expect.objectContaining({ code: 'MEDIA_TYPE_UNSUPPORTED', status: 415 }) as Error,
    );
  },
);

test('of two charsets both must be UTF-8', () => {
  expect(() => jsonBodyText(Buffer.from('{}'), 'application/json; charset=utf-8; charset=latin1')).toThrow(
    'latin1',
  );
});

test.each([
  {},
  { 'content-length': '2' },
  { 'transfer-encoding': 'chunked' },
  { 'transfer-encoding': 'Chunked', 'content-encoding': 'identity' },
  { 'content-encoding': 'gzip' },
  { 'content-length': '0', 'content-encoding': 'gzip' },
  { 'content-length': '2', 'content-encoding': '' },
])('a body with the headers %j is taken', (headers) => {
  expect(() => refuseEncodedBody({ headers })).not.toThrow();
});

test.each([
  { 'content-length': '2', 'content-encoding': 'gzip' },
  { 'content-length': '2', 'content-encoding': 'GZIP' },
  { 'content-length': '2', 'content-encoding': 'identity, gzip' },
  { 'transfer-encoding': 'chunked', 'content-encoding': 'br' },
  { 'transfer-encoding': 'gzip, chunked' },
])('a body with the headers %j is refused', (headers) => {
  expect(() => refuseEncodedBody({ headers })).toThrow(
    expect.objectContaining({ code: 'MEDIA_TYPE_UNSUPPORTED', status: 415 }) as Error,
  );
});
