import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { RunId } from '../../../kernel/ids.ts';
import { pairs, point } from '../../../tracking/run-stores.fixture.ts';
import type { Database } from '../database.ts';
import { emptySqlite } from '../empty-sqlite.fixture.ts';
import { moveRun } from './move-run.fixture.ts';
import { sqlRunStore } from './run-store.ts';

const long = 'é'.repeat(101);

test('the sort indexes have the values that runs have, whoever writes, and no others', async () => {
  await using database = await emptySqlite();
  await database.transaction(({ run }) =>
    run([
      database.sql.insertInto('experiments').values({ id: 1, name: 'other', created_at: 1, updated_at: 1 }),
    ]),
  );
  const runs = sqlRunStore(database);
  for (const id of ['a', 'b', 'c'])
    await runs.create({
      id: id as RunId,
      experimentId: '0',
      name: 'calm',
      user: '',
      startedAt: 8,
      tags: id === 'c' ? pairs({ t: 'old' }) : [],
    });
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

async function sorted(database: Database): Promise<readonly (readonly [string, number | string])[]> {
  const tables = ['metric_sort_index', 'param_sort_index', 'tag_sort_index'].map(
    (table) => `select experiment_id || ' ' || key || ' ' || run_id as entry, value from ${table}`,
  );
  const { rows } = await sql
    .raw<{ entry: string; value: number | string }>(`${tables.join(' union all ')} order by entry`)
    .execute(database.sql);
  return rows.map(({ entry, value }) => [entry, value]);
}
