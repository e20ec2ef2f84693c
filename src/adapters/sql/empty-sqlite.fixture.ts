import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql as raw } from 'kysely';
import { afterAll } from 'vitest';
import type { Database } from './database.ts';
import { emptyDatabase } from './empty.ts';
import { openSqlite } from './sqlite.ts';

const opened: { readonly database: Database; readonly folder: string }[] = [];
const free: Database[] = [];

/**
 * An empty database. To open one starts a thread, which takes longer than most tests: one that a test is done with is
 * emptied and serves the next of the same file.
 */
export async function emptySqlite(): Promise<Database> {
  const database = free.pop() ?? (await openAnother());
  return {
    ...database,
    async [Symbol.asyncDispose]() {
      await emptyDatabase(database);
      await database.transaction(({ run }) =>
        run(
          [raw`delete from sqlite_sequence`.compile(database.sql)].map((query) => ({ compile: () => query })),
        ),
      );
      free.push(database);
    },
  };
}

async function openAnother(): Promise<Database> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-sql-'));
  const database = await openSqlite(join(folder, 'state.db'));
  opened.push({ database, folder });
  return database;
}

afterAll(async () => {
  for (const { database, folder } of opened) {
    await database[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  }
});
