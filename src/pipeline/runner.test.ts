import { expect, onTestFinished, test } from 'vitest';
import { digestOf } from '../kernel/digest.ts';
import { PlatformError } from '../kernel/errors.ts';
import {
  fakeLauncher,
  fakeResult,
  fakeTask,
  memoryResults,
  notingObserver,
  type Work,
} from './pipeline.fixture.ts';
import type { ResultStore } from './ports.ts';
import { runTasks, type RunnerDeps, type RunSummary } from './runner.ts';
import type { Task, TaskResult } from './task.ts';

function run(
  tasks: readonly Task[],
  change: Partial<RunnerDeps> = {},
  { observer = notingObserver(), signal = new AbortController().signal } = {},
): Promise<RunSummary> {
  let time = 100;
  const deps = {
    results: memoryResults(),
    launcher: fakeLauncher(),
    serverTasks: () => Promise.reject(new Error('none was planned')),
    now: () => time++,
    concurrency: 4,
  };
  return runTasks(tasks, { ...deps, ...change }, { observer, signal });
}

const fails = async (): Promise<never> => {
  throw new PlatformError('DATA_INVALID', { field: 'rows', value: 0, remedy: 'Give some.' });
};
const diamond = [fakeTask('a'), fakeTask('b', ['a']), fakeTask('c', ['a']), fakeTask('d', ['b', 'c'])];

test('a task starts when all that it reads is there, and is given the digests', async () => {
  const launcher = fakeLauncher();
  const { results, failures } = await run(diamond, { launcher });
  expect(failures).toEqual([]);
  expect(launcher.launched).toEqual(['a', 'b', 'c', 'd']);
  expect(launcher.specs[3]?.inputs).toEqual({
    b: results.get('b')?.outputs['out'],
    c: results.get('c')?.outputs['out'],
  });
});

test('tasks that do not need each other run at once, up to the concurrency limit', async () => {
  let meet = (): void => {};
  const met = new Promise<void>((resolve) => (meet = resolve));
  let [running, most] = [0, 0];
  const work = async ({ spec }: Work): Promise<TaskResult> => {
    running += 1;
    most = Math.max(most, running);
    if (running === 2) meet();
    await met;
    running -= 1;
    return fakeResult(spec, spec.task);
  };
  const launcher = fakeLauncher({ a: work, b: work, c: work });
  const { results } = await run(
    ['a', 'b', 'c'].map((name) => fakeTask(name)),
    { launcher, concurrency: 2 },
  );
  expect([...results.keys()].toSorted()).toEqual(['a', 'b', 'c']);
  expect(most).toBe(2);
});

test('what has a result is not done again: the run never begins', async () => {
  const results = memoryResults();
  await run(diamond, { results });
  const [launcher, observer] = [fakeLauncher(), notingObserver()];
  const again = await run(diamond, { results, launcher }, { observer });
  expect(launcher.launched).toEqual([]);
  expect(observer.reported).toEqual(['a hit', 'b hit', 'c hit', 'd hit']);
  expect(again.results.get('d')).toEqual(results.saved[3]);
});

test('the same work under another name is a hit under that name', async () => {
  const results = memoryResults();
  await run([fakeTask('a', [], { params: {} })], { results });
  const observer = notingObserver();
  const renamed = await run([fakeTask('b', [], { params: {} })], { results }, { observer });
  expect(observer.reported).toEqual(['b hit']);
  expect(renamed.results.get('b')?.task).toBe('b');
});

test('a hit is the last result of its task again', async () => {
  const results = memoryResults();
  const version = (params: number): Task => fakeTask('a', [], { params: { version: params } });
  const first = await run([version(1)], { results });
  await run([version(2)], { results });
  await run([version(1)], { results });
  expect((await results.last('a'))?.key).toBe(first.results.get('a')?.key);
  await run([fakeTask('b', [], { params: { version: 1 } })], { results });
  expect(await results.last('b')).toMatchObject({ task: 'b', key: first.results.get('a')?.key });
});

test('begins once, before the first work, and tells everything in order', async () => {
  const results = memoryResults();
  await run([fakeTask('a')], { results });
  const observer = notingObserver();
  const launcher = fakeLauncher({
    async b({ spec, onEvent }) {
      onEvent({ type: 'log', line: 'counts' });
      return fakeResult(spec, 'b');
    },
  });
  await run([fakeTask('a'), fakeTask('b', ['a']), fakeTask('c', ['b'])], { results, launcher }, { observer });
  expect(observer.reported).toEqual([
    'a hit',
    'begin',
    'b running',
    'b log',
    'b done',
    'c running',
    'c done',
  ]);
  expect(observer.states.get('c')).toMatchObject({
    startedAt: 1,
    endedAt: 2,
    key: results.saved.at(-1)?.key,
  });
});

test('a task that fails takes those that need it along, and no others', async () => {
  const observer = notingObserver();
  const tasks = [...diamond, fakeTask('e'), fakeTask('f', ['e', 'd'])];
  const { results, failures } = await run(tasks, { launcher: fakeLauncher({ b: fails }) }, { observer });
  expect(failures).toMatchObject([{ task: 'b', error: { code: 'DATA_INVALID' } }]);
  expect([...results.keys()].toSorted()).toEqual(['a', 'c', 'e']);
  const statuses = [...observer.states.values()].map(({ task, status }) => `${task} ${status}`);
  expect(statuses.toSorted()).toEqual(['a done', 'b failed', 'c done', 'd skipped', 'e done', 'f skipped']);
  expect(observer.states.get('b')?.error).toMatchObject({ code: 'DATA_INVALID', detail: { field: 'rows' } });
});

test('a fault that is nobody’s is told as ours, with its cause', async () => {
  const launcher = fakeLauncher({ a: () => Promise.reject(new TypeError('x is no function')) });
  const { failures } = await run([fakeTask('a')], { launcher });
  expect(failures[0]?.error).toMatchObject({
    code: 'INTERNAL',
    detail: { field: 'a', value: 'TypeError: x is no function' },
    cause: expect.any(TypeError),
  });
});

test('a task that always looks is given its last result; the same outputs are a hit with new facts', async () => {
  const looks = fakeTask('look', [], { reuse: 'always-look' });
  const results = memoryResults();
  const seen = (bytes: string, etag: string): Parameters<typeof fakeLauncher>[0] => ({
    look: async ({ spec }) => fakeResult(spec, bytes, { etag }),
  });
  const tasks = [looks, fakeTask('read', ['look'])];
  await run(tasks, { results, launcher: fakeLauncher(seen('one', 'v1')) });

  const [again, observer] = [fakeLauncher(seen('one', 'v2')), notingObserver()];
  await run(tasks, { results, launcher: again }, { observer });
  expect(observer.reported).toEqual(['look running', 'look hit', 'read hit']);
  expect(again.specs[0]?.previous).toMatchObject({ facts: { etag: 'v1' } });
  expect(await results.last('look')).toMatchObject({ facts: { etag: 'v2' } });

  await run(tasks, { results, launcher: fakeLauncher(seen('two', 'v3')) });
  const back = notingObserver();
  await run(tasks, { results, launcher: fakeLauncher(seen('one', 'v4')) }, { observer: back });
  expect(back.reported, 'other bytes than last time are work, even where the rest is known').toEqual([
    'look running',
    'begin',
    'look done',
    'read hit',
  ]);
});

test('work in this process says itself whether anything was done', async () => {
  const gate = fakeTask('gate', ['a'], { operation: 'gate', process: 'server', reuse: 'never' });
  const results = memoryResults();
  await run([fakeTask('a')], { results });
  for (const [hit, expected] of [
    [true, ['a hit', 'gate running', 'gate hit']],
    [false, ['a hit', 'gate running', 'begin', 'gate done']],
  ] as const) {
    const observer = notingObserver();
    const serverTasks = async () => ({ hit, outputs: {}, facts: { version: 3 } });
    const finished = await run([fakeTask('a'), gate], { results, serverTasks }, { observer });
    expect(observer.reported).toEqual(expected);
    expect(finished.results.get('gate')).toMatchObject({ facts: { version: 3 } });
  }
  expect(
    results.saved.map(({ task }) => task),
    'a decision is never reused',
  ).toEqual(['a']);
});

test('an abort stops what runs and skips the rest; nothing of it counts as a failure', async () => {
  const [abort, observer] = [new AbortController(), notingObserver()];
  const launcher = fakeLauncher({
    slow: ({ signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('killed')));
        abort.abort();
      }),
  });
  const tasks = [fakeTask('slow'), fakeTask('waiting for a slot'), fakeTask('after', ['slow'])];
  const { results, failures } = await run(
    tasks,
    { launcher, concurrency: 1 },
    { observer, signal: abort.signal },
  );
  expect({ done: results.size, failures }).toEqual({ done: 0, failures: [] });
  expect(launcher.launched).toEqual(['slow']);
  expect([...observer.states.values()].map(({ status }) => status)).toEqual([
    'skipped',
    'skipped',
    'skipped',
  ]);
});

test('a run that cannot begin is a fault of the whole, told when nothing runs any more', async () => {
  const observer = { ...notingObserver(), begin: () => Promise.reject(new Error('no database')) };
  const launcher = fakeLauncher();
  await expect(run(diamond, { launcher }, { observer })).rejects.toThrow('no database');
  expect(launcher.launched).toEqual([]);
});

test('a result names what it was made from', async () => {
  const results = memoryResults();
  await run([fakeTask('a')], { results });
  expect(results.saved[0]).toMatchObject({ task: 'a', outputs: { out: digestOf('a ') } });
});

test('done is reported only after the result is stored', async () => {
  const stored = memoryResults();
  let store = (): void => {};
  const storing = new Promise<void>((resolve) => (store = resolve));
  let asked = (): void => {};
  const asking = new Promise<void>((resolve) => (asked = resolve));
  const results: ResultStore = {
    ...stored,
    async save(result) {
      asked();
      await storing;
      await stored.save(result);
    },
  };
  const observer = notingObserver();
  const launcher = fakeLauncher();
  const running = run([fakeTask('a'), fakeTask('b', ['a'])], { results, launcher }, { observer });
  await asking;
  await new Promise((resolve) => setImmediate(resolve));
  expect(observer.reported, 'nothing is done, and nothing that reads it has begun').toEqual([
    'begin',
    'a running',
  ]);
  store();
  await running;
  expect(observer.reported).toEqual(['begin', 'a running', 'a done', 'b running', 'b done']);
});

test('a result that cannot be stored is a failed task, and no rejection is left over', async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', note);
  onTestFinished(() => void process.off('unhandledRejection', note));
  const full = new PlatformError('STATE_UNWRITABLE', {
    field: 'results',
    value: 'ENOSPC',
    remedy: 'Free some space.',
  });
  const results = { ...memoryResults(), save: () => Promise.reject(full) };
  const observer = notingObserver();
  const { failures } = await run(
    [fakeTask('a'), fakeTask('b', ['a']), fakeTask('c')],
    { results },
    { observer },
  );
  await new Promise((resolve) => setImmediate(resolve));
  expect(failures.map(({ task, error }) => `${task} ${error.code}`)).toEqual([
    'a STATE_UNWRITABLE',
    'c STATE_UNWRITABLE',
  ]);
  expect([...observer.states.values()].map(({ task, status }) => `${task} ${status}`).toSorted()).toEqual([
    'a failed',
    'b skipped',
    'c failed',
  ]);
  expect(unhandled).toEqual([]);
});

test('a task that takes longer than its timeout is stopped, and fails with what to do', async () => {
  const stopped: string[] = [];
  const waits = ({ signal, spec }: Work): Promise<never> =>
    new Promise((_resolve, reject) =>
      signal.addEventListener('abort', () => {
        stopped.push(spec.task);
        reject(new Error('killed'));
      }),
    );
  const slow = fakeTask('slow', [], { limits: { attempts: 1, timeout: 1 } });
  const quick = fakeTask('quick', [], { limits: { attempts: 1, timeout: 2 ** 40 } });
  const launcher = fakeLauncher({
    slow: waits,
    quick: async ({ spec, signal }) => {
      // Longer than the shortest timer.
      await new Promise((resolve) => setTimeout(resolve, 20));
      signal.throwIfAborted();
      return fakeResult(spec, 'quick');
    },
  });
  const { failures, results } = await run([slow, quick, fakeTask('after', ['slow'])], { launcher });
  expect(failures).toMatchObject([
    {
      task: 'slow',
      error: {
        code: 'TASK_TIMED_OUT',
        message:
          'task timed out: Its process was killed at its timeout. Make it faster, or raise the timeout (slow: "1 ms")',
      },
    },
  ]);
  expect([stopped, [...results.keys()]]).toEqual([['slow'], ['quick']]);
});

test('a run that is stopped before the timeout of a task is stopped, not late', async () => {
  const abort = new AbortController();
  const launcher = fakeLauncher({
    slow: async () => {
      abort.abort();
      throw new Error('killed');
    },
  });
  const slow = fakeTask('slow', [], { limits: { attempts: 1, timeout: 2 ** 31 - 1 } });
  const observer = notingObserver();
  const { failures } = await run([slow], { launcher }, { observer, signal: abort.signal });
  expect(failures).toEqual([]);
  expect(observer.states.get('slow')?.status).toBe('skipped');
});

test('an error of the work before its timeout stays that error', async () => {
  const slow = fakeTask('slow', [], { limits: { attempts: 1, timeout: 2 ** 31 - 1 } });
  const { failures } = await run([slow], { launcher: fakeLauncher({ slow: fails }) });
  expect(failures).toMatchObject([{ error: { code: 'DATA_INVALID' } }]);
});
