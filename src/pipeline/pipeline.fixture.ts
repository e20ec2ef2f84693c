import { type Digest, digestOf } from '../kernel/digest.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { Launcher, ResultStore, TaskState } from './ports.ts';
import type { RunObserver } from './runner.ts';
import type { Task, TaskResult, TaskSpec } from './task.ts';

/** A task that reads the output `out` of each of `needs`. */
export function fakeTask(name: string, needs: readonly string[] = [], change: Partial<Task> = {}): Task {
  return {
    name,
    operation: 'work',
    process: 'own',
    declared: { kind: 'step', name },
    inputs: Object.fromEntries(needs.map((need) => [need, { task: need, output: 'out' }])),
    code: {},
    params: { name },
    outputs: { out: { kind: 'value' } },
    reuse: 'by-key',
    limits: { attempts: 1 },
    ...change,
  };
}

export function fakeResult(spec: TaskSpec, out: string, facts: JsonObject = {}): TaskResult {
  const outputs: Readonly<Record<string, Digest>> = { out: digestOf(out) };
  return { key: spec.key, task: spec.task, outputs, facts, startedAt: 1, endedAt: 2 };
}

/** Results in memory. */
export function memoryResults(): ResultStore & { readonly saved: readonly TaskResult[] } {
  const byKey = new Map<Digest, TaskResult>();
  const saved: TaskResult[] = [];
  return {
    saved,
    find: async (key) => byKey.get(key),
    async save(result) {
      byKey.set(result.key, result);
      saved.push(result);
    },
    last: async (task) => saved.findLast((result) => result.task === task),
  };
}

export interface Work {
  readonly spec: TaskSpec;
  readonly signal: AbortSignal;
  readonly onEvent: Parameters<Launcher['launch']>[1]['onEvent'];
}

/** Runs tasks in this process; each makes its own name unless `work` says otherwise. */
export function fakeLauncher(
  work: Readonly<Record<string, (work: Work) => Promise<TaskResult>>> = {},
): Launcher & { readonly launched: readonly string[]; readonly specs: readonly TaskSpec[] } {
  const specs: TaskSpec[] = [];
  return {
    specs,
    get launched() {
      return specs.map(({ task }) => task);
    },
    async launch(spec, { onEvent, signal }) {
      specs.push(spec);
      const doWork = work[spec.task];
      return doWork
        ? doWork({ spec, signal, onEvent })
        : fakeResult(spec, `${spec.task} ${Object.values(spec.inputs).join()}`);
    },
  };
}

/** Writes down what it is told: 'begin', 'a running', 'a log'. */
export function notingObserver(): RunObserver & {
  readonly reported: readonly string[];
  readonly states: ReadonlyMap<string, TaskState>;
} {
  const reported: string[] = [];
  const states = new Map<string, TaskState>();
  return {
    reported,
    states,
    begin: async () => void reported.push('begin'),
    changed(state) {
      reported.push(`${state.task} ${state.status}`);
      states.set(state.task, state);
    },
    event: (task, event) => void reported.push(`${task.name} ${event.type}`),
  };
}
