import { PlatformError } from '../../kernel/errors.ts';

export interface QueueLimits {
  /** The most requests that wait behind the one that is served. */
  readonly waiting: number;
  /** The longest that a request waits, in milliseconds. */
  readonly milliseconds: number;
}

/** Serves requests one after another. */
export interface BoundedQueue {
  /** @throws PlatformError MODEL_BUSY if too many wait, or this one waited too long */
  run<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** An empty queue. Requests that fail do not stop the ones behind them. */
export function openQueue({ waiting, milliseconds }: QueueLimits): BoundedQueue {
  let last: Promise<unknown> = Promise.resolve();
  let count = 0;
  return {
    async run(work) {
      if (count > waiting) throw busy('requests that wait', waiting);
      count += 1;
      let state: 'waiting' | 'late' | 'started' = 'waiting';
      const turn = last.then(async () => {
        if (state === 'late') return undefined;
        state = 'started';
        return { result: await work() };
      });
      last = turn.catch(() => {});
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => {
          if (state === 'started') return;
          state = 'late';
          reject(busy('milliseconds of waiting', milliseconds));
        }, milliseconds);
      });
      try {
        const done = await Promise.race([turn, late]);
        if (done) return done.result;
        throw busy('milliseconds of waiting', milliseconds);
      } finally {
        clearTimeout(timer);
        count -= 1;
      }
    },
  };
}

function busy(field: string, value: number): PlatformError {
  return new PlatformError('MODEL_BUSY', {
    field,
    value,
    remedy:
      'The Python process of the model serves one request at a time: retry in a few seconds, or send many rows in one request.',
  });
}
