import { setTimeout as pause } from 'node:timers/promises';
import { formatCause, PlatformError } from '../../kernel/errors.ts';
import type { Frame } from './frames.ts';
import { RunnerEnded, type RunnerProcess } from './runner-process.ts';

/** A process that is started again when it ends. */
export interface Supervised extends AsyncDisposable {
  readonly loaded: Frame['header'];
  /** Of the process that runs now. */
  pid(): number | undefined;
  /**
   * A request whose process ended is sent once more, to the next process.
   * @throws PlatformError NOT_READY if the process ended twice or does not start again
   */
  request(header: object, body: Uint8Array): Promise<Frame>;
}

export interface SupervisedOptions {
  readonly start: () => Promise<RunnerProcess>;
  /** Milliseconds before a start that follows `ends` ends without a reply between them. @default 0.1 s, doubled up to 30 s */
  readonly backoff?: (ends: number) => number;
}

/** @throws the error of the first start */
export async function supervise({ start, backoff = doubling }: SupervisedOptions): Promise<Supervised> {
  const stopped = new AbortController();
  const pending = new Set<Promise<unknown>>();
  const first = await start();
  let current: Promise<RunnerProcess> = Promise.resolve(first);
  let pid = first.pid;
  let ends = 0;
  const restart = async (): Promise<RunnerProcess> => {
    ends += 1;
    await pause(backoff(ends), undefined, { signal: stopped.signal, ref: false });
    const next = await start();
    pid = next.pid;
    watch(next);
    return next;
  };
  const begin = (): void => {
    if (stopped.signal.aborted) return;
    const started = restart();
    current = started;
    // Requests meanwhile get the reason.
    started.catch(() => current === started && begin());
  };
  const watch = (process: RunnerProcess): void => void process.ended.then(begin);
  watch(first);
  const request = async (header: object, body: Uint8Array): Promise<Frame> => {
    for (let attempt = 1; ; attempt++) {
      const process = await current.catch((cause: unknown) => {
        throw notReady(cause);
      });
      try {
        const reply = await process.request(header, body);
        ends = 0;
        return reply;
      } catch (error) {
        if (!(error instanceof RunnerEnded)) throw error;
        if (attempt === 2) throw notReady(error);
        await process.ended;
      }
    }
  };
  return {
    loaded: first.loaded,
    pid: () => pid,
    request(header, body) {
      const reply = request(header, body);
      pending.add(reply);
      const done = (): unknown => pending.delete(reply);
      reply.then(done, done);
      return reply;
    },
    async [Symbol.asyncDispose]() {
      await Promise.allSettled(pending);
      stopped.abort();
      const process = await current.catch(() => undefined);
      await process?.stop();
    },
  };
}

function doubling(ends: number): number {
  return Math.min(30_000, 100 * 2 ** (ends - 1));
}

function notReady(cause: unknown): PlatformError {
  return new PlatformError(
    'NOT_READY',
    {
      field: 'Python model',
      value: formatCause(cause),
      remedy: 'Its process ended and starts again: retry in a few seconds.',
    },
    { cause },
  );
}
