import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { siblingEntry } from '../../kernel/entry.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { type Job, TreeThread, type TrainingPlan } from './tree-thread.ts';

/** Threads that grow trees together; the caller's own is one of them. */
export interface TreeThreads {
  readonly count: number;
  /** Makes every thread ready for a training. */
  start(plan: TrainingPlan): RunningTraining;
  close(): Promise<void>;
}

export interface RunningTraining {
  readonly thread: TreeThread;
  /** Returns when every thread has done its part. */
  run(job: Job): void;
  end(): void;
}

/** One thread needs no others. */
export const oneThread: TreeThreads = {
  count: 1,
  start(plan) {
    const thread = new TreeThread(plan, 0);
    return { thread, run: (job) => thread.run(job), end: () => undefined };
  },
  close: () => Promise.resolve(),
};

export async function openThreads(count: number): Promise<TreeThreads> {
  if (count <= 1) return oneThread;
  const { path, execArgv } = siblingEntry(import.meta.url, './tree-worker');
  const workers = Array.from({ length: count - 1 }, () => new Worker(path, { execArgv: [...execArgv] }));
  try {
    await Promise.all(workers.map((worker) => once(worker, 'message')));
  } catch (cause) {
    await Promise.all(workers.map((worker) => worker.terminate()));
    throw cause;
  }
  for (const worker of workers) worker.unref();
  return {
    count,
    start(plan) {
      for (const [at, worker] of workers.entries()) worker.postMessage({ plan, thread: at + 1 });
      return runTogether(new TreeThread(plan, 0), count);
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

/** What the numbers of the shared control array are. */
export const control = { round: 0, pending: 1, job: 2, first: 3, second: 4, failed: 5 } as const;

const kinds = ['partition', 'search', 'update', 'derive'] as const;
const endOfTraining = -1;

function runTogether(thread: TreeThread, count: number): RunningTraining {
  const { control: shared } = thread.arrays;
  const give = (kind: number, [first, second]: readonly [number, number]): void => {
    shared[control.job] = kind;
    shared[control.first] = first;
    shared[control.second] = second;
    Atomics.store(shared, control.pending, count - 1);
    Atomics.add(shared, control.round, 1);
    Atomics.notify(shared, control.round);
  };
  return {
    thread,
    run(job) {
      give(kinds.indexOf(job.kind), argumentsOf(job));
      thread.run(job);
      awaitOthers(shared);
    },
    end: () => give(endOfTraining, [0, 0]),
  };
}

function argumentsOf(job: Job): readonly [number, number] {
  switch (job.kind) {
    case 'partition':
      return [job.nodes, 0];
    case 'search':
      return [job.fills, job.nodes];
    case 'update':
      return [job.output, job.leaves];
    case 'derive':
      return [0, 0];
  }
}

export function jobIn(shared: Int32Array): Job | undefined {
  const [first, second] = [shared[control.first] as number, shared[control.second] as number];
  const kind = kinds[shared[control.job] as number];
  if (kind === undefined) return undefined;
  switch (kind) {
    case 'partition':
      return { kind: 'partition', nodes: first };
    case 'search':
      return { kind: 'search', fills: first, nodes: second };
    case 'update':
      return { kind: 'update', output: first, leaves: second };
    case 'derive':
      return { kind: 'derive' };
  }
}

/** Most parts end within microseconds of each other: looking again is faster than sleeping. */
export const looks = 2000;
const patience = 600_000;

function awaitOthers(shared: Int32Array): void {
  for (let look = 0; look < looks; look++) if (Atomics.load(shared, control.pending) === 0) break;
  for (
    let left = Atomics.load(shared, control.pending);
    left > 0;
    left = Atomics.load(shared, control.pending)
  )
    if (Atomics.wait(shared, control.pending, left, patience) === 'timed-out') throw lost('did not answer');
  if (Atomics.load(shared, control.failed) !== 0) throw lost('failed');
}

function lost(what: string): PlatformError {
  return new PlatformError('INTERNAL', {
    field: 'training thread',
    value: what,
    remedy: 'Train again; if it happens again, report it.',
  });
}
