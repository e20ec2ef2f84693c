import { expect, test } from 'vitest';
import { checkSame } from './same.ts';

test('what is the same passes', () => {
  expect(() => checkSame('rows', { ours: [{ a: 1 }], peer: [{ a: 1 }] })).not.toThrow();
});

test.each([
  [{ ours: [1, 2], peer: [2, 1] }, 'ours: [1,2]\npeer: [2,1]'],
  [{ ours: undefined, peer: [] }, 'ours: nothing\npeer: []'],
  [{ ours: [1] }, 'ours: [1]'],
])('what differs is an error that shows it: %j', (found, said) => {
  expect(() => checkSame('rows', found)).toThrow(`rows came out differently.\n${said}`);
});
