import { expect, test } from 'vitest';
import { openClosers } from './closers.ts';

const opened = (close: () => Promise<void>): AsyncDisposable => ({ [Symbol.asyncDispose]: close });

test('closes in the opposite order, one after the other', async () => {
  const calls: string[] = [];
  const closers = openClosers();
  const first = opened(async () => void calls.push('first'));
  expect(closers.add(first)).toBe(first);
  closers.defer(async () => {
    calls.push('second begins');
    await Promise.resolve();
    calls.push('second ends');
  });
  await closers[Symbol.asyncDispose]();
  expect(calls).toEqual(['second begins', 'second ends', 'first']);
  await closers[Symbol.asyncDispose]();
  expect(calls.length, 'nothing is closed twice').toBe(3);
});

test('what cannot be closed does not keep the rest from it, and the first fault is told', async () => {
  const calls: string[] = [];
  const closers = openClosers();
  closers.defer(async () => void calls.push('first'));
  closers.defer(() => Promise.reject(new Error('second')));
  closers.defer(() => {
    throw new Error('third');
  });
  await expect(closers[Symbol.asyncDispose]()).rejects.toThrow('third');
  expect(calls).toEqual(['first']);
});
