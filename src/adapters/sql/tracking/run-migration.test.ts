import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kysely, sql } from 'kysely';
import { expect, test } from 'vitest';
import { newRunId } from '../../../kernel/ids.ts';
import { migrate } from '../migrate.ts';
import { migrations } from '../migrations/all.ts';
import { sqlExperimentStore } from './experiment-store.ts';
import { sqlRunStore } from './run-store.ts';
import { openSqlite } from '../sqlite/sqlite.ts';
import { sqliteDialect } from '../sqlite/sqlite-dialect.ts';
import { SqliteThread } from '../sqlite/sqlite-thread.ts';
import type { Tables } from '../tables.ts';

test('runs that the pipeline made before clients could see them are whole for clients', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-runs-'));
  const path = join(folder, 'state.db');
  const [parent, child] = [newRunId(), newRunId()];
  {
    await using thread = await SqliteThread.open(path);
    const old = new Kysely<Tables>({ dialect: sqliteDialect(thread) });
    await migrate(old, { dialect: 'sqlite', migrations: migrations.slice(0, 1), database: path, now: 1 });
    await sql`insert into experiments (id, name, created_at, updated_at) values (1, 'Default', 5, 5)`.execute(
      old,
    );
    for (const [id, parentId] of [
      [parent, null],
      [child, parent],
    ])
      await sql`insert into runs (id, experiment_id, parent_id, name, status, started_at)
        values (${id}, 1, ${parentId}, 'brisk-heron', 'RUNNING', 7)`.execute(old);
  }
  await using database = await openSqlite(path);
  expect(await sqlExperimentStore(database).get('1')).toMatchObject({
    artifactLocation: 'mlflow-artifacts:/1',
  });
  expect(await sqlExperimentStore(database).get('0')).toMatchObject({ name: 'Default experiment' });
  expect(await sqlRunStore(database).get(child)).toMatchObject({
    info: { artifactUri: `mlflow-artifacts:/1/${child}/artifacts`, lifecycle: 'active' },
    tags: [
      { key: 'mlflow.parentRunId', value: parent },
      { key: 'mlflow.runName', value: 'brisk-heron' },
    ],
  });
  await rm(folder, { recursive: true });
});
