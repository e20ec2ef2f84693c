import { expect, test } from 'vitest';
import { offsetOf, offsetToken, readToken } from './page-token.ts';

test('a token is what MLflow writes and comes back as its offset', () => {
  expect(offsetToken(1)).toBe('eyJvZmZzZXQiOiAxfQ==');
  expect(offsetOf(offsetToken(25_000))).toBe(25_000);
  expect(offsetOf(undefined)).toBe(0);
  expect(offsetOf('')).toBe(0);
});

test.each([
  ['zzz', 'Invalid page token, could not base64-decode'],
  ['zzzz', 'Invalid page token, decoded value='],
  [Buffer.from('{"offset": "x"}').toString('base64'), 'Invalid page token, parsed value={"offset":"x"}'],
  [Buffer.from('{"offset": -5}').toString('base64'), 'Invalid page token, parsed value='],
  [Buffer.from('null').toString('base64'), 'Invalid page token, parsed value=null'],
])('refuses %s', (token, message) => {
  expect(() => offsetOf(token)).toThrow(message);
});

const encoded = (text: string): string => Buffer.from(text).toString('base64');

test('an error repeats only the beginning of a token', () => {
  for (const text of [`{"offset": "${'x'.repeat(600)}"}`, 'y'.repeat(600)])
    expect(() => offsetOf(encoded(text))).toThrow(/value=.{200}…$/s);
});

test('a token that no page can have is refused before it is decoded', () => {
  expect(() => offsetOf(encoded(`{"offset": 5, "a": "${'x'.repeat(4_000_000)}"}`))).toThrow(
    'Invalid page token, it must have at most 1000 characters',
  );
  expect(() => readToken(encoded(`[${'[],'.repeat(20_000)}1]`), 1_000_000)).toThrow(
    'page_token must have at most 20000 values',
  );
});
