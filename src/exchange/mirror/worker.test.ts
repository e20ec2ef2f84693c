import { expect, test } from 'vitest';
import { emptySqlite } from '../../adapters/sql/empty-sqlite.fixture.ts';
import { mirrorStores } from '../../adapters/sql/mirror/mirror.fixture.ts';
import { point, startRun } from '../../tracking/run-stores.fixture.ts';
import { streamOf } from './change.ts';
import { fakeServer } from './fake-server.fixture.ts';
import { type Mirror, type MirrorDeps, openMirror } from './worker.ts';

interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
}

/** A database that is watched, a made-up server, and what a mirror between them logs. */
async function openSides() {
  const stores = mirrorStores(await emptySqlite(), 'sqlite');
  await stores.watch();
  const server = fakeServer();
  const logged: LogLine[] = [];
  const measured = new Map<string, number>();
  const log = (level: LogLine['level']) => (message: string) => void logged.push({ level, message });
  return {
    ...stores,
    server,
    logged,
    measured,
    open: (options = {}, change: Partial<MirrorDeps> = {}): Mirror =>
      openMirror(
        {
          ...stores,
          target: server.target,
          artifacts: { open: () => Promise.reject(new RangeError('no files here')), list: async () => [] },
          now: () => Date.now(),
          random: () => 0,
          log: { debug() {}, info: log('info'), warn: log('warn'), error: log('error') },
          meter: {
            count: (metric, _labels, by = 1) => void measured.set(metric, (measured.get(metric) ?? 0) + by),
            observe() {},
            set: (metric, _labels, value) => void measured.set(metric, value),
          },
          ...change,
        },
        { every: 1, alone: true, ...options },
      ),
  };
}

test('a server that is away gets everything when it is back, and the outage is logged once', async () => {
  await using sides = await openSides();
  sides.server.luck = () => 'away';
  {
    await using mirror = sides.open();
    const id = await startRun(sides, { metrics: [point('m', 1)] });
    await expect.poll(() => sides.logged.length).toBeGreaterThan(0);
    await sides.runs.update(id, { status: 'FINISHED', endedAt: 3 });
    await mirror.drain(60_000);
    expect((await sides.queue.backlog()).waiting).toBe(4);
    sides.server.luck = () => undefined;
    await expect.poll(async () => (await sides.queue.backlog()).waiting, { timeout: 10_000 }).toBe(0);
    await expect.poll(() => sides.measured.get('modelyard_mirror_backlog'), { timeout: 10_000 }).toBe(0);
  }
  expect([...sides.server.runs.values()]).toMatchObject([{ status: 'FINISHED', points: [point('m', 1)] }]);
  expect(sides.logged.map(({ level }) => level)).toEqual(['warn', 'info']);
  expect(sides.measured.get('modelyard_mirror_sent_total')).toBe(4);
});

test('a run that the server fails at delays no other run', async () => {
  await using sides = await openSides();
  sides.server.luck = (request) => (request.startsWith('runs.log r1 ') ? 'failed' : undefined);
  await using _mirror = sides.open();
  await startRun(sides, { metrics: [point('m', 1)] });
  await expect
    .poll(() => sides.server.requests.some((request) => request.startsWith('runs.log r1 ')))
    .toBe(true);
  await startRun(sides, { metrics: [point('m', 2)] });
  await expect.poll(() => sides.server.runs.get('r2')?.points, { timeout: 5000 }).toEqual([point('m', 2)]);
});

test('a server that is not MLflow gets nothing, and nothing is set aside for it', async () => {
  await using sides = await openSides();
  sides.server.luck = () => 'refused';
  await startRun(sides);
  {
    await using _mirror = sides.open();
    await expect.poll(() => sides.logged.length).toBeGreaterThan(0);
  }
  expect(new Set(sides.server.requests)).toEqual(new Set(['check']));
  expect(await sides.queue.backlog()).toMatchObject({ waiting: 2, refused: 0 });
});

test('changes that are queued when a mirror is closed are sent by the next one', async () => {
  await using sides = await openSides();
  await sides.open()[Symbol.asyncDispose]();
  await startRun(sides);
  expect(sides.server.runs.size).toBe(0);
  await using mirror = sides.open();
  await mirror.drain(60_000);
  expect(sides.server.runs.size).toBe(1);
  expect((await sides.queue.backlog()).waiting).toBe(0);
});

test('it sends nothing while another process holds the lease, and takes over the lease of a dead process', async () => {
  await using sides = await openSides();
  await startRun(sides);
  await sides.queue.acquireLease({ holder: 'another', now: Date.now(), until: Date.now() + 60_000 });
  {
    await using _mirror = sides.open({ alone: false });
    await expect.poll(() => sides.measured.get('modelyard_mirror_backlog')).toBe(2);
  }
  expect(sides.server.requests).toEqual([]);
  await using mirror = sides.open();
  await mirror.drain(60_000);
  expect(sides.server.runs.size).toBe(1);
});

test('during an outage the lease is renewed and writes stay watched', async () => {
  await using sides = await openSides();
  sides.server.luck = () => 'away';
  const clock = { now: Date.now() };
  const check = (): Promise<never> => Promise.reject(new TypeError('not MLflow'));
  const target = { ...sides.server.target, check };
  // An outage of minutes.
  await using _mirror = sides.open({}, { target, now: () => clock.now, random: () => 1000 });
  await expect.poll(() => sides.logged.length).toBeGreaterThan(0);
  await sides.ignore();
  clock.now += 20_000;
  const before = (await sides.queue.backlog()).waiting;
  await expect
    .poll(async () => {
      await startRun(sides);
      return (await sides.queue.backlog()).waiting;
    })
    .toBeGreaterThan(before);
  expect(sides.logged).toHaveLength(1);
  const other = { holder: 'another', until: clock.now + 60_000 };
  expect(await sides.queue.acquireLease({ ...other, now: clock.now + 59_000 })).toBe(false);
});

test('an error of this side is logged, and other streams go on', async () => {
  await using sides = await openSides();
  await using _mirror = sides.open();
  const id = await startRun(sides);
  await sides.queue.add([{ stream: streamOf('files', id), kind: 'file', key: 'a', value: 'a' }]);
  await startRun(sides);
  await expect.poll(() => sides.server.runs.size, { timeout: 5000 }).toBe(2);
  await expect
    .poll(() => sides.logged, { timeout: 5000 })
    .toMatchObject([{ level: 'error', message: 'the mirror failed at a change' }]);
});
