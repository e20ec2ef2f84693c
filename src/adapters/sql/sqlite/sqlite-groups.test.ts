import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { Database } from '../database.ts';
import { openSqlite } from './sqlite.ts';

const experiment = ({ sql: builder }: Database, name: string) =>
  builder.insertInto('experiments').values({ name, created_at: 0, updated_at: 0 });

const named = ({ sql: builder }: Database, name: string) =>
  builder.selectFrom('experiments').select('id').where('name', '=', name);

async function names(database: Database): Promise<readonly string[]> {
  const all = database.sql.selectFrom('experiments').select('name').where('id', '>', 0);
  const [{ rows }] = await database.read([all.orderBy('name')]);
  return rows.map(({ name }) => name);
}

test('of concurrent writes, one that fails leaves nothing and the others stay', async () => {
  await using opened = await openTemporary();
  const { database } = opened;
  const write = (...experiments: readonly string[]): Promise<boolean> =>
    database.writeIf(
      [],
      experiments.map((name) => experiment(database, name)),
    );
  const outcomes = await Promise.allSettled([
    write('a'),
    write('b', 'lost', 'b'),
    write('c'),
    write('a'),
    write('d', 'e'),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
    'rejected',
    'fulfilled',
  ]);
  expect(outcomes[1]).toMatchObject({ reason: { code: 'INTERNAL' } });
  expect(await names(database)).toEqual(['a', 'c', 'd', 'e']);
});

test('conditions see the earlier writes of the group', async () => {
  await using opened = await openTemporary();
  const { database } = opened;
  const writeUnless = (name: string, created: string): Promise<boolean> =>
    database.writeIf([{ query: named(database, name), finds: 'nothing' }], [experiment(database, created)]);
  const writeIf = (name: string, created: string): Promise<boolean> =>
    database.writeIf([{ query: named(database, name), finds: 'rows' }], [experiment(database, created)]);
  expect(
    await Promise.all([
      writeIf('a', 'too early'),
      writeUnless('a', 'a'),
      writeUnless('a', 'a'),
      writeIf('a', 'b'),
    ]),
  ).toEqual([false, true, false, true]);
  expect(await names(database)).toEqual(['a', 'b']);
});

test('more writes than fit one group are all written, among other transactions', async () => {
  await using opened = await openTemporary();
  const { database } = opened;
  const expected = Array.from({ length: 150 }, (_, index) => `e${String(index).padStart(3, '0')}`);
  const writes = expected.map((name) => database.writeIf([], [experiment(database, name)]));
  const between = database.transaction(({ run }) => run([experiment(database, 'between')]));
  expect(await Promise.all(writes)).toEqual(expected.map(() => true));
  await between;
  expect(await names(database)).toEqual(['between', ...expected]);
});

test('on a full disk only acknowledged writes are stored', async () => {
  await using opened = await openTemporary();
  const { database } = opened;
  const [{ rows }] = await database.read([named(database, 'Default')]);
  const [first] = rows;
  const tag = (key: string, length: number): Promise<boolean> =>
    database.writeIf(
      [],
      [
        database.sql
          .insertInto('experiment_tags')
          .values({ experiment_id: first?.id ?? 0, key, value: 'x'.repeat(length) }),
      ],
    );
  await tag('room', 20_000);
  await database.transaction(({ run }) =>
    run([database.sql.deleteFrom('experiment_tags').where('key', '=', 'room')]),
  );
  await sql`pragma max_page_count = 1`.execute(database.sql); // SQLite takes its present size for the least
  const sizes = [10, 1_000_000, 20, 2_000_000, 30];
  const outcomes = await Promise.allSettled(sizes.map((size) => tag(`of ${size}`, size)));
  expect(outcomes.map(({ status }) => status === 'fulfilled')).toEqual([true, false, true, false, true]);
  const keys = database.sql.selectFrom('experiment_tags').select('key').orderBy('key');
  const [kept] = await database.read([keys]);
  expect(kept.rows.map(({ key }) => key)).toEqual(['of 10', 'of 20', 'of 30']);
});

test('a closed database refuses every write of a group', async () => {
  await using opened = await openTemporary();
  const { database } = opened;
  await database[Symbol.asyncDispose]();
  const outcomes = await Promise.allSettled([
    database.writeIf([], [experiment(database, 'a')]),
    database.writeIf([], [experiment(database, 'b')]),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});

async function openTemporary() {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-groups-'));
  const database = await openSqlite(join(folder, 'state.db'));
  return {
    database,
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}
