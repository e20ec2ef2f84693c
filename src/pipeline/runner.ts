import type { Clock } from '../kernel/clock.ts';
import type { Digest } from '../kernel/digest.ts';
import { PlatformError } from '../kernel/errors.ts';
import { taskKey } from './cache-key.ts';
import type { Launcher, ResultStore, TaskState } from './ports.ts';
import { openSlots } from './slots.ts';
import type { Task, TaskEvent, TaskName, TaskResult, TaskSpec } from './task.ts';

/** Told of everything that happens in a run, in order. */
export interface RunObserver {
  /** Awaited once, before the first work that is no cache hit, or before a failure is told. */
  begin(): Promise<void>;
  changed(state: TaskState): void;
  event(task: Task, event: TaskEvent): void;
}

/** Work that is done in this process, because it reads or writes the database. */
export type Inline = (
  task: Task,
  spec: TaskSpec,
) => Promise<Pick<TaskResult, 'outputs' | 'facts'> & { readonly hit: boolean }>;

export interface RunnerDeps {
  readonly results: ResultStore;
  readonly launcher: Launcher;
  /** By operation. */
  readonly inline: Readonly<Record<string, Inline>>;
  readonly now: Clock;
  /** How many tasks run at once. */
  readonly slots: number;
}

export interface RunOptions {
  readonly observer: RunObserver;
  readonly signal: AbortSignal;
}

export interface RunSummary {
  readonly results: ReadonlyMap<TaskName, TaskResult>;
  /** In the order in which they failed. */
  readonly failures: readonly { readonly task: TaskName; readonly error: PlatformError }[];
}

/**
 * Runs tasks as their inputs become ready, several at once. A task whose key has a result is a hit; what needs a failed
 * task is skipped; everything else still runs, so that one fault costs no finished work.
 * @param tasks in topological order: a task stands after those that it reads
 */
export async function runTasks(
  tasks: readonly Task[],
  deps: RunnerDeps,
  { observer, signal }: RunOptions,
): Promise<RunSummary> {
  const results = new Map<TaskName, TaskResult>();
  const failures: { task: TaskName; error: PlatformError }[] = [];
  const slots = openSlots(deps.slots);
  const pending = new Map<TaskName, Promise<void>>();
  const begin = once(() => observer.begin());

  const runTask = async (task: Task): Promise<void> => {
    for (const input of Object.values(task.inputs)) await pending.get(input.task);
    const inputs = inputDigests(task, results);
    if (!inputs || signal.aborted) return observer.changed({ task: task.name, status: 'skipped' });
    try {
      results.set(task.name, await attempt(task, inputs));
    } catch (cause) {
      const error =
        cause instanceof PlatformError
          ? cause
          : new PlatformError(
              'INTERNAL',
              {
                field: task.name,
                value: String(cause),
                remedy: 'This is a fault of Modelyard; the log has its trace.',
              },
              { cause },
            );
      failures.push({ task: task.name, error });
      await begin();
      observer.changed({ task: task.name, status: 'failed', endedAt: deps.now(), error: error.toJSON() });
    }
  };

  const attempt = async (task: Task, inputs: Readonly<Record<string, Digest>>): Promise<TaskResult> => {
    const key = taskKey(task, inputs);
    const known = task.reuse === 'by-key' ? await deps.results.find(key) : undefined;
    if (known) return finish({ ...known, task: task.name }, true);
    if (task.reuse === 'by-key') await begin();
    using _slot = await slots.take();
    signal.throwIfAborted();
    const previous = task.reuse === 'always-look' ? await deps.results.find(key) : undefined;
    const { operation, code, params, outputs } = task;
    const spec: TaskSpec = {
      task: task.name,
      operation,
      key,
      inputs,
      code,
      params,
      outputs,
      ...(previous && { previous }),
    };
    const startedAt = deps.now();
    observer.changed({ task: task.name, status: 'running', key, startedAt });
    const inline = deps.inline[operation];
    if (inline) {
      const { hit: unchanged, ...made } = await inline(task, spec);
      return finish({ ...made, key, task: task.name, startedAt, endedAt: deps.now() }, unchanged);
    }
    const made = await deps.launcher.launch(spec, {
      signal,
      onEvent: (event) => observer.event(task, event),
    });
    await deps.results.save(made);
    return finish(made, previous !== undefined && sameOutputs(previous, made));
  };

  const finish = (result: TaskResult, wasHit: boolean): TaskResult => {
    const { key, outputs, facts, startedAt, endedAt } = result;
    observer.changed({
      task: result.task,
      status: wasHit ? 'hit' : 'done',
      key,
      outputs,
      facts,
      startedAt,
      endedAt,
    });
    return result;
  };

  for (const task of tasks) pending.set(task.name, runTask(task));
  await Promise.all(pending.values());
  return { results, failures };
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
