import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { Database } from './database.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/all.ts';
import type { Migration } from './migrations/migration.ts';
import { openSqlite } from './sqlite/sqlite.ts';

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
