import { access, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { digestOf } from '../../kernel/digest.ts';
import type { PlatformError } from '../../kernel/errors.ts';
import { type Entry, siblingEntry } from '../../kernel/entry.ts';
import type { TaskEvent, TaskResult, TaskSpec } from '../../pipeline/task.ts';
import { openProcessLauncher } from './launcher.ts';

const worker = siblingEntry(import.meta.url, './worker.fixture');

const specOf = (what: string): TaskSpec => ({
  task: 'count',
  operation: 'step',
  key: digestOf('key'),
  inputs: { rows: digestOf('rows') },
  code: {},
  params: { do: what },
  outputs: {},
});

function launch(
  what: string,
  {
    entry = worker,
    onEvent = () => {},
    signal = new AbortController().signal,
  }: {
    readonly entry?: Entry;
    readonly onEvent?: (event: TaskEvent) => void;
    readonly signal?: AbortSignal;
  } = {},
): Promise<TaskResult> {
  const launcher = openProcessLauncher({
    entry,
    env: { PATH: process.env['PATH'], WORD: 'told' },
    blobs: { kind: 'folder', path: '/nowhere' },
    cache: { folder: '/nowhere', limit: 0 },
    moduleFolder: '/nowhere',
    projectFolder: '/nowhere',
  });
  return launcher.launch(specOf(what), { onEvent, signal });
}

/** A module of its own, started as the process of a task. */
async function entryOf(text: string): Promise<Entry> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-launcher-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'worker.mjs'), text);
  return { path: join(folder, 'worker.mjs'), execArgv: [] };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Settles when a process is gone. */
async function gone(pid: number): Promise<void> {
  while (isAlive(pid)) await new Promise((resolve) => setImmediate(resolve));
}

test('a task answers with its result; what it prints are lines of its log', async () => {
  const events: TaskEvent[] = [];
  const result = await launch('answer', { onEvent: (event) => events.push(event) });
  expect(result).toMatchObject({ task: 'count', key: digestOf('key'), outputs: { rows: digestOf('rows') } });
  expect(events).toContainEqual({ type: 'progress', done: 1, total: 2 });
  expect(events.flatMap((event) => (event.type === 'log' ? [event.line] : [])).toSorted()).toEqual([
    'the last line has no end',
    'to err',
    'to out',
  ]);
});

test('a task sees the environment that it is given, and no more', async () => {
  expect((await launch('answer')).facts).toEqual({ word: 'told', unseen: '' });
});

test('the error of a task is the error of its launch', async () => {
  await expect(launch('fail')).rejects.toMatchObject({
    code: 'DATA_INVALID',
    detail: { field: 'rows', value: 3, remedy: 'Mend it.' },
  });
});

test('a process that ends without an answer says so, and its last words are in the log', async () => {
  const events: TaskEvent[] = [];
  await expect(launch('exit', { onEvent: (event) => events.push(event) })).rejects.toMatchObject({
    code: 'STEP_FAILED',
    detail: { value: 'exit code 3' },
  });
  expect(events).toContainEqual({ type: 'log', line: 'it was too much' });
});

test.each([
  ['ends at once', 'process.exit(7)', 'exit code 7'],
  ['does not parse', 'const = 1', 'exit code 1'],
  ['kills itself', 'process.kill(process.pid, "SIGKILL")', 'SIGKILL'],
])('a process that %s is a step that failed', async (_case, text, value) => {
  const entry = await entryOf(text);
  await expect(launch('answer', { entry })).rejects.toMatchObject({ code: 'STEP_FAILED', detail: { value } });
});

test('an abort kills the process, and a signal that was given before starts none', async () => {
  const abort = new AbortController();
  let pid = 0;
  const running = launch('wait', {
    signal: abort.signal,
    onEvent(event) {
      if (event.type !== 'log') return;
      pid = Number(event.line.split(' ')[1]);
      abort.abort();
    },
  });
  await expect(running).rejects.toMatchObject({ code: 'STEP_FAILED', detail: { value: 'SIGKILL' } });
  await gone(pid);
  await expect(launch('answer', { signal: abort.signal })).rejects.toThrow('abort');
});

test('an abort while the folder of a task is made kills its process', async () => {
  const abort = new AbortController();
  const running = launch('wait', { signal: abort.signal });
  abort.abort();
  await expect(running).rejects.toMatchObject({ code: 'STEP_FAILED', detail: { value: 'SIGKILL' } });
});

/** A folder that the temporary folders of tasks are made in. */
async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-launcher-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const inner = join(folder, 'tmp');
  await mkdir(inner);
  vi.stubEnv('TMPDIR', inner);
  onTestFinished(() => void vi.unstubAllEnvs());
  return inner;
}

test('a process that cannot be started leaves no folder', async () => {
  const folder = await temporaryFolder();
  await expect(launch('answer', { entry: { path: 'a\0', execArgv: [] } })).rejects.toThrow('null bytes');
  expect(await readdir(folder)).toEqual([]);
});

test.each([
  ['result', "{ type: 'result', result: { task: 'count' } }", { task: 'count' }],
  [
    'error',
    "{ type: 'error', error: { code: 'DATA_INVALID', detail: { field: 'rows', remedy: '' } } }",
    'DATA_INVALID',
  ],
])(
  'a temporary folder that cannot be removed does not replace the %s of a task',
  async (_case, reply, expected) => {
    const entry = await entryOf(
      `import { renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { tmpdir } from 'node:os';
process.once('message', () => {
  const folder = dirname(tmpdir());
  renameSync(folder, folder + '-moved');
  writeFileSync(folder, '');
  process.send(${reply});
});
`,
    );
    await temporaryFolder();
    const outcome = await launch('answer', { entry }).catch(
      (error: unknown) => (error as PlatformError).code,
    );
    expect(outcome).toEqual(expected);
  },
);

test('what a task started and left behind neither keeps its result from coming nor outlives it', async () => {
  let pid = 0;
  const result = await launch('leave a child', {
    onEvent: (event) => event.type === 'log' && (pid = Number(event.line)),
  });
  expect(result.task).toBe('count');
  await gone(pid);
});

test('a process outside the group of a task does not keep its result from coming', async () => {
  let pid = 0;
  const result = await launch('leave a child in a session of its own', {
    onEvent: (event) => event.type === 'log' && (pid = Number(event.line)),
  });
  process.kill(pid, 'SIGKILL');
  expect(result.task).toBe('count');
});

test('the temporary files of a killed task are removed', async () => {
  const entry = await entryOf(
    `import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
process.once('message', () => console.log(mkdtempSync(join(tmpdir(), 'rows-'))));
setInterval(() => {}, 1000);
`,
  );
  const abort = new AbortController();
  let left = '';
  const running = launch('wait', {
    entry,
    signal: abort.signal,
    onEvent(event) {
      if (event.type !== 'log') return;
      left = event.line;
      abort.abort();
    },
  });
  await expect(running).rejects.toMatchObject({ code: 'STEP_FAILED' });
  expect(left).toContain('rows-');
  await expect(access(dirname(left))).rejects.toThrow('ENOENT');
});
