import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { mapConcurrent } from './map-concurrent.ts';

async function* numbers(count: number): AsyncGenerator<number> {
  for (let number = 0; number < count; number += 1) yield number;
}

test('results come in the order of the items, and no more run at a time than allowed', async () => {
  let running = 0;
  let most = 0;
  const results = await mapConcurrent([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
    most = Math.max(most, ++running);
    for (let turns = 0; turns < 8 - item; turns += 1) await turn();
    running -= 1;
    return item * 10;
  });
  expect(results).toEqual([10, 20, 30, 40, 50, 60, 70]);
  expect(most).toBe(3);
});

test('items of an async iterable are all worked on, as many at a time as allowed', async () => {
  let [running, most] = [0, 0];
  const done: number[] = [];
  await mapConcurrent(numbers(20), 3, async (number) => {
    running += 1;
    most = Math.max(most, running);
    await turn();
    running -= 1;
    done.push(number);
  });
  expect(most).toBe(3);
  expect(done.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, number) => number));
});

test('nothing starts after a failure', async () => {
  const started: number[] = [];
  const work = mapConcurrent([1, 2, 3, 4, 5], 2, async (item) => {
    started.push(item);
    if (item === 2) throw new RangeError('two');
    await Promise.resolve();
  });
  await expect(work).rejects.toThrow('two');
  expect(started).not.toContain(5);
});

test('a failure waits for what is running', async () => {
  const started: number[] = [];
  let ended = 0;
  const work = async (number: number): Promise<void> => {
    started.push(number);
    await turn();
    if (number === 2) throw new RangeError('two');
    await turn();
    ended += 1;
  };
  await expect(mapConcurrent(numbers(100), 3, work)).rejects.toThrow('two');
  expect(started.length).toBeLessThan(10);
  expect(ended).toBe(started.length - 1);
});

test('a failure of the items is thrown, once what is running has ended', async () => {
  let ended = 0;
  async function* failing(): AsyncGenerator<number> {
    yield 1;
    throw new RangeError('no more');
  }
  const work = async (): Promise<void> => {
    await turn();
    ended += 1;
  };
  await expect(mapConcurrent(failing(), 3, work)).rejects.toThrow('no more');
  expect(ended).toBe(1);
});

test('no items give no results', async () => {
  expect(await mapConcurrent([], 4, async () => 1)).toEqual([]);
});
