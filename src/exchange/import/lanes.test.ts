import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { inLanes } from './lanes.ts';

async function* numbers(count: number): AsyncGenerator<number> {
  for (let number = 0; number < count; number += 1) yield number;
}

test('every item is worked on, so many at a time', async () => {
  let [running, most] = [0, 0];
  const done: number[] = [];
  await inLanes(numbers(20), 3, async (number) => {
    running += 1;
    most = Math.max(most, running);
    await turn();
    running -= 1;
    done.push(number);
  });
  expect(most).toBe(3);
  expect(done.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, number) => number));
});

test('the first failure stops what has not begun, and waits for what has', async () => {
  const begun: number[] = [];
  let ended = 0;
  const work = async (number: number): Promise<void> => {
    begun.push(number);
    await turn();
    if (number === 2) throw new RangeError('two');
    await turn();
    ended += 1;
  };
  await expect(inLanes(numbers(100), 3, work)).rejects.toThrow('two');
  expect(begun.length).toBeLessThan(10);
  expect(ended).toBe(begun.length - 1);
});

test('a failure of the items themselves is thrown', async () => {
  async function* failing(): AsyncGenerator<number> {
    yield 1;
    throw new RangeError('no more');
  }
  await expect(inLanes(failing(), 3, () => turn())).rejects.toThrow('no more');
});
