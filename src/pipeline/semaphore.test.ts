import { expect, test } from 'vitest';
import { openSemaphore } from './semaphore.ts';

/** Lets everything that can continue without a permit do so. */
const nextTick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('no more than so many hold one, and who came first is served first', async () => {
  const semaphore = openSemaphore(2);
  const acquired: number[] = [];
  const held: Disposable[] = [];
  for (const index of [0, 1, 2, 3])
    void semaphore.acquire().then((permit) => {
      acquired.push(index);
      held[index] = permit;
    });
  await nextTick();
  expect(acquired).toEqual([0, 1]);
  held[1]?.[Symbol.dispose]();
  await nextTick();
  expect(acquired).toEqual([0, 1, 2]);
  held[0]?.[Symbol.dispose]();
  held[2]?.[Symbol.dispose]();
  await nextTick();
  expect(acquired).toEqual([0, 1, 2, 3]);
});
