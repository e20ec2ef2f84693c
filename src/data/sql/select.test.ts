import { expect, test } from 'vitest';
import { z } from 'zod';
import { table } from '../../project/tables/table.ts';
import type { BlobStore } from '../blob-store.ts';
import { openTemporaryBlobStore } from '../temporary-blob-store.contract.ts';
import { openTableWriter } from '../table-writer.ts';
import { describeSelect, runSelect, type Select, type SelectInput } from './select.ts';

const Game = z.object({
  gameId: z.string(),
  date: z.iso.date(),
  at: z.iso.datetime(),
  margin: z.int(),
  rate: z.number().nullable(),
  atOwn: z.boolean(),
});
const { schema } = table(Game);
const games = [
  { gameId: 'c', date: '2024-01-03', at: '2024-01-03T10:00:00.000Z', margin: 3, rate: 0.5, atOwn: true },
  { gameId: 'a', date: '2024-01-01', at: '2024-01-01T10:00:00.500Z', margin: -1, rate: null, atOwn: false },
  { gameId: 'b', date: '2024-01-02', at: '2024-01-02T10:00:00.000Z', margin: 2, rate: 1.5, atOwn: true },
];

async function inputOf(rows: Iterable<object>, blobs: BlobStore, of = schema): Promise<SelectInput> {
  await using scratch = await blobs.scratch();
  await using writer = await openTableWriter({ schema: of, scratchPath: scratch.path });
  await writer.write(rows);
  const { file } = await writer.finish(blobs);
  return { schema: of, path: await blobs.localPath(file.digest) };
}

async function rowsOf(select: Select, Row: z.ZodObject, rows: Iterable<object> = games): Promise<object[]> {
  await using blobs = await openTemporaryBlobStore();
  const found: object[] = [];
  for await (const row of runSelect(select, { games: await inputOf(rows, blobs) }, table(Row).schema))
    found.push(row);
  return found;
}

const select = (text: string, params: Select['params'] = {}): Select => ({ text, params });

test('every type comes back as it was written, in the order of ORDER BY', async () => {
  expect(await rowsOf(select('select * from games order by gameId desc'), Game)).toEqual([
    games[0],
    games[2],
    games[1],
  ]);
});

test('without ORDER BY, rows are in the order of their columns', async () => {
  const Row = z.object({ margin: z.int(), gameId: z.string() });
  expect(await rowsOf(select('select gameId, margin from games'), Row)).toEqual([
    { gameId: 'a', margin: -1 },
    { gameId: 'b', margin: 2 },
    { gameId: 'c', margin: 3 },
  ]);
});

test('an ORDER BY holds for many rows', async () => {
  const many = Array.from({ length: 20_000 }, (_, n) => ({
    ...games[0],
    gameId: `${n}`,
    margin: (n * 7919) % 20_000,
  }));
  const Row = z.object({ margin: z.int() });
  const found = (await rowsOf(select('select margin from games order by margin desc'), Row, many)) as {
    margin: number;
  }[];
  expect(found.map(({ margin }) => margin)).toEqual(Array.from({ length: 20_000 }, (_, n) => 19_999 - n));
});

test('params, sums, names in another case and a null', async () => {
  const Row = z.object({
    total: z.int(),
    mean: z.number(),
    label: z.string(),
    nothing: z.number().nullable(),
  });
  const text = `select sum(MARGIN) as Total, avg(rate) as mean, $label as label, null as nothing
    from games where margin >= $least group by all -- all games;`;
  expect(await rowsOf(select(text, { label: "it's", least: 0 }), Row)).toEqual([
    { total: 5, mean: 1, label: "it's", nothing: null },
  ]);
});

test('the text is the same however it is written', async () => {
  const texts = [
    'select gameId from games where margin>1',
    '-- a\nSELECT gameId\nFROM games WHERE (margin > 1);',
  ];
  const [one, other] = await Promise.all(
    texts.map(async (text) => (await describeSelect(select(text), { games: schema })).text),
  );
  expect(other).toBe(one);
});

test.each([
  ['select gamId from games', 'line 1, column 8: there is no column "gamId": did you mean "gameId"?'],
  ['select gameId\nfrom gmes', 'line 2, column 6: there is no input "gmes": did you mean "games"?'],
  ['select uper(gameId) from games', 'line 1, column 8: there is no function "uper": did you mean "upper"?'],
  ['select upper(margin)', 'line 1, column 14: there is no column "margin"'],
  ['selec 1', 'line 1, column 1: syntax error at or near "selec"'],
  ['', 'must be one SELECT'],
  ['select 1; select 2', 'must be one SELECT'],
  ['delete from games', 'must be one SELECT'],
  ["copy games to '/tmp/x'", 'must be one SELECT'],
  ['describe games', 'must be one SELECT'],
  ['set threads = 4', 'must be one SELECT'],
  ["attach 'x.db'", 'must be one SELECT'],
  ['install httpfs', 'must be one SELECT'],
  ["select * from '/etc/passwd'", 'there is no input "/etc/passwd"'],
  ["select * from read_text('/etc/passwd')", 'line 1, column 15: read_text() is not allowed'],
  ["select (select content from read_text('/etc/passwd'))", 'read_text() is not allowed'],
  ["select * from glob('/*')", 'glob() is not allowed'],
  ['select * from duckdb_settings()', 'duckdb_settings() is not allowed'],
  ["select * from query('select 1')", 'query() is not allowed'],
  [
    'select random() as r',
    'line 1, column 8: random() is not allowed: the same inputs must give the same rows',
  ],
  ['select now() as r', 'now() is not allowed'],
  ['select current_date as r', 'current_date is not allowed'],
  ["select getenv('HOME') as r", 'getenv() is not allowed'],
  ["select current_setting('temp_directory') as r", 'current_setting() is not allowed'],
  ['select * from games using sample 2 rows', 'a sample differs each time'],
  ['select $least as r', 'there is no param "least": did you mean $leas?'],
  ['select 1 as r', 'uses no $leas: remove it from `params`'],
])('%j is refused: %s', async (text, message) => {
  const params = text.includes('$least') || text === 'select 1 as r' ? { leas: 1 } : {};
  await expect(describeSelect(select(text, params), { games: schema })).rejects.toThrow(message);
});

test.each([
  [
    'select gameId as id, margn, 1 as margin from games',
    ['selects "margn", which its table does not have: remove it, or add it to the table'],
  ],
  [
    'select gameId as id, margin as margn from games',
    ['selects "margn", which its table does not have: did you mean "margin"?'],
  ],
  [
    'select gameId as id from games',
    ['selects no column "margin", which its table has: select it, or remove it from the table'],
  ],
  [
    'select gameId as id, rate as margin from games',
    ['column "margin" is DOUBLE, and its table has a whole number there: write CAST(… AS BIGINT)'],
  ],
  [
    'select gameId as id, margin, margin from games',
    ['selects "margin" twice: name one of them otherwise with AS'],
  ],
  [
    'select date as id, [1] as margin from games',
    [
      'column "id" is DATE, and its table has text there: write CAST(… AS VARCHAR)',
      'column "margin" is INTEGER[], and its table has a whole number there: write CAST(… AS BIGINT)',
    ],
  ],
])('columns of %j: %j', async (text, faults) => {
  const out = table(z.object({ id: z.string(), margin: z.int() })).schema;
  const source = {
    ...schema,
    columns: [...schema.columns, { name: 'margn', type: 'integer', nullable: false } as const],
  };
  expect((await describeSelect(select(text), { games: source }, out)).faults).toEqual(faults);
});

test('an error of a value is named when it is run', async () => {
  const Row = z.object({ n: z.int() });
  await expect(rowsOf(select('select cast(gameId as bigint) as n from games'), Row)).rejects.toThrow(
    /Could not convert string '[abc]' to INT64/,
  );
});
