import { expect, test } from 'vitest';
import { rollbackTarget } from './rollback.ts';

test.each<[what: string, versions: readonly (number | undefined)[], target: number | undefined]>([
  ['nothing was ever live', [], undefined],
  ['the first is live', [1], undefined],
  ['the second is live', [1, 2], 1],
  ['one was rolled back', [1, 2, 3, 2], 1],
  ['all were rolled back', [1, 2, 3, 2, 1], undefined],
  ['another came after a rollback', [1, 2, 3, 2, 4], 2],
  ['one came a second time', [1, 2, 1, 3], 1],
  ['it went back by two', [1, 2, 3, 1, 4], 1],
  ['it was taken away', [1, 2, undefined], 2],
  ['it was taken away and set again', [1, 2, undefined, 3], 2],
])('what to go back to when %s', (_what, versions, target) => {
  const changes = versions.map((to) => ({ to })).toReversed();
  expect(rollbackTarget(changes, () => true)).toBe(target);
});

test('a version that is not registered any more is passed over', () => {
  const changes = [4, 3, 2, 1].map((to) => ({ to }));
  expect(rollbackTarget(changes, (version) => version !== 3)).toBe(2);
  expect(rollbackTarget(changes, () => false)).toBeUndefined();
});
