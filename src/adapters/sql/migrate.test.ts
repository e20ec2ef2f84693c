import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import Libsql from 'libsql';
import { expect, test } from 'vitest';
import type { Database } from './database.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/all.ts';
import type { Migration } from './migrations/migration.ts';
import { openSqlite, openSqliteReadOnly } from './sqlite/sqlite.ts';

const colours: Migration = {
  name: '9998-colours',
  statements: {
    sqlite: ['create table colours (name text)', "insert into colours values ('amber')"],
    postgres: [],
  },
};

test('names sort in the order in which migrations are applied', () => {
  const names = migrations.map(({ name }) => name);
  expect(names).toEqual(names.toSorted());
  for (const name of names) expect(name).toMatch(/^\d{4}-[a-z-]+$/);
});

test('pending migrations are applied once, and the time is recorded', async () => {
  await using opened = await openTemp();
  await apply(opened.database, [...migrations, colours], 77);
  await apply(opened.database, [...migrations, colours], 88);
  expect(await rowsOf(opened.database, 'select name from colours')).toEqual([{ name: 'amber' }]);
  expect(
    await rowsOf(opened.database, 'select name, applied_at from modelyard_migrations order by name'),
  ).toEqual([
    ...migrations.map(({ name }) => ({ name, applied_at: 1 })),
    { name: '9998-colours', applied_at: 77 },
  ]);
});

test('a migration edited after it was applied is refused', async () => {
  await using opened = await openTemp();
  await apply(opened.database, [...migrations, colours], 2);
  const edited = {
    ...colours,
    statements: { sqlite: ['create table colours (name text, hex text)'], postgres: [] },
  };
  await expect(apply(opened.database, [...migrations, edited], 3)).rejects.toMatchObject({
    code: 'STATE_DAMAGED',
    detail: { field: 'migration', value: '9998-colours', remedy: expect.stringContaining(opened.path) },
  });
});

test('a database of a newer build is refused with a remedy and not changed', async () => {
  await using opened = await openTemp();
  await apply(opened.database, [...migrations, colours], 2);
  await opened.database[Symbol.asyncDispose]();
  await expect(openSqlite(opened.path)).rejects.toMatchObject({
    code: 'STATE_NEWER',
    detail: { value: '9998-colours', remedy: expect.stringContaining('Update modelyard') },
  });
});

test('a failing migration leaves nothing, nor do those before it', async () => {
  await using opened = await openTemp();
  const broken: Migration = {
    name: '9999-broken',
    statements: { sqlite: ['create table later (a)', 'create tabel oops'], postgres: [] },
  };
  await expect(apply(opened.database, [...migrations, colours, broken], 2)).rejects.toMatchObject({
    code: 'INTERNAL',
  });
  expect(
    await rowsOf(opened.database, "select name from sqlite_schema where name in ('colours', 'later')"),
  ).toEqual([]);
  await apply(opened.database, [...migrations, colours], 3);
  expect(await rowsOf(opened.database, 'select name from colours')).toEqual([{ name: 'amber' }]);
});

test('a database of a pre-release build is refused with a remedy and not changed', async () => {
  await using opened = await openTemp();
  const rename = "update modelyard_migrations set name = '0001-runs' where name = '0001-baseline'";
  await rowsOf(opened.database, rename);
  await opened.database[Symbol.asyncDispose]();
  const before = await readFile(opened.path);
  const refusal = {
    code: 'STATE_OLDER',
    detail: {
      field: 'migration',
      value: '0001-runs',
      remedy: expect.stringMatching(/pre-release build.* another --state.* modelyard import/s),
    },
  };
  await expect(openSqlite(opened.path)).rejects.toMatchObject(refusal);
  await expect(openSqliteReadOnly(opened.path)).rejects.toMatchObject(refusal);
  expect((await readFile(opened.path)).equals(before)).toBe(true);
});

test.each([
  { recorded: '', tables: ['experiments', 'runs'] },
  {
    recorded: 'create table modelyard_migrations (name text primary key, digest text, applied_at bigint);',
    tables: ['experiments', 'modelyard_migrations', 'runs'],
  },
])(
  'tables without a recorded migration are refused and not changed: $tables',
  async ({ recorded, tables }) => {
    const folder = await mkdtemp(join(tmpdir(), 'modelyard-migrate-'));
    const path = join(folder, 'mlflow.db');
    const file = new Libsql(path);
    file.exec(
      `create table experiments (experiment_id integer); create table runs (run_uuid text); ${recorded}`,
    );
    const refusal = {
      code: 'STATE_OLDER',
      detail: { field: 'table', value: 'experiments', remedy: expect.stringContaining('modelyard import') },
    };
    await expect(openSqlite(path)).rejects.toMatchObject(refusal);
    await expect(openSqliteReadOnly(path)).rejects.toMatchObject(refusal);
    const listed = file.prepare("select name from sqlite_schema where type = 'table' order by name").all();
    file.close();
    expect(listed).toEqual(tables.map((name) => ({ name })));
    await rm(folder, { recursive: true });
  },
);

async function openTemp(): Promise<{ readonly database: Database; readonly path: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-migrate-'));
  const path = join(folder, 'state.db');
  const database = await openSqlite(path, { clock: () => 1 });
  return {
    database,
    path,
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

async function apply(database: Database, list: readonly Migration[], now: number): Promise<void> {
  const { rows } = await sql<{ file: string }>`pragma database_list`.execute(database.sql);
  await migrate(database.sql, { dialect: 'sqlite', migrations: list, database: rows[0]?.file ?? '', now });
}

async function rowsOf(database: Database, query: string): Promise<readonly unknown[]> {
  return (await sql.raw(query).execute(database.sql)).rows;
}
