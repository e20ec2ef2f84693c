import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kysely, sql } from 'kysely';
import Libsql from 'libsql';
import { expect, test } from 'vitest';
import { migrate } from '../migrate.ts';
import { migrations } from '../migrations/all.ts';
import type { Migration } from '../migrations/migration.ts';
import { backUp } from './sqlite-backup.ts';
import { sqliteDialect } from './sqlite-dialect.ts';
import { openSqlite } from './sqlite.ts';
import { SqliteThread } from './sqlite-thread.ts';
import type { Tables } from '../tables.ts';

const planted: Migration = {
  name: '9999-planted',
  statements: { sqlite: ['create table planted (name text)'], postgres: [] },
};
const next = planted.name;
const newer = [...migrations, planted];

test('an upgrade copies the database before its tables change, once', async () => {
  await using older = await olderDatabase();
  const copies: string[] = [];
  const open = async (): Promise<readonly string[]> => {
    await using database = await openSqlite(older.path, {
      migrations: newer,
      onBackup: (path) => copies.push(path),
    });
    const all = await database.sql
      .selectFrom('modelyard_migrations')
      .select('name')
      .orderBy('name')
      .execute();
    return all.map(({ name }) => name);
  };
  expect(await open()).toEqual(newer.map(({ name }) => name));
  expect(await open()).toHaveLength(newer.length);
  const copy = `${older.path}.before-${next}`;
  expect(copies).toEqual([copy]);
  expect(readAll(copy, 'select name from modelyard_migrations order by name')).toEqual(
    migrations.map(({ name }) => ({ name })),
  );
  expect(readAll(copy, "select name from experiments where name = 'kept'")).toEqual([{ name: 'kept' }]);
});

test('a new database is not copied', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'new.db');
  await using database = await openSqlite(path, { onBackup: () => expect.unreachable() });
  await database.sql.selectFrom('experiments').selectAll().execute();
  expect((await readdir(folder.path)).filter((name) => name.includes('before'))).toEqual([]);
});

test('the next upgrade replaces the copy of a killed one', async () => {
  await using older = await olderDatabase();
  const copy = `${older.path}.before-${next}`;
  await writeFile(`${copy}.part`, 'half a copy');
  await writeFile(copy, 'of an upgrade that was undone');
  await using database = await openSqlite(older.path, { migrations: newer });
  await database.sql.selectFrom('experiments').selectAll().execute();
  expect((await readFile(copy)).subarray(0, 15).toString()).toBe('SQLite format 3');
  expect(await readdir(older.folder)).not.toContain(`state.db.before-${next}.part`);
});

test('an upgrade without space for the copy changes nothing', async () => {
  await using older = await olderDatabase();
  const nowhere = join(older.folder, 'gone', 'state.db');
  const refused = older.with((kysely) => backUp(kysely, { path: nowhere, before: '0003-later' }));
  await expect(refused).rejects.toMatchObject({
    code: 'STATE_UNWRITABLE',
    detail: { field: 'backup', value: `${nowhere}.before-0003-later` },
  });
});

function readAll(path: string, query: string): readonly unknown[] {
  const database = new Libsql(path, { readonly: true });
  const rows = database.prepare(query).all();
  database.close();
  return rows.map((row) => ({ ...(row as object) }));
}

/** A database with an experiment, of a build without the planted migration. */
async function olderDatabase() {
  const { path: folder, [Symbol.asyncDispose]: dispose } = await temporaryFolder();
  const path = join(folder, 'state.db');
  const withKysely = async (work: (kysely: Kysely<Tables>) => Promise<unknown>): Promise<void> => {
    await using thread = await SqliteThread.open(path);
    await work(new Kysely<Tables>({ dialect: sqliteDialect(thread) }));
  };
  await withKysely(async (kysely) => {
    await migrate(kysely, { dialect: 'sqlite', migrations, database: path, now: 1 });
    await sql`insert into experiments (name, created_at, updated_at) values ('kept', 0, 0)`.execute(kysely);
  });
  return { path, folder, with: withKysely, [Symbol.asyncDispose]: dispose };
}

async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), 'modelyard-backup-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}
