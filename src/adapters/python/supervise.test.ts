import { expect, test } from 'vitest';
import { PlatformError } from '../../kernel/errors.ts';
import { RunnerEnded, type RunnerProcess } from './runner-process.ts';
import { supervise, type Supervised } from './supervise.ts';

/** Processes by number, each of which can be ended; those with these numbers end at their first request. */
function processes({ failing = [] as readonly number[], refused = [] as readonly number[] } = {}): {
  readonly start: () => Promise<RunnerProcess>;
  readonly end: (number: number) => void;
  readonly started: () => number;
} {
  const ends = new Map<number, () => void>();
  let count = 0;
  return {
    started: () => count,
    end: (number) => ends.get(number)?.(),
    async start() {
      count += 1;
      const number = count;
      if (refused.includes(number))
        throw new PlatformError('MODEL_UNSUPPORTED', { field: 'start', value: number, remedy: 'Fix it.' });
      let isEnded = false;
      const ended = new Promise<void>((resolve) =>
        ends.set(number, () => {
          isEnded = true;
          resolve();
        }),
      );
      return {
        loaded: { number },
        pid: number,
        ended,
        async request() {
          if (failing.includes(number)) ends.get(number)?.();
          if (isEnded) throw new RunnerEnded('ended');
          return { header: { number }, body: Buffer.alloc(0) };
        },
        stop: async () => ends.get(number)?.(),
      };
    },
  };
}

const ask = async (supervised: Supervised): Promise<unknown> =>
  (await supervised.request({}, new Uint8Array())).header;

test('a request that meets an ended process is sent to the next one', async () => {
  const { start, end } = processes();
  await using supervised = await supervise({ start, backoff: () => 0 });
  expect(await ask(supervised)).toEqual({ number: 1 });
  end(1);
  expect(await ask(supervised)).toEqual({ number: 2 });
  expect(supervised.pid()).toBe(2);
});

test('a request that ends two processes is not sent to a third', async () => {
  const { start } = processes({ failing: [1, 2] });
  await using supervised = await supervise({ start, backoff: () => 0 });
  await expect(ask(supervised)).rejects.toMatchObject({ code: 'NOT_READY' });
  expect(await ask(supervised)).toEqual({ number: 3 });
});

test('pauses grow while no process replies, and start again after a reply', async () => {
  const counts: number[] = [];
  const { start, end } = processes({ refused: [2, 3] });
  await using supervised = await supervise({ start, backoff: (ends) => (counts.push(ends), 0) });
  end(1);
  await expect.poll(() => ask(supervised).catch(() => undefined)).toEqual({ number: 4 });
  end(4);
  expect(await ask(supervised)).toEqual({ number: 5 });
  expect(counts).toEqual([1, 2, 3, 1]);
});

test('a model that does not start at first is not started again', async () => {
  const { start, started } = processes({ refused: [1] });
  await expect(supervise({ start, backoff: () => 0 })).rejects.toMatchObject({ code: 'MODEL_UNSUPPORTED' });
  expect(started()).toBe(1);
});

test('a closed one starts no other process', async () => {
  const { start, end, started } = processes();
  const supervised = await supervise({ start, backoff: () => 0 });
  await supervised[Symbol.asyncDispose]();
  end(1);
  await new Promise((resolve) => setImmediate(resolve));
  expect(started()).toBe(1);
});
