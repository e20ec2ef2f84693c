import { copyFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { digestOf } from '../../../kernel/digest.ts';
import { migrations } from '../migrations/all.ts';
import type { Migration } from '../migrations/migration.ts';
import { openSqlite, openSqliteReadOnly } from './sqlite.ts';

const planted: Migration = {
  name: '9999-planted',
  statements: { sqlite: ['create table planted (name text)'], postgres: [] },
};

test('a read-only database reads beside its writer, sees its commits, and writes nothing', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'state.db');
  await using writer = await openSqlite(path);
  await using reader = await openSqliteReadOnly(path);
  await writer.transaction(({ run }) =>
    run([writer.sql.insertInto('experiments').values({ name: 'a', created_at: 1, updated_at: 1 })]),
  );
  const [{ rows }] = await reader.read([
    reader.sql.selectFrom('experiments').select('name').where('id', '<>', 0),
  ]);
  expect(rows).toEqual([{ name: 'a' }]);
  const write = reader.sql.insertInto('experiments').values({ name: 'b', created_at: 1, updated_at: 1 });
  await expect(write.execute()).rejects.toMatchObject({ code: 'STATE_UNWRITABLE' });
});

test.each([
  { name: 'older', written: migrations, supported: [...migrations, planted], code: 'STATE_OLDER' },
  { name: 'newer', written: [...migrations, planted], supported: migrations, code: 'STATE_NEWER' },
])('tables of a build that is $name are refused and not changed', async ({ written, supported, code }) => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'state.db');
  await (await openSqlite(path, { migrations: written }))[Symbol.asyncDispose]();
  const before = await readFile(path);
  await expect(openSqliteReadOnly(path, { migrations: supported })).rejects.toMatchObject({
    code,
    detail: { field: 'migration', value: planted.name, remedy: expect.stringContaining(path) },
  });
  expect((await readFile(path)).equals(before)).toBe(true);
});

test('what a killed process left is read and stays as it is; a closed database gets no log', async () => {
  await using folder = await temporaryFolder();
  const [live, path] = [join(folder.path, 'live.db'), join(folder.path, 'a #b%20?.db')];
  const contents = async (): Promise<readonly string[]> => {
    const names = (await readdir(folder.path)).filter(
      (name) => name.startsWith('a #b') && !name.endsWith('-shm'),
    );
    return Promise.all(
      names.toSorted().map(async (name) => `${name} ${digestOf(await readFile(join(folder.path, name)))}`),
    );
  };
  const names = async (): Promise<readonly string[]> => {
    await using reader = await openSqliteReadOnly(path);
    const [{ rows }] = await reader.read([
      reader.sql.selectFrom('experiments').select('name').where('id', '<>', 0),
    ]);
    return rows.map(({ name }) => name);
  };
  {
    await using writer = await openSqlite(live);
    await writer.transaction(({ run }) =>
      run([writer.sql.insertInto('experiments').values({ name: 'a', created_at: 1, updated_at: 1 })]),
    );
    // The files of an open database are those that a killed process leaves.
    for (const suffix of ['', '-wal', '-shm']) await copyFile(live + suffix, path + suffix);
  }
  const left = await contents();
  expect(left).toHaveLength(2);
  expect(await names()).toEqual(['a']);
  expect(await contents()).toEqual(left);
  await (await openSqlite(path))[Symbol.asyncDispose]();
  const closed = await contents();
  expect(closed).toHaveLength(1);
  expect(await names()).toEqual(['a']);
  expect(await contents()).toEqual(closed);
});

test('a missing file is reported and not created', async () => {
  await using folder = await temporaryFolder();
  await expect(openSqliteReadOnly(join(folder.path, 'state.db'))).rejects.toMatchObject({
    code: 'STATE_MISSING',
  });
  expect(await readdir(folder.path)).toEqual([]);
});

async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), 'modelyard-read-only-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}
