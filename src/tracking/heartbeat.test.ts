import { expect, onTestFinished, test, vi } from 'vitest';
import { emptySqlite } from '../adapters/sql/empty-sqlite.fixture.ts';
import { purgeStores } from '../adapters/sql/purge/purge.fixture.ts';
import { newRunId, type RunId } from '../kernel/ids.ts';
import type { Log } from '../kernel/log.ts';
import { missedBeats, openHeartbeat } from './heartbeat.ts';
import type { OpenPurge } from './purge-store.contract.ts';
import { readRun } from './run-stores.fixture.ts';

const every = 1000;

interface Opened {
  readonly stores: OpenPurge;
  readonly warnings: readonly string[];
  /** A process with a heartbeat, and a run of its own. */
  readonly process: (owner: string) => Promise<{ readonly run: RunId; readonly beating: AsyncDisposable }>;
  /** Lets time pass, and the timers that wait for it. */
  readonly pass: (ms: number) => void;
  readonly status: (run: RunId) => Promise<string>;
}

async function open(): Promise<Opened> {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const stores = purgeStores(await emptySqlite());
  onTestFinished(async () => {
    vi.useRealTimers();
    await stores[Symbol.asyncDispose]();
  });
  const warnings: string[] = [];
  const log: Log = { debug() {}, info() {}, error() {}, warn: (message) => void warnings.push(message) };
  let time = 1_000_000;
  return {
    stores,
    warnings,
    async process(owner) {
      const beating = await openHeartbeat({ owners: stores.owners, owner, now: () => time, log, every });
      const runs = stores.ownedBy(owner);
      const { id: experimentId } = await stores.experiments.ensure('houses', 1);
      const run = newRunId();
      await runs.create({ id: run, experimentId, name: 'r', startedAt: time, startedBy: 'pipeline' });
      return { run, beating };
    },
    pass(ms) {
      time += ms;
      vi.advanceTimersByTime(ms);
    },
    status: async (run) => (await readRun(stores, run)).info.status,
  };
}

test('a process that is killed loses its runs after some beats of another', async () => {
  const { process, pass, status, warnings } = await open();
  const { run: dead } = await process('dead');
  vi.clearAllTimers();
  pass(missedBeats * every);
  const { beating } = await process('other');
  expect(await status(dead), 'not heard of for as long as that may be').toBe('RUNNING');
  pass(every);
  await beating[Symbol.asyncDispose]();
  expect(await status(dead)).toBe('KILLED');
  expect(warnings).toEqual(['runs whose process is gone were marked as killed']);
});

test('the runs of a process that is gone are killed when the next begins, and those of one that beats are not', async () => {
  const { process, pass, status } = await open();
  const { run: dead } = await process('dead');
  vi.clearAllTimers();
  const { run: alive, beating } = await process('alive');
  pass((missedBeats + 1) * every);
  const next = await process('next');
  expect([await status(dead), await status(alive), await status(next.run)]).toEqual([
    'KILLED',
    'RUNNING',
    'RUNNING',
  ]);
  for (const one of [beating, next.beating]) await one[Symbol.asyncDispose]();
});

test('a process that ends leaves no run behind', async () => {
  const { process, status, stores } = await open();
  const { run, beating } = await process('one');
  const { run: done, beating: other } = await process('two');
  await stores.runs.end(done, 'FINISHED', 5);
  for (const one of [beating, other]) await one[Symbol.asyncDispose]();
  expect([await status(run), await status(done)]).toEqual(['KILLED', 'FINISHED']);
});
