import { setTimeout as pause } from 'node:timers/promises';
import type { BatchView } from '../../api/batch-views.ts';
import type { Operations } from '../../api/routes.ts';
import type { BatchWorker } from '../../app/batch-worker.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { BatchId, BatchStatus } from '../../serving/batch/batch.ts';

interface FollowBatch {
  readonly operations: Pick<Operations, 'getBatch' | 'cancelBatch'>;
  /** Called with the batch after each look. */
  readonly onLook: (batch: BatchView) => void;
  /** Reports to a person. */
  readonly say: (text: string) => void;
  /** Milliseconds between two looks. @default 500 */
  readonly every?: number;
  /** Looks in a row without a response after which it gives up. @default 600 */
  readonly silent?: number;
}

const ended: ReadonlySet<BatchStatus> = new Set(['finished', 'failed', 'cancelled']);

/**
 * Waits for a batch that another process works on. A server that is away is asked again: it continues the batch.
 * @throws PlatformError NOT_READY when it stays away
 */
export async function followBatch(
  { id }: BatchView,
  { operations, onLook, say, every = 500, silent = 600 }: FollowBatch,
): Promise<BatchView> {
  for (let misses = 0; ;) {
    try {
      const batch = await operations.getBatch({ batch: id });
      misses = 0;
      onLook(batch);
      if (ended.has(batch.status)) return batch;
    } catch (error) {
      const isAway = error instanceof PlatformError && error.code === 'NOT_READY';
      if (!isAway || misses === silent) throw error;
      if (misses === 0) say('The server does not respond. The batch continues when it is back.\n');
      misses += 1;
    }
    await pause(every);
  }
}

/** Works on a batch in this process, or waits for another one over the same database. Ctrl-C cancels it; a second one ends the process. */
export async function performBatch(
  batch: BatchView,
  worker: Pick<BatchWorker, 'perform' | 'wake'>,
  options: FollowBatch,
): Promise<BatchView> {
  const { operations, onLook, say } = options;
  const cancel = (): void => {
    operations
      .cancelBatch({ batch: batch.id })
      .catch((error: unknown) =>
        say(`The batch was not cancelled: ${String(error)}\nPress Ctrl-C again to end the process.\n`),
      );
  };
  const look = (): void => void operations.getBatch({ batch: batch.id }).then(onLook, () => undefined);
  const looking = setInterval(look, options.every ?? 500);
  process.once('SIGINT', cancel);
  try {
    await worker.perform(batch.id as BatchId);
  } finally {
    clearInterval(looking);
    process.off('SIGINT', cancel);
  }
  return followBatch(batch, options);
}
