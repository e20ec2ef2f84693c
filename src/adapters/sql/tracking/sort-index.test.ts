import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { RunId } from '../../../kernel/ids.ts';
import type { NewRun } from '../../../tracking/model.ts';
import { pairs, point } from '../../../tracking/run-stores.fixture.ts';
import type { Database } from '../database.ts';
import { emptySqlite } from '../empty-sqlite.fixture.ts';
import { logWriter } from './log-batch.ts';
import { moveRun } from './move-run.fixture.ts';
import { sqlRunStore } from './run-store.ts';

const long = 'é'.repeat(101);

test('the sort indexes have exactly the values of runs, whichever store writes them', async () => {
  await using database = await emptySqlite();
  await database.transaction(({ run }) =>
    run([
      database.sql.insertInto('experiments').values({ id: 1, name: 'other', created_at: 1, updated_at: 1 }),
    ]),
  );
  const runs = sqlRunStore(database);
  for (const id of ['a', 'b', 'c'])
    await runs.create({ ...newRun(id), tags: id === 'c' ? pairs({ t: 'old' }) : [] });
  await runs.log('a', { metrics: [point('m', 0.5, [1, 1])], params: pairs({ p: 'x' }) });
  await runs.log('b', { metrics: [point('m', Number.NaN, [1, 1])], params: pairs({ p: long }) });
  for (const id of ['a', 'b', 'c']) await runs.deleteTag(id, 'mlflow.runName');
  expect(await sorted(database)).toEqual([
    ['0 m a', 0.5],
    ['0 m b', 0],
    ['0 p a', 'x'],
    ['0 p b', long.slice(0, 100)],
    ['0 t c', 'old'],
  ]);
  await runs.log('c', { metrics: [point('m', 1)], params: pairs({ p: 'z' }), tags: pairs({ t: 'new' }) });
  await runs.log('a', { metrics: [point('m', Number.NaN, [9, 9])] });
  await moveRun(database, 'b', '1');
  expect(await sorted(database)).toEqual([
    ['0 m a', 0],
    ['0 m c', 1],
    ['0 p a', 'x'],
    ['0 p c', 'z'],
    ['0 t c', 'new'],
    ['1 m b', 0],
    ['1 p b', long.slice(0, 100)],
  ]);
  for (const table of ['latest_metrics', 'params', 'run_tags'])
    await sql.raw(`delete from ${table}`).execute(database.sql);
  expect(await sorted(database)).toEqual([]);
});

test.each([
  ['params', 'run_id, key, value', `'a', 'p', 'x'`],
  ['run_tags', 'run_id, key, value, is_long, prefix', `'a', 't', 'x', 0, 'x'`],
  [
    'run_tags',
    'run_id, key, value, is_long, prefix, experiment_id, started_at',
    `'a', 't', 'x', 0, 'y', 0, 8`,
  ],
  ['params', 'run_id, key, value, is_long, prefix, experiment_id, started_at', `'a', 'p', 'x', 1, 'x', 0, 8`],
  ['latest_metrics', 'run_id, key, value, is_nan, step, timestamp', `'a', 'm', 1, 0, 0, 0`],
])('%s takes no row of %s without what its sort index needs', async (table, columns, values) => {
  await using database = await emptySqlite();
  await sqlRunStore(database).create(newRun('a'));
  const insert = sql.raw(`insert into ${table} (${columns}) values (${values})`);
  await expect(insert.execute(database.sql)).rejects.toThrow(/constraint failed/);
  expect(await sorted(database)).toEqual([['0 mlflow.runName a', 'calm']]);
});

test('values of a run that does not exist are refused', async () => {
  await using database = await emptySqlite();
  const { writes } = logWriter(database.sql);
  for (const entries of [
    { params: pairs({ p: 'x' }) },
    { tags: pairs({ t: 'x' }) },
    { metrics: [point('m', 1)] },
  ])
    await expect(database.transaction(({ run }) => run(writes('gone', entries)))).rejects.toThrow(
      /constraint failed/,
    );
  expect(await sorted(database)).toEqual([]);
});

function newRun(id: string): NewRun {
  return { id: id as RunId, experimentId: '0', name: 'calm', user: '', startedAt: 8, tags: [] };
}

async function sorted(database: Database): Promise<readonly (readonly [string, number | string])[]> {
  const tables = ['metric_sort_index', 'param_sort_index', 'tag_sort_index'].map(
    (table) => `select experiment_id || ' ' || key || ' ' || run_id as entry, value from ${table}`,
  );
  const { rows } = await sql
    .raw<{ entry: string; value: number | string }>(`${tables.join(' union all ')} order by entry`)
    .execute(database.sql);
  return rows.map(({ entry, value }) => [entry, value]);
}
