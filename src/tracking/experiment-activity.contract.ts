import { expect, test } from 'vitest';
import { type OpenStores, startRun } from './run-stores.fixture.ts';

const day = 86_400_000;

/** How every store counts the runs of experiments; each adapter's test is one call of this. */
export function experimentActivityContract(label: string, open: OpenStores): void {
  test(`${label}: an experiment's active runs are counted by day, and its last run is named`, async () => {
    await using opened = await open();
    const { id: experimentId } = await opened.experiments.ensure('counted', 0);
    const { id: empty } = await opened.experiments.ensure('empty', 0);
    const start = (startedAt: number, name = 'n') => startRun(opened, { experimentId, startedAt, name });
    await start(day - 1, 'before the first day');
    const failed = await start(day, 'first');
    const deleted = await start(3 * day + 2, 'deleted');
    const last = await start(3 * day - 1, 'last');
    await start(3 * day - 1 - 5);
    await opened.runs.end(failed, 'FAILED', day + 1);
    await opened.runs.delete(deleted, 1);
    const query = { from: day, days: 3 };
    const activity = await opened.activity.of({
      ...query,
      experimentIds: [experimentId, empty, experimentId],
    });
    expect(activity).toEqual([
      {
        experimentId,
        runs: 4,
        running: 3,
        started: [1, 2, 0],
        failed: [1, 0, 0],
        last: { id: last, name: 'last', status: 'RUNNING', startedAt: 3 * day - 1, endedAt: undefined },
      },
    ]);
    expect(await opened.activity.of({ ...query, experimentIds: [] })).toEqual([]);
    expect(await opened.activity.of({ ...query, experimentIds: ['none', '999999'] })).toEqual([]);
  });
}
