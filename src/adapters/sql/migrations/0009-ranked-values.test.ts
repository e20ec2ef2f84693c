import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kysely, sql } from 'kysely';
import { expect, test } from 'vitest';
import type { RunId } from '../../../kernel/ids.ts';
import { pairs, point } from '../../../tracking/run-stores.fixture.ts';
import type { Database } from '../database.ts';
import { migrate } from '../migrate.ts';
import { moveRun } from '../tracking/move-run.fixture.ts';
import { sqlRunStore } from '../tracking/run-store.ts';
import { openSqlite } from '../sqlite/sqlite.ts';
import { sqliteDialect } from '../sqlite/sqlite-dialect.ts';
import { SqliteThread } from '../sqlite/sqlite-thread.ts';
import type { Tables } from '../tables.ts';
import { rankedValuesOfRuns } from './0009-ranked-values.ts';
import { migrations } from './all.ts';

const long = 'é'.repeat(101);

const before = [
  ...['a', 'b'].map(
    (id) => `insert into runs (id, experiment_id, parent_id, name, status, started_at)
      values ('${id}', 0, null, '${id}', 'RUNNING', 7)`,
  ),
  `insert into latest_metrics (run_id, key, value, is_nan, step, timestamp)
    values ('a', 'm', 0.5, 0, 1, 1), ('b', 'm', 0, 1, 1, 1)`,
  `insert into params (run_id, key, value) values ('a', 'p', 'x'), ('b', 'p', '${long}')`,
];

test('the values that runs have are ranked, those from before too, and no others', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-0009-'));
  const path = join(folder, 'state.db');
  await fillEarlierBuild(path);
  await using database = await openSqlite(path);
  expect(await ranked(database)).toEqual([
    ['0 m a', 0.5],
    ['0 m b', 0],
    ['0 p a', 'x'],
    ['0 p b', long.slice(0, 100)],
  ]);
  const runs = sqlRunStore(database);
  await runs.create({
    id: 'c' as RunId,
    experimentId: '0',
    name: 'calm',
    user: '',
    startedAt: 8,
    tags: pairs({ t: 'old' }),
  });
  await runs.log('c', { metrics: [point('m', 1)], params: pairs({ p: 'z' }), tags: pairs({ t: 'new' }) });
  await runs.log('a', { metrics: [point('m', Number.NaN, [9, 9])] });
  await moveRun(database, 'b', '1');
  await runs.deleteTag('c', 'mlflow.runName');
  expect(await ranked(database)).toEqual([
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
  expect(await ranked(database)).toEqual([]);
  await rm(folder, { recursive: true });
});

async function fillEarlierBuild(path: string): Promise<void> {
  await using thread = await SqliteThread.open(path);
  const kysely = new Kysely<Tables>({ dialect: sqliteDialect(thread) });
  const earlier = migrations.slice(0, migrations.indexOf(rankedValuesOfRuns));
  await migrate(kysely, { dialect: 'sqlite', migrations: earlier, database: path, now: 1 });
  for (const statement of before) await sql.raw(statement).execute(kysely);
  await sql`insert into experiments (id, name, created_at, updated_at) values (1, 'other', 1, 1)`.execute(
    kysely,
  );
}

async function ranked(database: Database): Promise<readonly (readonly [string, number | string])[]> {
  const tables = ['ranked_metrics', 'ranked_params', 'ranked_tags'].map(
    (table) => `select experiment_id || ' ' || key || ' ' || run_id as place, value from ${table}`,
  );
  const { rows } = await sql
    .raw<{ place: string; value: number | string }>(`${tables.join(' union all ')} order by place`)
    .execute(database.sql);
  return rows.map(({ place, value }) => [place, value]);
}
