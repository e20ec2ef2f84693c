import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import Libsql from 'libsql';
import { expect, onTestFinished, test } from 'vitest';
import { siblingEntry } from '../../kernel/entry.ts';
import { openStateLock } from './state-lock.ts';

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-lock-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const info = { holder: 'modelyard test', now: () => Date.UTC(2026, 0, 2, 3, 4, 5) };

const entry = siblingEntry(import.meta.url, './lock-holder.fixture');

interface Holder {
  readonly child: ChildProcess;
  /** 'held <pid>', or the code of the error. */
  readonly output: string;
}

/** Another process that tries to take the lock; `before` goes in front of its command line. */
async function holderOf(folder: string, before: readonly string[] = []): Promise<Holder> {
  const [command, ...args] = [...before, process.execPath, ...entry.execArgv, entry.path, folder];
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  onTestFinished(() => killGroup(child));
  for await (const output of createInterface({ input: child.stdout })) return { child, output };
  throw new Error('the process said nothing');
}

function killGroup({ pid }: ChildProcess): void {
  try {
    process.kill(-(pid ?? 0), 'SIGKILL');
  } catch {
    // It has ended.
  }
}

/** Whether all of its threads have ended, and its parent has not asked for its exit code. */
async function isZombie(pid: number): Promise<boolean> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  return /^\d+ \(.*\) Z /.test(text) && (await readdir(`/proc/${pid}/task`)).length === 1;
}

const namespaces = ['unshare', '--pid', '--fork', '--kill-child'];
const canUnshare = spawnSync(namespaces[0] ?? '', [...namespaces.slice(1), 'true']).status === 0;

test('a lock is had by one, who is named, and given back', async () => {
  const folder = await temporaryFolder();
  {
    await using _lock = await openStateLock(folder, info);
    await expect(openStateLock(folder, info)).rejects.toMatchObject({
      code: 'STATE_LOCKED',
      detail: {
        field: join(folder, 'lock'),
        value: `held by modelyard test, process ${process.pid}, since 2026-01-02T03:04:05.000Z`,
        remedy: expect.stringContaining(`kill ${process.pid}`),
      },
    });
    expect((await readdir(folder)).toSorted()).toEqual(['lock', 'lock.db', 'lock.db-journal']);
  }
  expect(await readdir(folder)).toEqual(['lock.db']);
  await using _again = await openStateLock(folder, info);
});

test('who is named is in another container when its process namespace is another', async () => {
  const folder = await temporaryFolder();
  await using _lock = await openStateLock(folder, info);
  const owner = JSON.parse(await readFile(join(folder, 'lock'), 'utf8')) as object;
  await writeFile(
    join(folder, 'lock'),
    JSON.stringify({ ...owner, pid: 12, host: 'pod-a', namespace: 'pid:[1]' }),
  );
  await expect(openStateLock(folder, info)).rejects.toMatchObject({
    detail: {
      value: expect.stringContaining('process 12 in another container or on another machine (pod-a)'),
      remedy: expect.not.stringContaining('kill 12'),
    },
  });
});

test('another process cannot take it; when its owner is killed it is free at once', async () => {
  const folder = await temporaryFolder();
  const { child, output } = await holderOf(folder);
  expect(output).toBe(`held ${child.pid}`);
  expect((await holderOf(folder)).output).toBe('STATE_LOCKED');
  await expect(openStateLock(folder, info)).rejects.toThrow(`held by another process, process ${child.pid}`);
  child.kill('SIGKILL');
  await once(child, 'exit');
  await using _lock = await openStateLock(folder, info);
  expect(JSON.parse(await readFile(join(folder, 'lock'), 'utf8'))).toMatchObject({ pid: process.pid });
});

test.skipIf(process.platform !== 'linux')('an unreaped process holds nothing (needs /proc)', async () => {
  const folder = await temporaryFolder();
  // The shell becomes a sleep that never waits for its child.
  const { output } = await holderOf(folder, ['sh', '-c', '"$@" & exec sleep 600', 'sh']);
  const pid = Number(output.replace('held ', ''));
  process.kill(pid, 'SIGKILL');
  while (!(await isZombie(pid))) await new Promise((resolve) => setImmediate(resolve));
  expect(process.kill(pid, 0), 'its number is still in use').toBe(true);
  await using _lock = await openStateLock(folder, info);
});

test.skipIf(!canUnshare)(
  'a process in another process namespace cannot take it, nor be taken for dead (needs unshare)',
  async () => {
    const folder = await temporaryFolder();
    const { output } = await holderOf(folder, namespaces);
    expect(output, 'its number counts in its own namespace').toBe('held 1');
    await expect(openStateLock(folder, info)).rejects.toMatchObject({ code: 'STATE_LOCKED' });
    const other = await temporaryFolder();
    await using _lock = await openStateLock(other, info);
    expect((await holderOf(other, namespaces)).output).toBe('STATE_LOCKED');
  },
);

test('what is disposed of twice does not take the lock from its next owner', async () => {
  const folder = await temporaryFolder();
  const first = await openStateLock(folder, info);
  await first[Symbol.asyncDispose]();
  await using _second = await openStateLock(folder, { ...info, holder: 'the second' });
  await first[Symbol.asyncDispose]();
  await expect(openStateLock(folder, info)).rejects.toThrow('held by the second');
  expect((await holderOf(folder)).output).toBe('STATE_LOCKED');
});

test('the lock is held until the name of its owner is gone', async () => {
  const folder = await temporaryFolder();
  const lock = await openStateLock(folder, info);
  const disposing = lock[Symbol.asyncDispose]();
  // Who could take the lock now would write a name that is then removed.
  const next = new Libsql(join(folder, 'lock.db'), { timeout: 0 });
  expect(() => next.exec('begin exclusive')).toThrow(/locked/);
  await disposing;
  next.exec('begin exclusive');
  next.close();
});

test.each(['', '{"pid":"none"}', JSON.stringify({ id: 'a', pid: 1, started: '1', since: 0, holder: 'x' })])(
  'a note that nobody holds the lock to is written over: %s',
  async (text) => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'lock'), text);
    await using _lock = await openStateLock(folder, info);
    expect(JSON.parse(await readFile(join(folder, 'lock'), 'utf8'))).toMatchObject({ pid: process.pid });
    await expect(openStateLock(folder, info)).rejects.toMatchObject({ code: 'STATE_LOCKED' });
    expect((await readdir(folder)).toSorted()).toEqual(['lock', 'lock.db', 'lock.db-journal']);
  },
);

test('of many that try at once, one has it', async () => {
  const folder = await temporaryFolder();
  for (let round = 0; round < 5; round++) {
    const tries = await Promise.allSettled(Array.from({ length: 12 }, () => openStateLock(folder, info)));
    const locks = tries.flatMap((attempt) => (attempt.status === 'fulfilled' ? [attempt.value] : []));
    const refusals = tries.flatMap((attempt) => (attempt.status === 'rejected' ? [attempt.reason.code] : []));
    expect({ locks: locks.length, refusals: new Set(refusals) }).toEqual({
      locks: 1,
      refusals: new Set(['STATE_LOCKED']),
    });
    await locks[0]?.[Symbol.asyncDispose]();
    expect(await readdir(folder)).toEqual(['lock.db']);
  }
});

test('its files are for their owner alone', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'lock.db'), '', { mode: 0o644 });
  await using _lock = await openStateLock(folder, info);
  for (const name of await readdir(folder))
    expect([name, (await stat(join(folder, name))).mode & 0o777]).toEqual([name, 0o600]);
});
