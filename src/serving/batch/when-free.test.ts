import { expect, test } from 'vitest';
import { PlatformError } from '../../kernel/errors.ts';
import { whenFree } from './when-free.ts';

const busy = new PlatformError('MODEL_BUSY', { field: 'model', value: 'm', remedy: 'Try again.' });

function busyFor(times: number, error: Error = busy): { tries: number; work: () => Promise<string> } {
  const done = {
    tries: 0,
    async work() {
      done.tries += 1;
      if (done.tries <= times) throw error;
      return 'done';
    },
  };
  return done;
}

test('work is tried again as long as the model is busy', async () => {
  const twice = busyFor(2);
  expect(await whenFree(twice.work, { tries: 3, pause: 0 })).toBe('done');
  expect(twice.tries).toBe(3);
  const long = busyFor(3);
  await expect(whenFree(long.work, { tries: 3, pause: 0 })).rejects.toBe(busy);
  expect(long.tries).toBe(3);
});

test('other errors are thrown at once, and an abort ends the waiting', async () => {
  const broken = busyFor(9, new TypeError('broken'));
  await expect(whenFree(broken.work, { tries: 9, pause: 0 })).rejects.toThrow('broken');
  expect(broken.tries).toBe(1);
  const abort = new AbortController();
  const waiting = busyFor(9);
  const done = whenFree(waiting.work, { tries: 9, pause: 3_600_000, signal: abort.signal });
  abort.abort();
  await expect(done).rejects.toBe(busy);
  expect(waiting.tries).toBeLessThan(3);
});
