import { expect, test } from 'vitest';
import { openQueue } from './bounded-queue.ts';

/** Work that ends when it is let. */
function held(): { readonly work: () => Promise<string>; readonly end: (text: string) => void } {
  let end = (_text: string): void => {};
  const promise = new Promise<string>((resolve) => (end = resolve));
  return { work: () => promise, end: (text) => end(text) };
}

test('requests are served in turn, and one too many is refused at once', async () => {
  const queue = openQueue({ waiting: 1, milliseconds: 60_000 });
  const [first, second] = [held(), held()];
  const served = queue.run(first.work);
  const waiting = queue.run(second.work);
  await expect(queue.run(async () => 'third')).rejects.toMatchObject({
    code: 'MODEL_BUSY',
    status: 503,
    detail: { field: 'requests that wait', value: 1 },
  });
  first.end('first');
  expect(await served).toBe('first');
  const fourth = queue.run(async () => 'fourth');
  second.end('second');
  expect(await Promise.all([waiting, fourth])).toEqual(['second', 'fourth']);
});

test('a request that waited too long is refused and never served', async () => {
  const queue = openQueue({ waiting: 5, milliseconds: 1 });
  const first = held();
  const served = queue.run(first.work);
  let ran = false;
  const late = queue.run(async () => (ran = true));
  await expect(late).rejects.toMatchObject({ detail: { field: 'milliseconds of waiting', value: 1 } });
  first.end('first');
  expect(await served).toBe('first');
  expect(await queue.run(async () => 'next')).toBe('next');
  expect(ran).toBe(false);
});

test('work that fails fails its own request alone', async () => {
  const queue = openQueue({ waiting: 5, milliseconds: 60_000 });
  const failed = queue.run(() => Promise.reject(new RangeError('no')));
  const next = queue.run(async () => 'next');
  await expect(failed).rejects.toThrow('no');
  expect(await next).toBe('next');
});
