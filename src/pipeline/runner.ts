import type { Clock } from '../kernel/clock.ts';
import type { Digest } from '../kernel/digest.ts';
import { PlatformError } from '../kernel/errors.ts';
import { withTimeout } from './task-timeout.ts';
import { taskKey } from './cache-key.ts';
import type { Launcher, ResultStore, TaskState } from './ports.ts';
import { openSemaphore, type Semaphore } from './semaphore.ts';
import type { Task, TaskEvent, TaskName, TaskResult, TaskSpec } from './task.ts';

/** Notified of everything that happens in a run, in order. */
export interface RunObserver {
  /** Awaited once, before the first work that is not a cache hit, or before a failure is reported. */
  begin(): Promise<void>;
  changed(state: TaskState): void;
  event(task: Task, event: TaskEvent): void;
}

/** Runs a task of process 'server' in this process. */
export type ServerTasks = (
  task: Task,
  spec: TaskSpec,
) => Promise<Pick<TaskResult, 'outputs' | 'facts'> & { readonly hit: boolean }>;

export interface RunnerDeps {
  readonly results: ResultStore;
  readonly launcher: Launcher;
  readonly serverTasks: ServerTasks;
  readonly now: Clock;
  /** Called for a result that would be used again. @throws PlatformError if it may not be @default every result may be */
  readonly checkHit?: (task: Task, result: TaskResult) => Promise<void>;
  /** The number of concurrent tasks. */
  readonly concurrency: number;
}

export interface RunOptions {
  /** Results that are there already: their tasks are hits without a look at their keys. @default none */
  readonly given?: ReadonlyMap<TaskName, TaskResult>;
  readonly observer: RunObserver;
  readonly signal: AbortSignal;
}

export interface RunSummary {
  readonly results: ReadonlyMap<TaskName, TaskResult>;
  /** In the order of their failure. */
  readonly failures: readonly { readonly task: TaskName; readonly error: PlatformError }[];
}

/**
 * Runs tasks as their inputs become ready, several at once. A task whose key has a result is a hit. If a task fails, those
 * that need it are skipped, and all others still run. Tasks that an abort stops are skipped.
 * @param tasks in topological order: a task comes after those that it reads
 */
export async function runTasks(
  tasks: readonly Task[],
  deps: RunnerDeps,
  { observer, signal, given }: RunOptions,
): Promise<RunSummary> {
  const results = new Map<TaskName, TaskResult>();
  const failures: { task: TaskName; error: PlatformError }[] = [];
  const pending = new Map<TaskName, Promise<void>>();
  const context: RunContext = {
    ...deps,
    observer,
    signal,
    semaphore: openSemaphore(deps.concurrency),
    begin: once(() => observer.begin()),
  };

  const runTask = async (task: Task): Promise<void> => {
    const result = given?.get(task.name);
    if (result) {
      results.set(task.name, finished({ ...result, task: task.name }, true, observer));
      return;
    }
    for (const input of Object.values(task.inputs)) await pending.get(input.task);
    const inputs = inputDigests(task, results);
    if (!inputs || signal.aborted) return observer.changed({ task: task.name, status: 'skipped' });
    try {
      results.set(task.name, await attempt(task, inputs, context));
    } catch (cause) {
      if (signal.aborted) return observer.changed({ task: task.name, status: 'skipped' });
      const error = asPlatformError(cause, task.name);
      failures.push({ task: task.name, error });
      await context.begin();
      observer.changed({ task: task.name, status: 'failed', endedAt: deps.now(), error: error.toJSON() });
    }
  };

  for (const task of tasks) pending.set(task.name, runTask(task));
  const ended = await Promise.allSettled(pending.values());
  const broken = ended.find((end) => end.status === 'rejected');
  if (broken) throw broken.reason;
  return { results, failures };
}

/** The state of a run, for its tasks. */
interface RunContext extends RunnerDeps, RunOptions {
  readonly semaphore: Semaphore;
  readonly begin: () => Promise<void>;
}

async function attempt(
  task: Task,
  inputs: Readonly<Record<string, Digest>>,
  { results, launcher, serverTasks, checkHit, now, semaphore, begin, observer, signal }: RunContext,
): Promise<TaskResult> {
  const key = taskKey(task, inputs);
  const before = task.reuse === 'never' ? undefined : await results.find(key);
  if (before && task.reuse === 'by-key') {
    await checkHit?.(task, before);
    const hit = { ...before, task: task.name };
    // Code that was changed back, or the same work under another name: its tables are the newest again.
    if ((await results.last(task.name))?.key !== key) await results.save(hit);
    return finished(hit, true, observer);
  }
  if (task.reuse === 'by-key') await begin();
  using _permit = await semaphore.acquire();
  signal.throwIfAborted();
  const spec = { ...specOf(task, { key, inputs, previous: before }), ...(await lastOf(task, results)) };
  const startedAt = now();
  observer.changed({ task: task.name, status: 'running', key, startedAt });
  if (task.process === 'server') {
    const { hit, ...outcome } = await serverTasks(task, spec);
    if (!hit) await begin();
    return finished({ ...outcome, key, task: task.name, startedAt, endedAt: now() }, hit, observer);
  }
  const result = await withTimeout(task, signal, (limited) =>
    launcher.launch(spec, { signal: limited, onEvent: (event) => observer.event(task, event) }),
  );
  await results.save(result);
  const isSame = before !== undefined && sameOutputs(before, result);
  if (!isSame) await begin();
  return finished(result, isSame, observer);
}

async function lastOf({ last }: Task, results: ResultStore): Promise<Pick<TaskSpec, 'last'>> {
  if (!last) return {};
  const found = await Promise.all(
    Object.entries(last).map(async ([name, task]) => [name, await results.last(task)] as const),
  );
  return {
    last: Object.fromEntries(found.flatMap(([name, result]) => (result ? [[name, result] as const] : []))),
  };
}

function specOf(
  { name, operation, code, params, outputs, secrets }: Task,
  { key, inputs, previous }: Pick<TaskSpec, 'key' | 'inputs'> & { readonly previous: TaskResult | undefined },
): TaskSpec {
  return {
    task: name,
    operation,
    key,
    inputs,
    code,
    params,
    outputs,
    ...(secrets && { secrets }),
    ...(previous && { previous }),
  };
}

function finished(result: TaskResult, isHit: boolean, observer: RunObserver): TaskResult {
  observer.changed({ ...result, status: isHit ? 'hit' : 'done' });
  return result;
}

function asPlatformError(cause: unknown, task: TaskName): PlatformError {
  if (cause instanceof PlatformError) return cause;
  return new PlatformError(
    'INTERNAL',
    { field: task, value: String(cause), remedy: 'This is a bug of Modelyard; the log has its trace.' },
    { cause },
  );
}

function inputDigests(
  task: Task,
  results: ReadonlyMap<TaskName, TaskResult>,
): Readonly<Record<string, Digest>> | undefined {
  const digests: Record<string, Digest> = {};
  for (const [name, input] of Object.entries(task.inputs)) {
    const digest = results.get(input.task)?.outputs[input.output];
    if (digest === undefined) return undefined;
    digests[name] = digest;
  }
  return digests;
}

function sameOutputs(a: TaskResult, b: TaskResult): boolean {
  const names = Object.keys(a.outputs);
  return (
    names.length === Object.keys(b.outputs).length &&
    names.every((name) => a.outputs[name] === b.outputs[name])
  );
}

function once(action: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return async () => {
    done ??= action();
    await done;
  };
}
