import { expect, test } from 'vitest';
import { newRunId, type RunId } from '../kernel/ids.ts';
import type { OpenPurge, OpenPurgeStores } from './purge-store.contract.ts';
import { readRun, startRun } from './run-stores.fixture.ts';

/** What every store of runs' owners must do; each adapter's test is one call of this. */
export function runOwnersContract(label: string, open: OpenPurgeStores): void {
  test(`${label}: runs of a process that was not heard of are killed, those of others and of clients are not`, async () => {
    await using opened = await open();
    const { owners } = opened;
    for (const [owner, at] of [
      ['alive', 100],
      ['silent', 40],
    ] as const)
      await owners.beat(owner, at);
    const [alive, silent, unknown, ended] = [
      await startOwned(opened, 'alive'),
      await startOwned(opened, 'silent'),
      await startOwned(opened, 'unknown'),
      await startOwned(opened, 'silent'),
    ];
    await opened.runs.end(ended, 'FINISHED', 50);
    const client = await startRun(opened, { startedAt: 1 });
    expect(await owners.killAbandoned({ silentSince: 40, now: 110 })).toBe(1);
    expect(await owners.killAbandoned({ silentSince: 41, now: 120 })).toBe(1);
    const infos = await Promise.all(
      [alive, silent, unknown, ended, client].map(async (id) => (await readRun(opened, id)).info),
    );
    expect(infos.map(({ status, endedAt }) => [status, endedAt])).toEqual([
      ['RUNNING', undefined],
      ['KILLED', 120],
      ['KILLED', 110],
      ['FINISHED', 50],
      ['RUNNING', undefined],
    ]);
    await owners.beat('alive', 200);
    expect(await owners.killAbandoned({ silentSince: 200, now: 210 })).toBe(0);
  });

  test(`${label}: a run without an owner is killed when it is as old as the silence`, async () => {
    await using opened = await open();
    const run = await startOwned(opened, undefined, 50);
    expect(await opened.owners.killAbandoned({ silentSince: 50, now: 60 })).toBe(0);
    expect(await opened.owners.killAbandoned({ silentSince: 51, now: 61 })).toBe(1);
    expect((await readRun(opened, run)).info.status).toBe('KILLED');
  });

  test(`${label}: a process that leaves takes its own runs along, and one that was taken for dead ends its run itself`, async () => {
    await using opened = await open();
    const { owners, runs } = opened;
    for (const owner of ['one', 'two']) await owners.beat(owner, 10);
    const [first, second] = [await startOwned(opened, 'one'), await startOwned(opened, 'two')];
    await owners.leave('one', 20);
    const status = async (id: RunId) => (await readRun(opened, id)).info.status;
    expect([await status(first), await status(second)]).toEqual(['KILLED', 'RUNNING']);
    await owners.killAbandoned({ silentSince: 11, now: 30 });
    expect(await status(second)).toBe('KILLED');
    await owners.beat('two', 40);
    await runs.end(second, 'FINISHED', 41);
    expect(await status(second)).toBe('FINISHED');
  });
}

async function startOwned(
  { experiments, runs, ownedBy }: OpenPurge,
  owner: string | undefined,
  startedAt = 10,
): Promise<RunId> {
  const { id: experimentId } = await experiments.ensure('Default', 1);
  const id = newRunId();
  const store = owner === undefined ? runs : ownedBy(owner);
  await store.create({ id, experimentId, name: 'run', startedAt, startedBy: 'pipeline' });
  return id;
}
