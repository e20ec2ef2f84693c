import { expect, test } from 'vitest';
import { inParallel } from './parallel.ts';

test('answers in the order of the items, with no more at work than it may', async () => {
  let working = 0;
  let most = 0;
  const results = await inParallel(3, [1, 2, 3, 4, 5, 6, 7], async (item) => {
    most = Math.max(most, ++working);
    for (let turn = 0; turn < 8 - item; turn++) await Promise.resolve();
    working--;
    return item * 10;
  });
  expect(results).toEqual([10, 20, 30, 40, 50, 60, 70]);
  expect(most).toBe(3);
});

test('nothing begins after a failure', async () => {
  const begun: number[] = [];
  const work = inParallel(2, [1, 2, 3, 4, 5], async (item) => {
    begun.push(item);
    if (item === 2) throw new RangeError('two');
    await Promise.resolve();
  });
  await expect(work).rejects.toThrow('two');
  expect(begun).not.toContain(5);
});

test('nothing to do is done', async () => {
  expect(await inParallel(4, [], async () => 1)).toEqual([]);
});
