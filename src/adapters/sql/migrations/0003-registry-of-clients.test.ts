import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kysely, sql } from 'kysely';
import { expect, test } from 'vitest';
import { migrate } from '../migrate.ts';
import { openSqlite } from '../sqlite/sqlite.ts';
import { sqliteDialect } from '../sqlite/sqlite-dialect.ts';
import { SqliteThread } from '../sqlite/sqlite-thread.ts';
import { sqlRegistryStore } from '../registry/registry-store.ts';
import type { Tables } from '../tables.ts';
import { runsAndModels } from './0001-runs-and-models.ts';

const folders = ['a', 'b'].map((letter) => letter.repeat(64));

/** What a database of the first build holds: a model with two versions, one of them live. */
const before = [
  `insert into registered_models (name, created_at, updated_at) values ('score', 1, 2)`,
  `insert into registered_model_tags values ('score', 'team', 'x')`,
  ...folders.map(
    (folder, place) =>
      `insert into model_versions (model, version, run_id, folder, metrics, created_at, updated_at)
        values ('score', ${place + 1}, 'r${place}', '${folder}', '{"mae":14.5}', 3, 3)`,
  ),
  `insert into model_version_tags values ('score', 1, 'k', 'v')`,
  `insert into model_aliases values ('score', 'prod', 2)`,
  `insert into alias_moves (model, alias, from_version, to_version, moved_by, moved_at)
    values ('score', 'prod', null, 1, 'gate', 4), ('score', 'prod', 1, 2, 'gate', 5)`,
  `insert into judgements (model, version, alias, verdict, facts, decided_at)
    values ('score', 2, 'prod', '{"kind":"promote"}', '{}', 5)`,
];

test('what the first build registered is all there, and versions have a source', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-0003-'));
  const path = join(folder, 'state.db');
  await fillFirstBuild(path);
  await using database = await openSqlite(path);
  const registry = sqlRegistryStore(database);
  expect(await registry.findModel('score')).toMatchObject({
    tags: { team: 'x' },
    aliases: { prod: 2 },
    createdAt: 1,
    latest: [{ version: 2, source: `mlflow-artifacts:/modelyard/${folders[1]}`, stage: 'None' }],
  });
  expect(await registry.findVersion({ model: 'score', version: 1 })).toMatchObject({
    runId: 'r0',
    folder: folders[0],
    tags: { k: 'v' },
    metrics: { mae: 14.5 },
  });
  expect((await registry.aliasHistory('score', 'prod')).map(({ from, to }) => [from, to])).toEqual([
    [1, 2],
    [undefined, 1],
  ]);
  expect(await registry.listVerdicts('score', [2])).toMatchObject([{ decision: { kind: 'promote' } }]);
  expect((await registry.renameModel('score', { name: 'points', at: 9 })).aliases).toEqual({ prod: 2 });
  const { rows: broken } = await sql`select * from pragma_foreign_key_check`.execute(database.sql);
  expect(broken).toEqual([]);
  await rm(folder, { recursive: true });
});

async function fillFirstBuild(path: string): Promise<void> {
  await using thread = await SqliteThread.open(path);
  const kysely = new Kysely<Tables>({ dialect: sqliteDialect(thread) });
  await migrate(kysely, { dialect: 'sqlite', migrations: [runsAndModels], database: path, now: 1 });
  for (const statement of before) await sql.raw(statement).execute(kysely);
}
