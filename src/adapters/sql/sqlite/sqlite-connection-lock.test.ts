import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Database, Transaction } from '../database.ts';
import { openSqlite } from './sqlite.ts';

/** What uses the connection for writes. */
const users: readonly (readonly [name: string, use: (database: Database) => Promise<unknown>])[] = [
  ['a transaction', ({ sql, transaction }) => transaction(({ run }) => run([insert({ sql }, 'second')]))],
  ['a grouped write', ({ sql, writeIf }) => writeIf([], [insert({ sql }, 'second')])],
  [
    'a transaction of Kysely',
    ({ sql }) => sql.transaction().execute((open) => insert({ sql: open }, 'second').execute()),
  ],
  ['one statement', ({ sql }) => insert({ sql }, 'second').execute()],
];

test.each(users)('transactions do not interleave: %s waits for one that is open', async (_name, use) => {
  await using database = await openNew();
  const events: string[] = [];
  let second: Promise<unknown> | undefined;
  await database.transaction(async ({ run }) => {
    await run([insert(database, 'first')]);
    second = use(database).then(() => events.push('second committed'));
    expect(await countLater(database, run)).toBe(1);
    events.push('first done');
  });
  await second;
  expect(events).toEqual(['first done', 'second committed']);
});

test('transactions do not interleave: each of many reads what those before it wrote', async () => {
  await using database = await openNew();
  const seen = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      database.transaction(async ({ run }) => {
        const count = await countLater(database, run);
        await run([insert(database, `e${index}`)]);
        return count;
      }),
    ),
  );
  expect(seen).toEqual(Array.from({ length: 20 }, (_, index) => index));
});

test('a transaction that fails gives the connection back, with nothing left open', async () => {
  await using database = await openNew();
  const failing = database.transaction(async ({ run }) => {
    await run([insert(database, 'lost')]);
    throw new RangeError('changed my mind');
  });
  const next = database.transaction(({ run }) => countLater(database, run));
  await expect(failing).rejects.toThrow('changed my mind');
  expect(await next).toBe(0);
});

/** Experiments besides the default one, after others have had time to use the connection. */
async function countLater({ sql }: Database, run: Transaction['run']): Promise<number> {
  for (let turn = 0; turn < 3; turn += 1) {
    await run([sql.selectFrom('experiments').select('id')]);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const [{ rows }] = await run([sql.selectFrom('experiments').select('id').where('id', '<>', 0)]);
  return rows.length;
}

function insert({ sql }: Pick<Database, 'sql'>, name: string) {
  return sql.insertInto('experiments').values({ name, created_at: 0, updated_at: 0 });
}

async function openNew(): Promise<Database> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-lock-'));
  const database = await openSqlite(join(folder, 'state.db'));
  return {
    ...database,
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}
