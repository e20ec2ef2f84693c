import { Worker } from 'node:worker_threads';
import { type ErrorBody, platformError } from '../../kernel/errors.ts';
import { openSemaphore } from '../../pipeline/semaphore.ts';
import type { Target } from '../../project/models/kind.ts';
import type {
  TrainerOptions,
  TrainingRows,
  TrainingSubsets,
  TrialResult,
} from '../../project/models/trainer.ts';

/** A trial in a thread. */
export interface ThreadTrial {
  readonly options: TrainerOptions;
  readonly rows: TrainingSubsets;
}

export interface TrialThreads extends Disposable {
  tryOptions(trial: ThreadTrial): Promise<TrialResult>;
}

/** Runs in the thread. It is text, so that a thread starts in the same way from source and from the build. */
const threadText = `
import { parentPort, workerData } from 'node:worker_threads';
const loaded = import(workerData.trainer);
parentPort.on('message', async ({ options, rows }) => {
  try {
    const { fn } = await loaded;
    parentPort.postMessage({ result: await fn.definition.trial(options, rows, { target: workerData.target }) });
  } catch (error) {
    const body = typeof error?.toJSON === 'function' ? error.toJSON() : undefined;
    parentPort.postMessage({ error: { body, text: String(error?.stack ?? error) } });
  }
});
`;

const threadModule = new URL(`data:text/javascript,${encodeURIComponent(threadText)}`);

interface Reply {
  readonly result?: TrialResult;
  readonly error?: { readonly body?: ErrorBody; readonly text: string };
}

/**
 * Threads that run trials, one at a time each. Rows are shared with them, not copied.
 * @param trainer the address of a module whose export `fn` is the trainer
 */
export function openTrialThreads(
  trainer: string,
  { count, target }: { readonly count: number; readonly target: Target },
): TrialThreads {
  const permits = openSemaphore(count);
  const idle: Worker[] = [];
  const all: Worker[] = [];
  const open = (): Worker => {
    const worker = new Worker(threadModule, { workerData: { trainer, target } });
    all.push(worker);
    return worker;
  };
  return {
    async tryOptions(trial) {
      using _permit = await permits.acquire();
      const worker = idle.pop() ?? open();
      const { result, error } = await replyOf(worker, trial);
      idle.push(worker);
      if (result) return result;
      throw error?.body ? platformError(error.body) : new Error(error?.text);
    },
    [Symbol.dispose]() {
      for (const worker of all) void worker.terminate();
    },
  };
}

/** @throws if the thread ends without a reply */
function replyOf(worker: Worker, trial: ThreadTrial): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number): void => reject(new Error(`the thread of a trial ended with code ${code}`));
    const onError = (error: unknown): void =>
      reject(error instanceof Error ? error : new Error(String(error)));
    worker.once('exit', onExit);
    worker.once('error', onError);
    worker.once('message', (reply: Reply) => {
      worker.off('exit', onExit);
      worker.off('error', onError);
      resolve(reply);
    });
    worker.postMessage(trial);
  });
}

/** The same rows in memory that threads share. */
export function shareRows({ matrix, target, group, order }: TrainingRows): TrainingRows {
  return {
    matrix: { ...matrix, columns: matrix.columns.map((column) => shared(Float32Array, column)) },
    target: shared(Float64Array, target),
    group: shared(Int32Array, group),
    order: shared(Float64Array, order),
  };
}

function shared<Kind extends Float32Array | Float64Array | Int32Array>(
  type: new (buffer: SharedArrayBuffer) => Kind,
  values: Kind,
): Kind {
  const copy = new type(new SharedArrayBuffer(values.byteLength));
  copy.set(values);
  return copy;
}
