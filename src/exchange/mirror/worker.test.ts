import { expect, test } from 'vitest';
import { emptySqlite } from '../../adapters/sql/empty-sqlite.fixture.ts';
import { mirrorStores } from '../../adapters/sql/mirror/mirror.fixture.ts';
import { point, startRun } from '../../tracking/run-stores.fixture.ts';
import { laneOf } from './change.ts';
import { madeUpServer } from './made-up-server.fixture.ts';
import { type Mirror, openMirror } from './worker.ts';

interface Told {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
}

/** A database that is watched, a made-up server, and what a mirror between them tells. */
async function openSides() {
  const stores = mirrorStores(await emptySqlite(), 'sqlite');
  await stores.watch();
  const server = madeUpServer();
  const told: Told[] = [];
  const measured = new Map<string, number>();
  const tell = (level: Told['level']) => (message: string) => void told.push({ level, message });
  return {
    ...stores,
    server,
    told,
    measured,
    open: (options = {}): Mirror =>
      openMirror(
        {
          ...stores,
          target: server.target,
          artifacts: { open: () => Promise.reject(new RangeError('no files here')), list: async () => [] },
          now: () => Date.now(),
          random: () => 0,
          log: { debug() {}, info: tell('info'), warn: tell('warn'), error: tell('error') },
          meter: {
            count: (metric, _labels, by = 1) => void measured.set(metric, (measured.get(metric) ?? 0) + by),
            observe() {},
            set: (metric, _labels, value) => void measured.set(metric, value),
          },
        },
        { every: 1, alone: true, ...options },
      ),
  };
}

test('a server that is away gets everything when it is back, and is told of once', async () => {
  await using sides = await openSides();
  sides.server.luck = () => 'away';
  {
    await using mirror = sides.open();
    const id = await startRun(sides, { metrics: [point('m', 1)] });
    await expect.poll(() => sides.told.length).toBeGreaterThan(0);
    await sides.runs.update(id, { status: 'FINISHED', endedAt: 3 });
    await mirror.drain(60_000);
    expect((await sides.queue.backlog()).waiting).toBe(4);
    sides.server.luck = () => undefined;
    await expect.poll(async () => (await sides.queue.backlog()).waiting, { timeout: 10_000 }).toBe(0);
    await expect.poll(() => sides.measured.get('modelyard_mirror_backlog'), { timeout: 10_000 }).toBe(0);
  }
  expect([...sides.server.runs.values()]).toMatchObject([{ status: 'FINISHED', points: [point('m', 1)] }]);
  expect(sides.told.map(({ level }) => level)).toEqual(['warn', 'info']);
  expect(sides.measured.get('modelyard_mirror_sent_total')).toBe(4);
});

test('a run that the server fails at keeps no other waiting', async () => {
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

test('what does not answer as MLflow gets nothing, and nothing is set aside for it', async () => {
  await using sides = await openSides();
  sides.server.luck = () => 'refused';
  await startRun(sides);
  {
    await using _mirror = sides.open();
    await expect.poll(() => sides.told.length).toBeGreaterThan(0);
  }
  expect(new Set(sides.server.requests)).toEqual(new Set(['check']));
  expect(await sides.queue.backlog()).toMatchObject({ waiting: 2, refused: 0 });
});

test('what is queued when it is closed is sent by the next one', async () => {
  await using sides = await openSides();
  await sides.open()[Symbol.asyncDispose]();
  await startRun(sides);
  expect(sides.server.runs.size).toBe(0);
  await using mirror = sides.open();
  await mirror.drain(60_000);
  expect(sides.server.runs.size).toBe(1);
  expect((await sides.queue.backlog()).waiting).toBe(0);
});

test('it sends nothing while another process does, and takes over what a dead one of its own state held', async () => {
  await using sides = await openSides();
  await startRun(sides);
  await sides.queue.hold({ holder: 'another', now: Date.now(), until: Date.now() + 60_000 });
  {
    await using _mirror = sides.open({ alone: false });
    await expect.poll(() => sides.measured.get('modelyard_mirror_backlog')).toBe(2);
  }
  expect(sides.server.requests).toEqual([]);
  await using mirror = sides.open();
  await mirror.drain(60_000);
  expect(sides.server.runs.size).toBe(1);
});

test('a fault of this side is told, and others go on', async () => {
  await using sides = await openSides();
  await using _mirror = sides.open();
  const id = await startRun(sides);
  await sides.queue.add([{ lane: laneOf('files', id), kind: 'file', key: 'a', value: 'a' }]);
  await startRun(sides);
  await expect.poll(() => sides.server.runs.size, { timeout: 5000 }).toBe(2);
  await expect
    .poll(() => sides.told, { timeout: 5000 })
    .toMatchObject([{ level: 'error', message: 'the mirror failed at a change' }]);
});
