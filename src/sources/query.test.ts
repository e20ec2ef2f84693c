import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Libsql from 'libsql';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { openTemporaryBlobStore } from '../data/temporary-blob-store.contract.ts';
import type { Digest } from '../kernel/digest.ts';
import { sqlite } from '../project/tables/database.ts';
import { takeSnapshot } from './operations.ts';
import { usesSince } from './query-rows.ts';
import { query, readQuery } from './query.ts';

const Row = z.object({
  id: z.string(),
  day: z.iso.date(),
  at: z.iso.datetime(),
  n: z.int().nullable(),
  rate: z.number(),
  ok: z.boolean(),
});

async function database(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-query-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = new Libsql(join(folder, 'games.db'));
  file.exec(`create table games (id integer, day text, at text, n integer, rate real, ok integer);
    insert into games values (9007199254740993, '2024-01-01', '2024-01-01 10:00:00', null, 1.5, 1),
      (2, '2024-01-02', '2024-01-02T10:00:00Z', 7, 2, 0)`);
  file.close();
  await writeFile(join(folder, 'note.txt'), 'no database');
  return folder;
}

async function rowsOf(sql: string, { since, path = 'games.db' }: { since?: string; path?: string } = {}) {
  await using blobs = await openTemporaryBlobStore();
  const from = { kind: 'query', database: sqlite(path), sql, start: '0001-01-01' } as const;
  const { files, facts } = await takeSnapshot({ from, projectFolder: await database(), blobs, since });
  const raw = files.map(({ name, digest }) => ({ name, digest, bytes: () => blobs.read(digest) }));
  const { schema } = query({ from: sqlite(path), sql, row: Row }).table;
  const rows: object[] = [];
  for await (const row of readQuery(raw, { options: {}, schema, log: () => {}, progress: () => {} }))
    rows.push(row);
  return { rows, facts };
}

test('rows of SQLite, by the types of the schema, are stored as they came', async () => {
  const { rows, facts } = await rowsOf('select * from games order by day');
  expect(rows).toEqual([
    { id: '9007199254740993', day: '2024-01-01', at: '2024-01-01T10:00:00Z', n: null, rate: 1.5, ok: true },
    { id: '2', day: '2024-01-02', at: '2024-01-02T10:00:00Z', n: 7, rate: 2, ok: false },
  ]);
  expect(facts).toMatchObject({ from: 'sqlite(games.db)', files: 1, simulated: false });
});

test('$since is the newest stored value, and at first comes before all', async () => {
  const newer = "select * from games where day > $since and '$since' <> '' -- $since";
  expect((await rowsOf(newer)).rows).toHaveLength(2);
  expect((await rowsOf(newer, { since: '2024-01-01' })).rows).toMatchObject([{ id: '2' }]);
});

test.each([
  ["select '$since'", false],
  ['select 1 -- $since', false],
  ['select /* $since */ "$since"', false],
  ['select $sincere', false],
  ["select 'it''s' where a > $since", true],
])('%j uses $since: %s', (sql, uses) => expect(usesSince(sql)).toBe(uses));

test.each([
  ['select * from gmes', {}, 'sqlite(games.db): "no such table: gmes"'],
  ['delete from games', {}, 'sqlite(games.db): "not a SELECT"'],
  ['select 1', { path: 'gone.db' }, 'sqlite(gone.db): "no such file"'],
  ['select * from sqlite_schema', { path: 'note.txt' }, 'sqlite(note.txt): "file is not a database"'],
  [
    'select id, day, at, n, rate from games',
    {},
    'rows.jsonl, row 1, column "ok" must be a column of the SELECT',
  ],
  ["select *, 'often' as n from games", {}, 'rows.jsonl, row 1, column "n" must be a whole number'],
  [
    'select id, null as day, at, n, rate, ok from games',
    {},
    'column "day" must be a date such as 2024-01-31',
  ],
])('%j is refused: %s', async (sql, options, message) => {
  await expect(rowsOf(sql, options)).rejects.toThrow(message);
});

test('a file that another tool wrote is read by the same rules', async () => {
  const text =
    '{"id":"a","day":"2024-01-01 00:00:00+00","at":"2024-01-01 10:00:00.5+0530","n":"3","rate":"1e3","ok":"t"}\n';
  const file = {
    name: 'rows.jsonl',
    digest: 'd' as Digest,
    bytes: async () => new TextEncoder().encode(text),
  };
  const { schema } = query({ from: sqlite('x'), sql: '', row: Row }).table;
  const rows: object[] = [];
  for await (const row of readQuery([file], { options: {}, schema, log: () => {}, progress: () => {} }))
    rows.push(row);
  expect(rows).toEqual([
    { id: 'a', day: '2024-01-01', at: '2024-01-01T10:00:00.5+05:30', n: 3, rate: 1000, ok: true },
  ]);
});
