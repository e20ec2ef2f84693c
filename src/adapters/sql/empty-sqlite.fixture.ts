import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from './database.ts';
import { emptyDatabase } from './empty.ts';
import { openSqlite } from './sqlite/sqlite.ts';

const free: Database[] = [];

/**
 * An empty database. Opening one starts a thread, which takes longer than most tests, so a disposed database is emptied
 * and reused by the next test of the process.
 */
export async function emptySqlite(): Promise<Database> {
  const database = free.pop() ?? (await openAnother());
  return {
    ...database,
    async [Symbol.asyncDispose]() {
      await emptyDatabase(database);
      free.push(database);
    },
  };
}

async function openAnother(): Promise<Database> {
  return openSqlite(join(await mkdtemp(join(tmpdir(), 'modelyard-sql-')), 'state.db'));
}
