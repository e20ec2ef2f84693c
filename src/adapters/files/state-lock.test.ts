import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openStateLock } from './state-lock.ts';

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-lock-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const info = { holder: 'modelyard test', now: () => Date.UTC(2026, 0, 2, 3, 4, 5) };

/** The number of a process that has ended. */
async function endedProcess(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(child, 'exit');
  return child.pid ?? 0;
}

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
    expect(await readdir(folder)).toEqual(['lock']);
  }
  expect(await readdir(folder)).toEqual([]);
  await using _again = await openStateLock(folder, info);
});

test('the lock of a dead process is taken over', async () => {
  const folder = await temporaryFolder();
  const dead = { id: 'a', pid: await endedProcess(), started: '1', since: 0, holder: 'modelyard dev' };
  await writeFile(join(folder, 'lock'), JSON.stringify(dead));
  await using _lock = await openStateLock(folder, info);
  expect(JSON.parse(await readFile(join(folder, 'lock'), 'utf8'))).toMatchObject({ pid: process.pid });
  expect(await readdir(folder)).toEqual(['lock']);
});

test.skipIf(process.platform !== 'linux')(
  'a number used again by another process is no owner (needs /proc)',
  async () => {
    const folder = await temporaryFolder();
    const before = { id: 'a', pid: process.pid, started: '1', since: 0, holder: 'modelyard dev' };
    await writeFile(join(folder, 'lock'), JSON.stringify(before));
    await using _lock = await openStateLock(folder, info);
    expect(JSON.parse(await readFile(join(folder, 'lock'), 'utf8'))).not.toMatchObject({ started: '1' });
  },
);

test('a successor that died while it took over is succeeded as well', async () => {
  const folder = await temporaryFolder();
  const pid = await endedProcess();
  await writeFile(
    join(folder, 'lock'),
    JSON.stringify({ id: 'a', pid, started: '1', since: 0, holder: 'x' }),
  );
  await writeFile(
    join(folder, 'lock.a'),
    JSON.stringify({ id: 'b', pid, started: '1', since: 0, holder: 'x' }),
  );
  await using _lock = await openStateLock(folder, info);
  expect(await readdir(folder)).toEqual(['lock']);
});

test('an unreadable lock is taken over', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'lock'), '');
  await using _lock = await openStateLock(folder, info);
  await expect(openStateLock(folder, info)).rejects.toMatchObject({ code: 'STATE_LOCKED' });
});

test('of many that find a dead lock at once, one has it', async () => {
  const folder = await temporaryFolder();
  const pid = await endedProcess();
  for (let round = 0; round < 5; round++) {
    await writeFile(
      join(folder, 'lock'),
      JSON.stringify({ id: `r${round}`, pid, started: '1', since: 0, holder: 'x' }),
    );
    const tries = await Promise.allSettled(Array.from({ length: 12 }, () => openStateLock(folder, info)));
    const locks = tries.flatMap((attempt) => (attempt.status === 'fulfilled' ? [attempt.value] : []));
    const refusals = tries.flatMap((attempt) => (attempt.status === 'rejected' ? [attempt.reason.code] : []));
    expect({ locks: locks.length, refusals: new Set(refusals) }).toEqual({
      locks: 1,
      refusals: new Set(['STATE_LOCKED']),
    });
    await locks[0]?.[Symbol.asyncDispose]();
    expect(await readdir(folder)).toEqual([]);
  }
});
