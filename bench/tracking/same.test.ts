import { expect, test } from 'vitest';
import { checkSame } from './same.ts';

test('equal results pass', () => {
  expect(() => checkSame('rows', { ours: [{ a: 1 }], peer: [{ a: 1 }] })).not.toThrow();
});

test.each([
  [{ ours: [1, 2], peer: [2, 1] }, 'ours: [1,2]\npeer: [2,1]'],
  [{ ours: undefined, peer: [] }, 'ours: nothing\npeer: []'],
  [{ ours: [1] }, 'ours: [1]'],
])('different results are an error that contains them: %j', (found, message) => {
  expect(() => checkSame('rows', found)).toThrow(`rows came out differently.\n${message}`);
});
