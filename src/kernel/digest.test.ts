import { expect, test } from 'vitest';
import { digestOf, digestOfJson, isDigest } from './digest.ts';

test('is SHA-256 in lower-case hex', () => {
  // FIPS 180-2, appendix B.1
  const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  expect(digestOf('abc')).toBe(abc);
  expect(digestOf(new TextEncoder().encode('abc'))).toBe(abc);
});

test('of a value does not depend on the order of its members', () => {
  expect(digestOfJson({ a: 1, b: [2] })).toBe(digestOfJson({ b: [2], a: 1 }));
  expect(digestOfJson({ a: 1 })).not.toBe(digestOfJson({ a: 2 }));
});

test.each([
  [digestOf('x'), true],
  [digestOf('x').toUpperCase(), false],
  [digestOf('x').slice(1), false],
  [`${digestOf('x')}\n`, false],
  ['', false],
])('%j is a digest: %s', (text, is) => expect(isDigest(text)).toBe(is));
