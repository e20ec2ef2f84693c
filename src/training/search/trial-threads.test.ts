import { expect, test } from 'vitest';
import type { TrainingRows } from '../../project/models/trainer.ts';
import { shareOfRows } from './row-share.ts';
import { openTrialThreads, shareRows } from './trial-threads.ts';

const rowsOf = (target: readonly number[]): TrainingRows => ({
  matrix: { features: ['size'], rows: target.length, columns: [Float32Array.from(target)] },
  target: Float64Array.from(target),
  group: Int32Array.from(target, (_, row) => row >> 1),
  order: Float64Array.from(target, (_, row) => row),
});

/** A module as a bundle of a trainer is one. */
function trainerModule(trial: string): string {
  return `data:text/javascript,${encodeURIComponent(`import { threadId } from 'node:worker_threads'; export const fn = { definition: { trial: ${trial} } };`)}`;
}

const rows = { train: shareRows(rowsOf([1, 2, 3])), validation: shareRows(rowsOf([4, 5])) };

test('trials run in threads, on rows that the threads share', async () => {
  const trainer = trainerModule(
    `async ({ shift }, { train, validation }, { target }) => ({
      loss: train.target[0] + validation.target[1] + shift,
      metrics: { threadId, shared: Number(train.matrix.columns[0].buffer instanceof SharedArrayBuffer) },
      fittedParams: { kinds: target.kind.length },
    })`,
  );
  using threads = openTrialThreads(trainer, { count: 2, target: { kind: 'number' } });
  const results = await Promise.all(
    [1, 2, 3, 4].map((shift) => threads.tryOptions({ options: { shift }, rows })),
  );
  expect(results.map(({ loss }) => loss)).toEqual([7, 8, 9, 10]);
  expect(results.every(({ metrics }) => metrics['shared'] === 1)).toBe(true);
  expect(new Set(results.map(({ metrics }) => metrics['threadId'])).size).toBe(2);
  expect(results[0]?.fittedParams).toEqual({ kinds: 6 });
});

test('an error in a thread is thrown, with the code of a PlatformError, and the thread is used again', async () => {
  const trainer = trainerModule(
    `async ({ depth }) => {
      if (depth === 1) throw Object.assign(new Error('x'), { toJSON: () => ({ code: 'DATA_INVALID', message: 'x', detail: { field: 'depth', value: 1, remedy: 'must be 2' } }) });
      if (depth === 2) throw new Error('no such depth');
      return { loss: 0, metrics: {} };
    }`,
  );
  using threads = openTrialThreads(trainer, { count: 1, target: { kind: 'number' } });
  await expect(threads.tryOptions({ options: { depth: 1 }, rows })).rejects.toMatchObject({
    code: 'DATA_INVALID',
    message: 'bad data: depth must be 2 (got 1)',
  });
  await expect(threads.tryOptions({ options: { depth: 2 }, rows })).rejects.toThrow(/no such depth/);
  expect(await threads.tryOptions({ options: { depth: 3 }, rows })).toEqual({ loss: 0, metrics: {} });
});

test('a thread that ends without a reply is an error', async () => {
  const trainer = trainerModule('async () => process.exit(3)');
  using threads = openTrialThreads(trainer, { count: 1, target: { kind: 'number' } });
  await expect(threads.tryOptions({ options: {}, rows })).rejects.toThrow(/ended with code 3/);
});

test('a share of the rows has whole groups in their order, the same for a seed', () => {
  const all = rowsOf(Array.from({ length: 100 }, (_, row) => row));
  const third = shareOfRows(all, 1 / 3, 7);
  expect(third.target).toHaveLength(34);
  expect([...third.target]).toEqual([...third.target].toSorted((a, b) => a - b));
  const sizes = new Map<number, number>();
  for (const group of third.group) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  expect([...sizes.values()].every((size) => size === 2)).toBe(true);
  expect(shareOfRows(all, 1 / 3, 7)).toEqual(third);
  expect(shareOfRows(all, 1 / 3, 8)).not.toEqual(third);
  expect(shareOfRows(all, 1, 7)).toBe(all);
});
