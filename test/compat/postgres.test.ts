import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import type { Database } from '../../src/adapters/sql/database.ts';
import { sqlMirrorQueue } from '../../src/adapters/sql/mirror/mirror-queue.ts';
import { ignoreWrites, watchWrites } from '../../src/adapters/sql/mirror/mirror-triggers.ts';
import { openPostgres } from '../../src/adapters/sql/postgres/postgres.ts';
import { openSqlite } from '../../src/adapters/sql/sqlite/sqlite.ts';
import { valuesByKey } from '../../src/tracking/run-entries.ts';
import { sqlTrackingStores } from '../../src/adapters/sql/tracking/tracking-stores.ts';
import { watchFor } from '../../src/cli/host/mirror-state.ts';
import { newRunId } from '../../src/kernel/ids.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { execute, newSchema, type PostgresSchema } from './postgres-schema.ts';

const server = process.env['MODELYARD_COMPAT_POSTGRES'];
const why = server === undefined ? ' (skipped: MODELYARD_COMPAT_POSTGRES names no database)' : '';

describe.skipIf(server === undefined)(`a database on PostgreSQL${why}`, () => {
  test('has the tables and columns that SQLite has', async () => {
    await using opened = await openNew();
    const folder = await mkdtemp(join(tmpdir(), 'modelyard-columns-'));
    await using sqlite = await openSqlite(join(folder, 'state.db'));
    const theirs = await sql<Column>`select tables.name as "table", columns.name as "column",
        max("notnull", pk > 0) as required, dflt_value is not null as defaulted
      from sqlite_schema as tables join pragma_table_info(tables.name) as columns
      where tables.type in ('table', 'view') and tables.name not like 'sqlite%'`.execute(sqlite.sql);
    const ours = await sql<Column>`select table_name as "table", column_name as "column",
        (is_nullable = 'NO')::int as required, (column_default is not null)::int as defaulted
      from information_schema.columns where table_schema = current_schema()`.execute(opened.database.sql);
    const listed = (rows: readonly Column[]) =>
      rows
        .map(({ table, column, required, defaulted }) => `${table}.${column} ${required} ${defaulted}`)
        .toSorted();
    expect(listed(ours.rows)).toEqual(listed(theirs.rows));
    expect(ours.rows.length).toBeGreaterThan(100);
    await rm(folder, { recursive: true });
  });

  test('sorts every text as SQLite does, whatever its collation', async () => {
    await using opened = await openNew();
    const { rows } = await sql`select table_name, column_name from information_schema.columns
      where table_schema = current_schema() and data_type = 'text' and collation_name is distinct from 'C'
        and table_name <> 'modelyard_migrations'`.execute(opened.database.sql);
    expect(rows).toEqual([]);
  });

  test('waits for the disk at each commit, whatever the default of the server', async () => {
    await using schema = await newSchema(server ?? '', '-c synchronous_commit=off');
    expect(await execute(schema.url, 'show synchronous_commit')).toEqual([{ synchronous_commit: 'off' }]);
    await using database = await openPostgres(schema.url);
    expect((await sql`show synchronous_commit`.execute(database.sql)).rows).toEqual([
      { synchronous_commit: 'on' },
    ]);
  });

  test('continues to queue changes for the mirror of one process when another has none', async () => {
    await using opened = await openNew();
    const { database } = opened;
    const queue = sqlMirrorQueue(database, { target: 'http://there', now: Date.now });
    const queued = async (name: string): Promise<number> => {
      const before = (await queue.backlog()).waiting;
      await database.transaction(({ run }) => run([insertExperiment(database, name)]));
      return (await queue.backlog()).waiting - before;
    };
    await watchWrites(database, 'postgres');
    await queue.acquireLease({ holder: 'a', now: Date.now(), until: Date.now() + 600_000 });
    await ignoreWrites(database, 'postgres');
    expect(await queued('while a sends')).toBe(1);
    await queue.acquireLease({ holder: 'a', now: Date.now(), until: Date.now() - 1 });
    const logged: string[] = [];
    const log = { ...silentLog, warn: (message: string) => void logged.push(message) };
    expect(await watchFor(undefined, { database, isPostgres: true, log })).toBeUndefined();
    expect(await queued('while a restarts')).toBe(1);
    expect(logged).toEqual([expect.stringContaining('modelyard mirror --off')]);
    await ignoreWrites(database, 'postgres');
    expect(await queued('when nobody does')).toBe(0);
    await Promise.all([watchWrites(database, 'postgres'), watchWrites(database, 'postgres')]);
    expect(await queued('when a is back')).toBe(1);
  });

  test('two concurrent opens of a new database create its tables once', async () => {
    await using schema = await newSchema(server ?? '');
    const [first, second] = await Promise.all([openPostgres(schema.url), openPostgres(schema.url)]);
    await using one = first;
    await using two = second;
    const experiments = await Promise.all(
      [one, two].map((database) => sqlTrackingStores(database).experiments.ensure('t20', 0)),
    );
    expect(experiments[0]).toEqual(experiments[1]);
  });

  test('is refused if a newer build created it, or if a migration was edited since', async () => {
    await using opened = await openNew();
    const { url } = opened.schema;
    await execute(url, "insert into modelyard_migrations values ('9998-later', 'x', 1)");
    await expect(openPostgres(url)).rejects.toMatchObject({
      code: 'STATE_NEWER',
      detail: { value: '9998-later', remedy: expect.stringContaining('Update modelyard') },
    });
    await execute(url, "delete from modelyard_migrations where name = '9998-later'");
    await execute(url, "update modelyard_migrations set digest = 'x' where name like '0001%'");
    await expect(openPostgres(url)).rejects.toMatchObject({ code: 'STATE_DAMAGED' });
  });

  test('rolls back a transaction that throws, and one with a failing statement', async () => {
    await using opened = await openNew();
    const { database } = opened;
    const store = sqlTrackingStores(database);
    const failing = database.transaction(async ({ run }) => {
      await run([insertExperiment(database, 'lost')]);
      throw new RangeError('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    const names = ['a', 'b', 'a', 'c'];
    const twice = database.transaction(({ run }) =>
      run(names.map((name) => insertExperiment(database, name))),
    );
    await expect(twice).rejects.toMatchObject({
      code: 'INTERNAL',
      detail: { remedy: expect.stringContaining('23505') },
    });
    for (const name of ['lost', ...names]) expect(await store.experiments.getByName(name)).toBeUndefined();
    expect((await store.experiments.ensure('a', 0)).name).toBe('a');
  });

  test('does not commit a transaction that continues after a failed query', async () => {
    await using opened = await openNew();
    const { database } = opened;
    const stubborn = database.transaction(async ({ run }) => {
      await run([insertExperiment(database, 'kept?')]);
      await run([insertExperiment(database, 'kept?')]).catch(() => undefined);
    });
    await expect(stubborn).rejects.toThrow('after one of its queries had failed');
    expect(await sqlTrackingStores(database).experiments.getByName('kept?')).toBeUndefined();
  });

  test('gives a reader one snapshot, without uncommitted writes', async () => {
    await using opened = await openNew();
    const { database } = opened;
    const named = database.sql.selectFrom('experiments').select('name').where('id', '>', 0);
    await database.transaction(async ({ run }) => {
      await run([insertExperiment(database, 'a')]);
      expect((await database.read([named]))[0].rows).toEqual([]);
      expect((await run([named]))[0].rows).toEqual([{ name: 'a' }]);
    });
    expect((await database.read([named, named])).map(({ rows }) => rows.length)).toEqual([1, 1]);
  });

  test('serializes two transactions that each read what the other writes', async () => {
    await using opened = await openNew();
    const { database } = opened;
    const count = database.sql.selectFrom('experiments').select((all) => all.fn.countAll<number>().as('n'));
    const addCounted = (kind: string): Promise<void> =>
      database.transaction(async ({ run }) => {
        const [{ rows }] = await run([count]);
        await run([insertExperiment(database, `${kind} ${rows[0]?.n}`)]);
      });
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map(addCounted));
    const [{ rows }] = await database.read([database.sql.selectFrom('experiments').select('name')]);
    const counted = rows.map(({ name }) => Number(name.split(' ')[1])).filter(Boolean);
    expect(counted.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5]);
  });

  test('stores numbers exactly and texts byte for byte', async () => {
    await using opened = await openNew();
    const store = sqlTrackingStores(opened.database);
    const { id: experimentId } = await store.experiments.ensure('t20', 0);
    const id = newRunId();
    await store.runs.create({ id, experimentId, name: '𝔛 é e\u0301', startedAt: 4_102_444_800_123 });
    const values = [5e-324, -0, 0.1 + 0.2, 1e21, Number.MAX_VALUE, Number.NEGATIVE_INFINITY, Number.NaN];
    await store.runs.log(id, {
      metrics: values.map((value, step) => ({ key: `m${step}`, value, step: -step, timestamp: step })),
    });
    const run = await store.runs.get(id);
    expect(run?.info).toMatchObject({ name: '𝔛 é e\u0301', startedAt: 4_102_444_800_123 });
    const stored = valuesByKey(run?.metrics ?? []);
    expect(values.map((_, step) => stored[`m${step}`])).toEqual(values);
  });

  test('work waits for a free connection, and closing waits for running work', async () => {
    await using schema = await newSchema(server ?? '');
    const database = await openPostgres(schema.url, { maxConnections: 2 });
    const store = sqlTrackingStores(database);
    const names = Array.from({ length: 12 }, (_, number) => `e${number}`);
    const writes = names.map((name) => store.experiments.ensure(name, 0));
    await Promise.all([database[Symbol.asyncDispose](), database[Symbol.asyncDispose]()]);
    expect((await Promise.all(writes)).map(({ name }) => name)).toEqual(names);
    await expect(store.experiments.getByName('e1')).rejects.toMatchObject({ code: 'INTERNAL' });
  });

  test('recovers when a table changes under its connections', async () => {
    await using opened = await openNew();
    const all = opened.database.sql.selectFrom('experiments').selectAll();
    expect((await opened.database.read([all]))[0].rows).toHaveLength(1);
    await execute(opened.schema.url, 'alter table experiments add column colour text');
    expect((await opened.database.read([all]))[0].rows).toMatchObject([{ colour: null }]);
  });

  test('recovers when its connections were cut', async () => {
    await using opened = await openNew();
    const store = sqlTrackingStores(opened.database);
    await store.experiments.ensure('before', 0);
    await execute(server ?? '', cutAll);
    await expect
      .poll(async () => (await store.experiments.ensure('after', 0).catch(() => undefined))?.name)
      .toBe('after');
  });

  test('a connection cut in a transaction is an error, and nothing is written', async () => {
    await using opened = await openNew();
    const { database } = opened;
    const cut = database.transaction(async ({ run }) => {
      await run([insertExperiment(database, 'lost')]);
      await execute(server ?? '', cutAll);
      await run([insertExperiment(database, 'too')]);
    });
    await expect(cut).rejects.toMatchObject({ code: 'NOT_READY' });
    expect(await sqlTrackingStores(database).experiments.getByName('lost')).toBeUndefined();
  });
});

describe.skipIf(server === undefined)(`an address of PostgreSQL${why}`, () => {
  test.each<WrongAddress>([
    { what: 'a server that is not there', wrong: { port: '1' }, code: 'NOT_READY', remedy: 'start it' },
    {
      what: 'a wrong database',
      wrong: { pathname: '/nowhere' },
      code: 'CONFIG_INVALID',
      remedy: 'create it',
    },
    { what: 'a wrong user', wrong: { username: 'nobody' }, code: 'CONFIG_INVALID', remedy: 'this user in' },
    {
      what: 'a wrong password',
      wrong: { password: 's3cret' },
      code: 'CONFIG_INVALID',
      remedy: 'this user in',
    },
    {
      what: 'no schema',
      wrong: { search: '?options=-c%20search_path%3Dnone' },
      code: 'CONFIG_INVALID',
      remedy: 'search_path',
    },
  ])('with $what is refused without the password in the error', async ({ wrong, code, remedy }) => {
    const address = Object.assign(new URL(server ?? ''), wrong);
    const refused = await openPostgres(address.href).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code, detail: { remedy: expect.stringContaining(remedy) } });
    const printed = JSON.stringify([refused, String(refused), (refused as Error).stack, causesOf(refused)]);
    expect(address.password).not.toBe('');
    expect(printed).not.toContain(address.password);
  });

  test('of a user who may not create tables is refused with the grant that is missing', async () => {
    await using schema = await newSchema(server ?? '');
    const reader = `reader_${schema.name}`;
    await execute(server ?? '', `create role ${reader} login password 'r'`);
    await execute(server ?? '', `grant usage on schema ${schema.name} to ${reader}`);
    const address = Object.assign(new URL(schema.url), { username: reader, password: 'r' });
    await expect(openPostgres(address.href.replaceAll('+', '%20'))).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      detail: { remedy: expect.stringContaining('grant') },
    });
    await execute(server ?? '', `drop owned by ${reader}`);
    await execute(server ?? '', `drop role ${reader}`);
  });
});

interface WrongAddress {
  readonly what: string;
  readonly wrong: Partial<Record<'port' | 'pathname' | 'username' | 'password' | 'search', string>>;
  readonly code: string;
  readonly remedy: string;
}

interface Column {
  readonly table: string;
  readonly column: string;
  readonly required: number;
  readonly defaulted: number;
}

interface OpenDatabase extends AsyncDisposable {
  readonly schema: PostgresSchema;
  readonly database: Database;
}

async function openNew(): Promise<OpenDatabase> {
  const schema = await newSchema(server ?? '');
  const database = await openPostgres(schema.url);
  return {
    schema,
    database,
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]();
      await schema[Symbol.asyncDispose]();
    },
  };
}

function insertExperiment({ sql: kysely }: Database, name: string) {
  return kysely.insertInto('experiments').values({ name, created_at: 0, updated_at: 0 });
}

/** Ends the server's side of every connection that our pool has to the database. */
const cutAll = `select pg_terminate_backend(pid) from pg_stat_activity
  where application_name = 'modelyard' and pid <> pg_backend_pid()`;

function causesOf(error: unknown): readonly string[] {
  return error instanceof Error ? [inspect(error), ...causesOf(error.cause)] : [];
}
