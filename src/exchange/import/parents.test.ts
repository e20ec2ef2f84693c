import { expect, test } from 'vitest';
import { findCircles } from './parents.ts';

const circlesOf = (parents: Readonly<Record<string, string>>) =>
  findCircles(new Map(Object.entries(parents))).map((circle) => circle.toSorted().join(''));

test.each([
  ['a tree', { a: 'r', b: 'r', c: 'a', d: 'gone' }, []],
  ['its own parent', { a: 'a' }, ['a']],
  ['two', { a: 'b', b: 'a' }, ['ab']],
  ['three, with runs below', { a: 'b', b: 'c', c: 'a', d: 'a', e: 'd' }, ['abc']],
  ['runs below, seen first', { e: 'd', d: 'a', a: 'b', b: 'a' }, ['ab']],
  ['two circles', { a: 'a', b: 'c', c: 'b', d: 'c' }, ['a', 'bc']],
])('circles of %s', (_case, parents, circles) => expect(circlesOf(parents)).toEqual(circles));

test('a long chain is not walked twice', () => {
  const chain = Array.from({ length: 100_000 }, (_, at) => [String(at), String(at + 1)] as const);
  expect(findCircles(new Map(chain))).toEqual([]);
  expect(findCircles(new Map([...chain, ['100000', '99999']]))).toHaveLength(1);
});
