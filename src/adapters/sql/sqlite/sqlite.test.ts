import { mkdir, mkdtemp, open, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { newRunId } from '../../../kernel/ids.ts';
import type { Database } from '../database.ts';
import { openSqlite } from './sqlite.ts';
import { keyValues, valuesByKey } from '../../../tracking/run-entries.ts';
import { sqlTrackingStores } from '../tracking/tracking-stores.ts';

test('a commit waits for the disk, and references are checked', async () => {
  await using folder = await tempFolder();
  await using database = await openSqlite(join(folder.path, 'new', 'folder', 'state.db'));
  expect(await settings(database)).toEqual([
    { journal_mode: 'wal' },
    { synchronous: 2 },
    { foreign_keys: 1 },
  ]);
});

test('writes survive closing, in one file', async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, 'state.db');
  {
    await using database = await openSqlite(path);
    await sqlTrackingStores(database).experiments.ensure('t20', 5);
  }
  expect(await readdir(folder.path)).toEqual(['state.db']);
  await using database = await openSqlite(path);
  expect(await sqlTrackingStores(database).experiments.getByName('t20')).toMatchObject({ createdAt: 5 });
});

test('a closed database refuses work and closes twice', async () => {
  await using folder = await tempFolder();
  const database = await openSqlite(join(folder.path, 'state.db'));
  await database[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
  await expect(sqlTrackingStores(database).experiments.getByName('t20')).rejects.toMatchObject({
    code: 'INTERNAL',
  });
});

test('closing waits for running writes', async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, 'state.db');
  const database = await openSqlite(path);
  const writes = ['a', 'b', 'c'].map((name) => sqlTrackingStores(database).experiments.ensure(name, 0));
  await database[Symbol.asyncDispose]();
  expect((await Promise.all(writes)).map(({ name }) => name)).toEqual(['a', 'b', 'c']);
});

test('a read returns during an open write transaction, without its uncommitted writes', async () => {
  await using folder = await tempFolder();
  await using database = await openSqlite(join(folder.path, 'state.db'));
  await database.transaction(async ({ run }) => {
    await run([insertExperiment(database, 'half')]);
    expect(await names(database)).toEqual(['Default']);
  });
  expect(await names(database)).toEqual(['Default', 'half']);
});

test('the first read that would wait for a write opens a second thread', async () => {
  await using folder = await tempFolder();
  let threads = 0;
  const count = (): void => void (threads += 1);
  process.on('worker', count);
  onTestFinished(() => void process.off('worker', count));
  await using database = await openSqlite(join(folder.path, 'state.db'));
  await names(database);
  await database.writeIf([], [insertExperiment(database, 'a')]);
  await names(database);
  expect(threads).toBe(1);
  await database.transaction(async ({ run }) => {
    await run([insertExperiment(database, 'b')]);
    expect(await names(database)).toEqual(['Default', 'a']);
  });
  expect(await names(database)).toEqual(['Default', 'a', 'b']);
  expect(threads).toBe(2);
});

test('the thread of the reader that died is replaced for the next read', async () => {
  await using folder = await tempFolder();
  const threads: Worker[] = [];
  const add = (thread: Worker): void => void threads.push(thread);
  process.on('worker', add);
  onTestFinished(() => void process.off('worker', add));
  await using database = await openSqlite(join(folder.path, 'state.db'));
  await database.transaction(async ({ run }) => {
    await run([insertExperiment(database, 'a')]);
    await names(database);
    await threads[1]?.terminate();
    expect(await names(database)).toEqual(['Default']);
  });
  expect(await names(database)).toEqual(['Default', 'a']);
  expect(threads).toHaveLength(3);
});

test('a read sees every write acknowledged before it', async () => {
  await using folder = await tempFolder();
  await using database = await openSqlite(join(folder.path, 'state.db'));
  for (let count = 1; count <= 100; count += 1) {
    await database.writeIf([], [insertExperiment(database, `e${String(count).padStart(3, '0')}`)]);
    expect((await names(database)).length).toBe(count + 1);
  }
});

test('a transaction that throws leaves nothing and does not disturb the next one', async () => {
  await using folder = await tempFolder();
  await using database = await openSqlite(join(folder.path, 'state.db'));
  const store = sqlTrackingStores(database);
  const failing = database.transaction(async ({ run }) => {
    await run([insertExperiment(database, 'lost')]);
    throw new RangeError('changed my mind');
  });
  const next = store.experiments.ensure('kept', 0);
  await expect(failing).rejects.toThrow('changed my mind');
  expect((await next).name).toBe('kept');
  expect(await store.experiments.getByName('lost')).toBeUndefined();
});

test('a statement that fails in the middle undoes those before it', async () => {
  await using folder = await tempFolder();
  await using database = await openSqlite(join(folder.path, 'state.db'));
  const twice = [
    insertExperiment(database, 'a'),
    insertExperiment(database, 'b'),
    insertExperiment(database, 'a'),
  ];
  await expect(database.transaction(({ run }) => run(twice))).rejects.toMatchObject({
    code: 'INTERNAL',
    detail: { remedy: expect.stringContaining('UNIQUE constraint failed') },
  });
  expect(await sqlTrackingStores(database).experiments.getByName('b')).toBeUndefined();
});

test('a reader does not see uncommitted writes', async () => {
  await using folder = await tempFolder();
  await using database = await openSqlite(join(folder.path, 'state.db'));
  const store = sqlTrackingStores(database);
  const seen: (string | undefined)[] = [];
  const reads: Promise<unknown>[] = [];
  await database.transaction(async ({ run }) => {
    await run([insertExperiment(database, 'new')]);
    reads.push(store.experiments.getByName('new').then((found) => seen.push(found?.name)));
    await run([database.sql.selectFrom('experiments').selectAll()]);
    expect(seen).toEqual([]);
  });
  await Promise.all(reads);
  expect(seen).toEqual(['new']);
});

test("Kysely's own transactions take turns with ours", async () => {
  await using folder = await tempFolder();
  await using database = await openSqlite(join(folder.path, 'state.db'));
  const bump = database.sql.transaction().execute(async (open) => {
    await open.insertInto('experiments').values({ name: 'a', created_at: 0, updated_at: 0 }).execute();
    const { rows } = await sql<{
      count: number;
    }>`select count(*) as count from experiments where name in ('a', 'b')`.execute(open);
    return rows[0]?.count;
  });
  const other = sqlTrackingStores(database).experiments.ensure('b', 0);
  expect([await bump, (await other).name]).toEqual([1, 'b']);
  const failed = database.sql.transaction().execute(async (open) => {
    await open.deleteFrom('experiments').where('id', '>', 0).execute();
    throw new RangeError('no');
  });
  await expect(failed).rejects.toThrow('no');
  const named = database.sql.selectFrom('experiments').select('name').where('id', '>', 0);
  expect(await named.orderBy('name').execute()).toEqual([{ name: 'a' }, { name: 'b' }]);
});

test('two concurrent opens of a new file create its tables once', async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, 'state.db');
  const [first, second] = await Promise.all([openSqlite(path), openSqlite(path)]);
  await using one = first;
  await using two = second;
  const experiments = await Promise.all(
    [one, two].map((database) => sqlTrackingStores(database).experiments.ensure('t20', 0)),
  );
  expect(experiments[0]).toEqual(experiments[1]);
});

test('a file that is not a database is reported as damaged, with its path', async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, 'state.db');
  await writeFile(path, 'not a database, whatever its name says. '.repeat(500));
  await expect(openSqlite(path)).rejects.toMatchObject({
    code: 'STATE_DAMAGED',
    detail: { field: 'database', value: path, remedy: expect.stringContaining('backup') },
  });
});

test('an overwritten page is reported as damage, not read as data', async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, 'state.db');
  {
    await using database = await openSqlite(path);
    const store = sqlTrackingStores(database);
    const { id: experimentId } = await store.experiments.ensure('t20', 0);
    for (let count = 0; count < 50; count += 1)
      await store.runs.create({
        id: newRunId(),
        experimentId,
        name: 'calm-otter',
        startedAt: count,
        tags: keyValues({ note: 'x'.repeat(500) }),
      });
  }
  await overwriteAfterFirstPages(path);
  const reading = async (): Promise<unknown> => {
    await using database = await openSqlite(path);
    return sqlTrackingStores(database).runs.list({ limit: 100 });
  };
  await expect(reading()).rejects.toMatchObject({ code: 'STATE_DAMAGED', detail: { value: path } });
});

test('a full disk rolls back the batch, and the next one succeeds once there is space', async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, 'state.db');
  await using database = await openSqlite(path);
  const store = sqlTrackingStores(database);
  const { id: experimentId } = await store.experiments.ensure('t20', 0);
  const id = newRunId();
  await store.runs.create({ id, experimentId, name: 'calm-otter', startedAt: 0 });
  await sql`pragma max_page_count = 1`.execute(database.sql); // SQLite takes its present size for the least
  const named = keyValues({ 'mlflow.runName': 'calm-otter' });
  const batch = {
    tags: keyValues({ first: 'small' }),
    params: Array.from({ length: 600 }, (_, key) => ({ key: `p${key}`, value: 'x'.repeat(500) })),
  };
  await expect(store.runs.log(id, batch)).rejects.toMatchObject({
    code: 'STATE_UNWRITABLE',
    detail: { value: path },
  });
  expect(await store.runs.get(id)).toMatchObject({ tags: named, params: [] });
  await sql`pragma max_page_count = 1000000`.execute(database.sql);
  await store.runs.log(id, batch);
  const stored = await store.runs.get(id);
  expect(stored?.tags).toEqual([...batch.tags, ...named]);
  expect(valuesByKey(stored?.params ?? [])).toEqual(valuesByKey(batch.params));
});

test('a path that cannot be written is reported', async () => {
  await using folder = await tempFolder();
  const file = join(folder.path, 'file');
  await writeFile(file, '');
  const below = join(file, 'state');
  await expect(openSqlite(join(below, 'state.db'))).rejects.toMatchObject({
    code: 'STATE_UNWRITABLE',
    detail: { field: 'folder', value: below },
  });
  const isFolder = join(folder.path, 'state.db');
  await mkdir(isFolder);
  await expect(openSqlite(isFolder)).rejects.toMatchObject({
    code: 'STATE_UNWRITABLE',
    detail: { field: 'database', value: isFolder },
  });
});

async function tempFolder(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'modelyard-sql-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

async function settings({ sql: kysely }: Database): Promise<readonly unknown[]> {
  const names = ['journal_mode', 'synchronous', 'foreign_keys'];
  const results = await Promise.all(names.map((name) => sql.raw(`pragma ${name}`).execute(kysely)));
  return results.flatMap(({ rows }) => rows);
}

function insertExperiment({ sql: kysely }: Database, name: string) {
  return kysely.insertInto('experiments').values({ name, created_at: 0, updated_at: 0 });
}

async function overwriteAfterFirstPages(path: string): Promise<void> {
  const from = 4096;
  const { size } = await stat(path);
  const file = await open(path, 'r+');
  await file.write(Buffer.alloc(size - from, 0xa5), 0, size - from, from);
  await file.close();
}

async function names({ sql: kysely, read }: Database): Promise<readonly string[]> {
  const [{ rows }] = await read([kysely.selectFrom('experiments').select('name').orderBy('id')]);
  return rows.map(({ name }) => name);
}
