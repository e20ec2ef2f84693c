import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { BlobStore } from '../data/blob-store.ts';
import type { Clock } from '../kernel/clock.ts';
import { type ErrorBody, PlatformError } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import { type Batch, batchFilesStay, type BatchId, newAttempt } from '../serving/batch/batch.ts';
import type { BatchFiles } from '../serving/batch/files.ts';
import { copyExpanded } from '../serving/batch/local-file.ts';
import { runBatch } from '../serving/batch/run-batch.ts';
import type { BatchEnd, BatchStore } from '../serving/batch/store.ts';
import { unlikeFinder } from './field-warnings.ts';
import { modelNamed, type Projects } from './hosted-models.ts';

export interface BatchWorkerOptions {
  readonly batches: BatchStore;
  readonly files: BatchFiles;
  readonly blobs: Pick<BlobStore, 'scratch'>;
  /** This process, among all that have the database. */
  readonly owner: string;
  readonly projects: Projects;
  readonly now: Clock;
  readonly log: Log;
  /** Milliseconds between two looks at what other processes did. @default 2000 */
  readonly every?: number;
  /** Milliseconds between two parts of an output. @default 2000 */
  readonly partEvery?: number;
}

/** Makes the predictions of batches, one batch at a time. */
export interface BatchWorker extends AsyncDisposable {
  /** Continues batches of dead processes, takes queued ones, and removes files that expired. */
  start(): void;
  /** Looks at the queue now. */
  wake(): void;
  /** Does this batch alone, without `start`, unless another process has it. */
  perform(id: BatchId): Promise<void>;
  /** Removes batches that expired, with their files, and files that no batch has. */
  expire(): Promise<void>;
}

/** Processes that may die over the same rows. */
const mostAttempts = 3;

/** Between two tries to store the end of a batch, in milliseconds. */
const longestPause = 30_000;

/** How long files stay that no batch names, such as those of a process that died while it stored them: a day. */
const unnamedFilesStay = 86_400_000;

/** Between two looks for expired files, in milliseconds. */
const expireEvery = 600_000;

export function openBatchWorker(options: BatchWorkerOptions): BatchWorker {
  const { batches, files, owner, projects, now, log, every = 2000 } = options;
  const closing = new AbortController();
  let active: { readonly id: BatchId; readonly abort: AbortController } | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  let isStarted = false;

  const work = async (batch: Batch): Promise<void> => {
    const abort = new AbortController();
    active = { id: batch.id, abort };
    const signal = AbortSignal.any([abort.signal, closing.signal]);
    try {
      const end = await outcomeOf(batch, signal, options);
      // The next process continues what this one leaves when it stops.
      if (closing.signal.aborted && end.status === 'cancelled') return;
      const endedAt = now();
      await storeEnd(batch.id, { ...end, endedAt, expiresAt: endedAt + batchFilesStay });
      log.info('a batch ended', { batch: batch.id, endpoint: batch.endpoint, status: end.status });
    } finally {
      active = undefined;
    }
  };
  /** A database that is away for a while must not leave a batch running for good. */
  const storeEnd = async (id: BatchId, end: BatchEnd): Promise<void> => {
    for (let wait = every; ; wait = Math.min(wait * 2, longestPause)) {
      try {
        await batches.end(id, owner, end);
        return;
      } catch (error) {
        if (closing.signal.aborted) throw error;
        log.error('the end of a batch was not stored; trying again', { batch: id, error: String(error) });
        await pause(wait, undefined, { signal: closing.signal }).catch(() => undefined);
      }
    }
  };
  const workThrough = async (): Promise<void> => {
    while (isStarted && !closing.signal.aborted) {
      const names = projects().map(({ plan }) => plan.project.name);
      const batch = await batches.claim({ projects: names, owner, now: now() });
      if (!batch) return;
      await work(batch);
    }
  };
  const expire = async (): Promise<void> => {
    const time = now();
    for (const { id } of await batches.expired(time))
      if (await batches.removeExpired(id, time)) await files.remove(id);
    for (const id of await batches.unknown(await files.stored())) {
      const storedAt = await files.storedAt(id);
      if (storedAt !== undefined && storedAt < time - unnamedFilesStay) await files.remove(id);
    }
  };
  const inTurn = (task: () => Promise<void>): Promise<void> => {
    const done = turn.then(task);
    turn = done.catch(() => undefined);
    return done;
  };
  const failed = (error: unknown): void =>
    log.error('batches were not read', { error: error instanceof Error ? error.stack : String(error) });
  const stopCancelled = async (): Promise<void> => {
    const asked = active;
    const batch = asked && (await batches.find(asked.id));
    if (asked && (batch?.status !== 'running' || batch.cancelRequested)) asked.abort.abort();
  };
  const look = (): void => {
    if (active) stopCancelled().catch(failed);
    else if (isStarted) inTurn(workThrough).catch(failed);
  };
  const timers: NodeJS.Timeout[] = [];
  return {
    start() {
      isStarted = true;
      timers.push(setInterval(look, every).unref());
      timers.push(setInterval(() => expire().catch(failed), expireEvery).unref());
      expire().catch(failed);
      look();
    },
    wake: look,
    expire,
    perform: (id) =>
      inTurn(async () => {
        const names = projects().map(({ plan }) => plan.project.name);
        const batch = await batches.claim({ projects: names, owner, now: now(), id });
        if (batch) await work(batch);
      }),
    async [Symbol.asyncDispose]() {
      for (const timer of timers) clearInterval(timer);
      closing.abort();
      await turn;
    },
  };
}

/** Works on a batch until it ends. Never throws. */
async function outcomeOf(
  batch: Batch,
  signal: AbortSignal,
  { batches, files, blobs, owner, projects, log, partEvery }: BatchWorkerOptions,
): Promise<Pick<BatchEnd, 'status' | 'error'>> {
  const { id, input } = batch;
  try {
    if (batch.attempt > mostAttempts) throw keepsDying(batch);
    const { endpoint } = modelNamed(projects, batch.endpoint, 'endpoint');
    await using scratch = await blobs.scratch();
    const path = join(scratch.path, 'input');
    await copyExpanded(files.readInput(id), path, { file: input.file, signal });
    await using served = await endpoint.open(input);
    const isDone = await runBatch(batch, {
      path,
      served,
      signal,
      attempt: newAttempt(),
      findUnlike: unlikeFinder(served),
      putPart: (part, content) => files.putPart(id, part, content),
      advance: (progress) => batches.advance(id, owner, progress),
      ...(partEvery !== undefined && { partEvery }),
    });
    return { status: isDone ? 'finished' : 'cancelled' };
  } catch (error) {
    if (signal.aborted) return { status: 'cancelled' };
    if (!(error instanceof PlatformError))
      log.error('a batch failed', { batch: id, error: error instanceof Error ? error.stack : String(error) });
    return { status: 'failed', error: bodyOf(error) };
  }
}

function keepsDying({ done, attempt }: Batch): PlatformError {
  return new PlatformError('INTERNAL', {
    field: 'batch',
    value: `${attempt - 1} processes ended after row ${done}`,
    remedy: 'The next rows end the process, perhaps for want of memory: see the log of the server.',
  });
}

function bodyOf(error: unknown): ErrorBody {
  if (error instanceof PlatformError) return error.toJSON();
  const remedy = 'This is a bug of Modelyard; the log of the server has its trace.';
  return new PlatformError('INTERNAL', { field: 'batch', value: String(error), remedy }).toJSON();
}
