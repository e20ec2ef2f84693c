import { expect, test } from 'vitest';
import { canonicalJson } from './json.ts';

test('members are in one order at every depth, however they were written', () => {
  expect(canonicalJson({ b: 1, a: { d: [{ y: 1, x: 2 }], c: null } })).toBe(
    '{"a":{"c":null,"d":[{"x":2,"y":1}]},"b":1}',
  );
  expect(canonicalJson({ é: 1, z: 2, Z: 3, ä: 4 }), 'by code unit').toBe('{"Z":3,"z":2,"ä":4,"é":1}');
  expect(canonicalJson({ b: 1, 10: 2, 9: 3 })).toBe(canonicalJson({ 9: 3, b: 1, 10: 2 }));
});

test('the order of a list is part of it', () => {
  expect(canonicalJson([2, 1])).not.toBe(canonicalJson([1, 2]));
});

test('what is undefined is left out, and no number is lost to another', () => {
  expect(canonicalJson({ a: undefined, b: 1 })).toBe(canonicalJson({ b: 1 }));
  expect(canonicalJson([Number.NaN, Infinity, 0.1, 1e21])).toBe('[null,null,0.1,1e+21]');
});

test('a member named as those of every object is a member', () => {
  const odd: unknown = JSON.parse('{"__proto__": {"b": 1}, "constructor": 2}');
  expect(canonicalJson(odd)).toBe('{"__proto__":{"b":1},"constructor":2}');
});
