import { expect, test } from 'vitest';
import type { JsonObject } from '../../kernel/json.ts';
import { heard, rawFile, rowsIn } from '../raw-files.fixture.ts';
import { Delivery } from './delivery.ts';
import { asJson, asYaml, type MadeMatch, overOf } from './match.fixture.ts';
import { cricsheet, readCricsheet } from './reader.ts';

async function read(
  files: Readonly<Record<string, string>>,
  options: JsonObject = {},
): Promise<readonly Delivery[]> {
  const raw = Object.entries(files).map(([name, content]) => rawFile(name, content));
  return await rowsIn(readCricsheet(raw, heard(options)));
}

const formats = [
  ['JSON 1.1', (match: MadeMatch) => ({ 'all.zip/77.json': asJson(match) })],
  ['YAML 0.9', (match: MadeMatch) => ({ 'all.tar.xz/t20s/77.yaml': asYaml(match) })],
] as const;

test.each(formats)('%s: a delivery is a row with the facts of its match', async (_format, write) => {
  const rows = await read(
    write({
      revision: 3,
      date: '2030-02-28',
      innings: [{ team: 'Southmark', balls: [{ over: 4, runs: 6 }] }],
    }),
  );
  expect(rows).toEqual([
    {
      matchId: '77',
      revision: 3,
      date: '2030-02-28',
      matchType: 'T20',
      gender: 'female',
      overs: 20,
      venue: 'Mill Meadow',
      city: 'Fairhaven',
      method: null,
      result: 'win',
      winner: 'Northmark',
      innings: 1,
      superOver: false,
      battingTeam: 'Southmark',
      bowlingTeam: 'Northmark',
      over: 4,
      ball: 1,
      legal: true,
      batter: 'A Batter',
      bowler: "O'Bowler",
      runsBatter: 6,
      runsExtras: 0,
      runs: 6,
      wickets: 0,
    },
  ]);
});

test.each(formats)(
  '%s: balls are numbered by their position, in overs of up to fourteen',
  async (_format, write) => {
    const rows = await read(
      write({
        innings: [{ team: 'Northmark', balls: [...overOf(0, 14), ...overOf(1, 6), ...overOf(10, 6)] }],
      }),
    );
    const numbers = (over: number): readonly number[] =>
      rows.filter((row) => row.over === over).map(({ ball }) => ball);
    expect(numbers(0)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
    expect(numbers(1)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(numbers(10)).toEqual([1, 2, 3, 4, 5, 6]);
  },
);

test('a ball named 0.1 that is the tenth of its over stands tenth', async () => {
  const text = asYaml({ innings: [{ team: 'Northmark', balls: overOf(0, 11) }] }).replace(
    '- 0.10:',
    '- 0.1:',
  );
  expect((await read({ '1.yaml': text })).map(({ ball }) => ball)).toEqual([
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
  ]);
});

test.each(formats)('%s: extras, and what makes a ball count', async (_format, write) => {
  const kinds = ['wides', 'noballs', 'byes', 'legbyes', 'penalty'];
  const balls = kinds.map((kind) => ({ over: 0, runs: 1, extras: { [kind]: kind === 'penalty' ? 5 : 2 } }));
  const rows = await read(
    write({
      innings: [{ team: 'Northmark', balls: [...balls, { over: 0, extras: { noballs: 1, byes: 4 } }] }],
    }),
  );
  expect(
    rows.map(({ legal, runsBatter, runsExtras, runs }) => [legal, runsBatter, runsExtras, runs]),
  ).toEqual([
    [false, 1, 2, 3],
    [false, 1, 2, 3],
    [true, 1, 2, 3],
    [true, 1, 2, 3],
    [true, 1, 5, 6],
    [false, 0, 5, 5],
  ]);
});

test.each(formats)('%s: one wicket, two at once, and leaving hurt is no wicket', async (_format, write) => {
  const wickets = [
    ['bowled'],
    ['run out', 'run out'],
    ['retired hurt'],
    ['retired not out'],
    ['retired out'],
    ['caught', 'retired hurt'],
  ];
  const rows = await read(
    write({ innings: [{ team: 'Northmark', balls: wickets.map((kinds) => ({ over: 0, wickets: kinds })) }] }),
  );
  expect(rows.map((row) => row.wickets)).toEqual([1, 2, 0, 0, 1, 1]);
});

test.each(formats)('%s: a tie with super overs has innings up to six', async (_format, write) => {
  const sides = ['Northmark', 'Southmark', 'Southmark', 'Northmark', 'Northmark', 'Southmark'];
  const innings = sides.map((team, index) => ({ team, balls: overOf(0, 6), superOver: index > 1 }));
  const rows = await read(write({ innings, outcome: { result: 'tie', eliminator: 'Southmark' } }));
  const overs = [0, 6, 12, 18, 24, 30].map((first) => rows[first]);
  expect(overs.map((row) => [row?.innings, row?.superOver, row?.battingTeam, row?.bowlingTeam])).toEqual(
    sides.map((team, index) => [
      index + 1,
      index > 1,
      team,
      team === 'Northmark' ? 'Southmark' : 'Northmark',
    ]),
  );
  expect(rows[0]).toMatchObject({ result: 'tie', winner: 'Southmark' });
});

test.each(formats)('%s: no result, Duckworth-Lewis, a tie left tied, a bowl-out', async (_format, write) => {
  const outcomes = [
    [{ result: 'no result' }, { result: 'no result', winner: null, method: null }],
    [
      { winner: 'Southmark', method: 'D/L', by: { wickets: 4 } },
      { result: 'win', winner: 'Southmark', method: 'D/L' },
    ],
    [{ result: 'tie' }, { result: 'tie', winner: null }],
    [
      { result: 'tie', bowl_out: 'Northmark' },
      { result: 'tie', winner: 'Northmark' },
    ],
    [{ result: 'draw' }, { result: 'draw', winner: null }],
  ] as const;
  for (const [outcome, expected] of outcomes)
    expect((await read(write({ outcome })))[0]).toMatchObject(expected);
});

test.each(formats)(
  '%s: one innings, a match without a ball, and runs and batters outside any delivery',
  async (_format, write) => {
    expect(await read(write({ innings: [{ team: 'Northmark', balls: overOf(0, 3) }] }))).toHaveLength(3);
    expect(await read(write({ innings: [], outcome: { result: 'no result' } }))).toEqual([]);
    const odd = {
      team: 'Northmark',
      balls: overOf(0, 1),
      absentHurt: ['A Batter', 'A Batter'],
      penaltyRuns: { pre: 5 },
    };
    expect((await read(write({ innings: [odd] }))).map(({ runs }) => runs)).toEqual([1]);
  },
);

test.each(formats)(
  '%s: no city, and overs that no T20 has or that the file does not say',
  async (_format, write) => {
    expect((await read(write({ city: null, overs: 50 })))[0]).toMatchObject({ city: null, overs: null });
    expect((await read(write({ overs: null })))[0]).toMatchObject({ overs: null });
    expect((await read(write({ overs: 5 })))[0]).toMatchObject({ overs: 5 });
  },
);

test.each(formats)('%s: teams and grounds have one name each', async (_format, write) => {
  const renamed = {
    teams: ['Delhi Daredevils', 'Kings XI Punjab'],
    venue: 'Feroz Shah Kotla, Delhi',
    outcome: { winner: 'Delhi Daredevils' },
    innings: [{ team: 'Kings XI Punjab', balls: overOf(0, 1) }],
  };
  expect((await read(write(renamed)))[0]).toMatchObject({
    venue: 'Arun Jaitley Stadium',
    winner: 'Delhi Capitals',
    battingTeam: 'Punjab Kings',
    bowlingTeam: 'Delhi Capitals',
  });
  const renames = { teams: { Northmark: 'The North' }, venues: { 'Mill Meadow': 'New Meadow' } };
  expect((await read(write({}), renames))[0]).toMatchObject({
    venue: 'New Meadow',
    winner: 'The North',
    battingTeam: 'The North',
  });
});

test('matches come in order of date, then id, whatever their files are called', async () => {
  const rows = await read({
    'a/9.json': asJson({ date: '2030-01-02' }),
    'b/8.yaml': asYaml({ date: '2030-01-03' }),
    'c/30.json': asJson({ date: '2030-01-02' }),
    'd/7.yaml': asYaml({ date: '2030-01-01' }),
  });
  expect([...new Set(rows.map(({ matchId }) => matchId))]).toEqual(['7', '30', '9', '8']);
});

test('two matches of the same teams on one ground and day are two', async () => {
  const rows = await read({ '1.json': asJson({}), '2.json': asJson({}) });
  expect(rows).toHaveLength(24);
});

test('a match that comes twice counts once, by its highest revision', async () => {
  const older = { revision: 1, innings: [{ team: 'Northmark', balls: overOf(0, 2) }] };
  const newer = { revision: 2, innings: [{ team: 'Northmark', balls: overOf(0, 5) }] };
  for (const files of [
    { 'a/1.json': asJson(older), 'b/1.json': asJson(newer) },
    { 'a/1.yaml': asYaml(newer), 'b/1.json': asJson(older) },
    { 'a/1.json': asJson(newer), 'b/1.json': asJson(newer), 'c/1.json': asJson(older) },
  ])
    expect(await read(files)).toHaveLength(5);
  const remade = { ...newer, revision: 1, created: '2031-05-05' };
  for (const files of [
    { 'a/1.json': asJson(older), 'b/1.json': asJson(remade) },
    { 'a/1.json': asJson(remade), 'b/1.json': asJson(older) },
  ])
    expect(await read(files)).toHaveLength(5);
});

test('other files are skipped, and the log says so', async () => {
  const context = heard();
  const names = ['README.txt', '.DS_Store', '__MACOSX/._1.json', 'x/._1.yaml', 'people.csv'];
  const rows = await rowsIn(
    readCricsheet(
      [
        ...names.map((name) => rawFile(name, '\u0000')),
        rawFile('1.json', asJson({})),
        rawFile('2/1.json', asJson({})),
      ],
      context,
    ),
  );
  expect(rows).toHaveLength(12);
  expect(context.lines).toEqual(['1 matches; skipped 5 other files and 1 earlier revisions']);
  expect(context.steps).toEqual([[1, 1]]);
});

test('a source without a match is an error', async () => {
  await expect(read({ 'README.txt': 'x' })).rejects.toMatchObject({
    code: 'DATA_INVALID',
    detail: { value: ['README.txt'] },
  });
});

const json = (change: (match: Record<string, Record<string, unknown>>) => void): string => {
  const match = JSON.parse(asJson({})) as Record<string, Record<string, unknown>>;
  change(match);
  return JSON.stringify(match);
};

test.each([
  ['a.zip/1.json', '{"meta": ', 'a.zip/1.json'],
  ['1.json', '[]', '1.json'],
  ['1.json', '{"people":{}}', '1.json: meta'],
  ['1.yaml', 'meta:\n  revision: 1\ninfo: [1\n', '1.yaml'],
  ['1.yaml', asYaml({}).replace('revision: 1', 'revision: one'), '1.yaml: meta.revision'],
  ['1.yaml', asYaml({ date: '2030-02-30' }), '1.yaml: info.dates'],
  ['1.yaml', asYaml({}).replace('- 0.4:', '- 0,4:'), '1.yaml: innings[0].1st innings.deliveries[3]'],
  [
    '1.yaml',
    asYaml({}).replace('total: 1', 'total: x'),
    '1.yaml: innings[0].1st innings.deliveries[0].0.1.runs.total',
  ],
  ['1.json', json(({ info }) => Object.assign(info ?? {}, { gender: 'x' })), '1.json: info.gender'],
  ['1.json', json(({ info }) => Object.assign(info ?? {}, { teams: ['Northmark'] })), '1.json: info.teams'],
  [
    '1.json',
    json(({ info }) => Object.assign(info ?? {}, { outcome: { result: 'moon' } })),
    '1.json: info.outcome.result',
  ],
  ['1.json', json(({ info }) => delete info?.['venue']), '1.json: info.venue'],
  ['1.json', asJson({}).replace('"team":"Southmark"', '"team":"Westmark"'), '1.json: innings[1].team'],
  [
    '1.json',
    asJson({}).replace('"batter":1', '"batter":-1'),
    '1.json: innings[0].overs[0].deliveries[0].runs.batter',
  ],
])('%s that is broken is refused, naming the field: %#', async (name, content, field) => {
  await expect(read({ '0.json': asJson({}), [name]: content })).rejects.toMatchObject({
    code: 'DATA_INVALID',
    detail: { field },
  });
});

test('bytes that are not UTF-8 are refused', async () => {
  const files = [rawFile('1.json', Uint8Array.of(0x7b, 0xff, 0x7d))];
  await expect(rowsIn(readCricsheet(files, heard()))).rejects.toThrow(/\(1\.json: "not UTF-8"/);
});

test('the declaration carries the origin, the names and the read function', () => {
  const reader = cricsheet({ from: 'data', teams: { A: 'B' } });
  expect(reader).toMatchObject({
    kind: 'cricsheet',
    from: 'data',
    options: { teams: { A: 'B' }, venues: {} },
  });
  expect(reader.read).toBe(readCricsheet);
  expect(reader.table.schema.columns).toHaveLength(24);
});

test('ten batters who retire out on one delivery are ten wickets, which its table takes', async () => {
  const match = JSON.parse(
    asJson({ innings: [{ team: 'Southmark', balls: [{ over: 15 }, { over: 15, runs: 1 }] }] }),
  ) as {
    innings: { overs: { deliveries: object[] }[] }[];
  };
  const deliveries = match.innings[0]?.overs[0]?.deliveries ?? [];
  const wickets = Array.from({ length: 10 }, (_, at) => ({
    player_out: `Batter ${at}`,
    kind: 'retired out',
  }));
  deliveries[1] = { ...deliveries[1], wickets };
  const rows = await read({ 'all.zip/77.json': JSON.stringify(match) });
  expect(rows.map((row) => row.wickets)).toEqual([0, 10]);
  expect(rows.map((row) => Delivery.parse(row))).toEqual(rows);
});

test('what a match may hold is not held against the bounds of another', () => {
  const row = {
    ...rowOfDraw,
    overs: 90,
    innings: 6,
    over: 250,
    ball: 30,
    runs: 17,
    runsExtras: 11,
    wickets: 11,
    revision: 400,
  };
  expect(Delivery.safeParse(row).success).toBe(true);
});

const rowOfDraw: Delivery = {
  matchId: '1',
  revision: 1,
  date: '1877-03-15',
  matchType: 'Test',
  gender: 'male',
  overs: null,
  venue: 'Ground',
  city: null,
  method: null,
  result: 'draw',
  winner: null,
  innings: 1,
  superOver: false,
  battingTeam: 'A',
  bowlingTeam: 'B',
  over: 0,
  ball: 1,
  legal: true,
  batter: 'X',
  bowler: 'Y',
  runsBatter: 6,
  runsExtras: 0,
  runs: 6,
  wickets: 0,
};

test('members may stand in any order', async () => {
  const { meta, info, innings } = JSON.parse(asJson({})) as Readonly<Record<string, unknown>>;
  const usual = await read({ '1.json': JSON.stringify({ meta, info, innings }) });
  expect(usual.length).toBeGreaterThan(0);
  expect(await read({ '1.json': JSON.stringify({ meta, innings, info }) })).toEqual(usual);
  expect(await read({ '1.json': JSON.stringify({ innings, meta, info }) })).toEqual(usual);
});
