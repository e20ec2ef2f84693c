import { describe, expect, test } from 'vitest';
import { openTemporaryBlobStore } from '../../src/data/temporary-blob-store.contract.ts';
import { z } from '../../src/index.ts';
import { postgres } from '../../src/project/tables/database.ts';
import { secret } from '../../src/project/secret.ts';
import { takeSnapshot } from '../../src/sources/operations.ts';
import { query, readQuery } from '../../src/sources/query.ts';
import { execute, newSchema } from './postgres-schema.ts';

const server = process.env['MODELYARD_COMPAT_POSTGRES'];
const why = server === undefined ? ' (skipped: MODELYARD_COMPAT_POSTGRES names no database)' : '';

const Row = z.object({
  id: z.string(),
  day: z.iso.date(),
  at: z.iso.datetime({ offset: true }),
  price: z.number(),
  volume: z.int().nullable(),
  ok: z.boolean(),
});

async function rowsOf(sql: string, { url, since }: { readonly url: string; readonly since?: string }) {
  await using blobs = await openTemporaryBlobStore();
  const database = postgres(secret('DATABASE_URL'));
  const from = { kind: 'query', database, sql, start: '0001-01-01' } as const;
  const { files, facts } = await takeSnapshot({ from, projectFolder: '/', blobs, since, secret: () => url });
  const raw = files.map(({ name, digest }) => ({ name, digest, bytes: () => blobs.read(digest) }));
  const { schema } = query({ from: database, sql, row: Row }).table;
  const rows: object[] = [];
  for await (const row of readQuery(raw, { options: {}, schema, log: () => {}, progress: () => {} }))
    rows.push(row);
  return { rows, facts };
}

describe.skipIf(server === undefined)(`query() on PostgreSQL${why}`, () => {
  test('reads rows by the types of the schema, newer than $since, and writes nothing', async () => {
    await using schema = await newSchema(server ?? '');
    const { url } = schema;
    await execute(
      url,
      `create table bars (id bigint, day date, at timestamptz, price numeric, volume bigint, ok boolean);
       insert into bars values
         (9007199254740993, '2024-01-01', '2024-01-01 12:00:00+02', 1.25, null, true),
         (2, '2024-01-02', '2024-01-02 10:00:00.5Z', 2, 7, false)`,
    );
    const all = await rowsOf("select *, '$since' as note from bars where day > $since order by day; ", {
      url,
    });
    expect(all.rows).toEqual([
      {
        id: '9007199254740993',
        day: '2024-01-01',
        at: '2024-01-01T10:00:00+00:00',
        price: 1.25,
        volume: null,
        ok: true,
      },
      { id: '2', day: '2024-01-02', at: '2024-01-02T10:00:00.5+00:00', price: 2, volume: 7, ok: false },
    ]);
    expect(all.facts.from).toBe('postgres(DATABASE_URL)');
    const newer = await rowsOf('select * from bars where day > $since', { url, since: '2024-01-01' });
    expect(newer.rows).toMatchObject([{ id: '2' }]);
  });

  test('reads more rows than one batch', async () => {
    const sql = `select n::text as id, date '2024-01-01' as day, now() as at, 1 as price, n as volume, true as ok
      from generate_series(1, 25000) as n order by n`;
    const { rows } = await rowsOf(sql, { url: server ?? '' });
    expect(rows).toHaveLength(25_000);
    expect(rows.at(-1)).toMatchObject({ id: '25000', volume: 25_000 });
  });

  test.each([
    ['select * from gone', 'postgres(DATABASE_URL): "relation \\"gone\\" does not exist"'],
    ['delete from pg_class', 'postgres(DATABASE_URL): "syntax error'],
    ['select 1; commit; create table x ()', 'cannot insert multiple commands into a prepared statement'],
  ])('%j is refused without the address', async (sql, message) => {
    await expect(rowsOf(sql, { url: server ?? '' })).rejects.toThrow(message);
  });
});
