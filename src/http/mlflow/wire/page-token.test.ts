import { expect, test } from 'vitest';
import { offsetOf, offsetToken } from './page-token.ts';

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
