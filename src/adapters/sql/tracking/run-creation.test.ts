import { expect, test } from 'vitest';
import { newRunId } from '../../../kernel/ids.ts';
import { keyValues } from '../../../tracking/run-entries.ts';
import type { Database } from '../database.ts';
import { emptySqlite } from '../empty-sqlite.fixture.ts';
import { sqlTrackingStores } from './tracking-stores.ts';

test('after the first run of an experiment, a run is created in one trip, nested or not', async () => {
  await using sqlite = await emptySqlite();
  const trips: string[] = [];
  const { experiments, runs } = sqlTrackingStores(counting(sqlite, trips));
  const { id: experimentId } = await experiments.ensure('t20', 0);
  const start = async (more: Partial<Parameters<typeof runs.create>[0]> = {}) => {
    trips.length = 0;
    const id = newRunId();
    const { info } = await runs.create({ id, experimentId, name: 'n', startedAt: 1, ...more });
    return { id, parentId: info.parentId, trips: [...trips] };
  };
  const parent = await start();
  expect(parent.trips).toEqual(['transaction']);
  expect((await start()).trips).toEqual(['writeIf']);
  for (const nested of [
    { parentId: parent.id, startedBy: 'pipeline' as const },
    { tags: keyValues({ 'mlflow.parentRunId': parent.id }) },
  ])
    expect(await start(nested)).toMatchObject({ parentId: parent.id, trips: ['writeIf'] });
  const unknown = await start({ tags: keyValues({ 'mlflow.parentRunId': newRunId() }) });
  expect(unknown, 'a parent that is not in the database').toMatchObject({
    parentId: undefined,
    trips: ['writeIf', 'transaction'],
  });
});

function counting(database: Database, trips: string[]): Database {
  return {
    ...database,
    read(queries) {
      trips.push('read');
      return database.read(queries);
    },
    writeIf(conditions, queries) {
      trips.push('writeIf');
      return database.writeIf(conditions, queries);
    },
    transaction(work) {
      trips.push('transaction');
      return database.transaction(work);
    },
  };
}
