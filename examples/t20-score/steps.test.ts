import type { Delivery } from 'modelyard/sources';
import { expect, test } from 'vitest';
import { type Innings, Situation } from './innings.ts';
import { ballByBall, statesOf, exclusionReason } from './steps.ts';

const dot: Delivery = {
  matchId: '1',
  revision: 1,
  date: '2018-03-04',
  matchType: 'T20',
  gender: 'male',
  overs: 20,
  venue: 'Seddon Park',
  city: 'Hamilton',
  method: null,
  result: 'win',
  winner: 'New Zealand',
  innings: 1,
  superOver: false,
  battingTeam: 'New Zealand',
  bowlingTeam: 'Nepal',
  over: 0,
  ball: 1,
  legal: true,
  batter: 'A',
  bowler: 'B',
  runsBatter: 0,
  runsExtras: 0,
  runs: 0,
  wickets: 0,
};

/** As many legal balls, each changed by `change` of its index. */
function play(balls: number, change: (index: number) => Partial<Delivery> = () => ({})): readonly Delivery[] {
  return Array.from({ length: balls }, (_, index) => ({
    ...dot,
    over: Math.floor(index / 6),
    ball: (index % 6) + 1,
    ...change(index),
  }));
}

function wide(runs: number): Delivery {
  return { ...dot, legal: false, runs, runsExtras: runs };
}

interface Ran {
  readonly rows: readonly Innings[];
  readonly log: readonly string[];
  readonly done: number;
}

async function run(deliveries: readonly Delivery[]): Promise<Ran> {
  const rows: Innings[] = [];
  const log: string[] = [];
  let done = 0;
  const matches = {
    rows: deliveries.length,
    async *[Symbol.asyncIterator]() {
      yield* deliveries;
    },
  };
  const write = async (more: Iterable<Innings> | AsyncIterable<Innings>): Promise<void> => {
    for await (const row of more) rows.push(row);
  };
  await ballByBall({
    in: { matches },
    out: { rows: { write } },
    params: {},
    log: (line) => log.push(line),
    progress: (now) => {
      done = now;
    },
  });
  return { rows, log, done };
}

test('a row a delivery, wides included, each with the score that the innings came to', () => {
  const states = statesOf([wide(2), ...play(120, () => ({ runs: 1 }))]);
  expect(states).toHaveLength(121);
  expect(states[0]).toEqual({
    match: '1',
    date: '2018-03-04',
    venue: 'Seddon Park',
    battingTeam: 'New Zealand',
    bowlingTeam: 'Other',
    ballsBowled: 0,
    runs: 2,
    wickets: 0,
    runsLastFive: 2,
    wicketsLastFive: 0,
    finalScore: 122,
  });
  expect(states[120]).toMatchObject({ ballsBowled: 120, runs: 122, runsLastFive: 30, finalScore: 122 });
});

test('the last five overs are the last thirty legal balls, and what was bowled between them', () => {
  const innings = [
    ...play(30, () => ({ runs: 1 })),
    wide(1),
    ...play(30, (index) => ({ runs: 2, wickets: index === 0 ? 1 : 0 })),
  ];
  const states = statesOf(innings);
  expect(states[29]).toMatchObject({ ballsBowled: 30, runs: 30, runsLastFive: 30 });
  expect(states[30]).toMatchObject({ ballsBowled: 30, runs: 31, runsLastFive: 31 });
  expect(states[31]).toMatchObject({ ballsBowled: 31, runs: 33, runsLastFive: 32, wicketsLastFive: 1 });
  expect(states[60]).toMatchObject({ ballsBowled: 60, runs: 91, runsLastFive: 60, wicketsLastFive: 1 });
});

test('every state is one that a caller could send, the ball of a miscounted over too', () => {
  const states = statesOf([
    wide(5),
    ...play(121, (index) => ({ runs: index % 7, wickets: index % 20 === 0 ? 1 : 0 })),
  ]);
  expect(states.at(-1)?.ballsBowled).toBe(120);
  for (const { match: _match, date: _date, venue: _venue, finalScore: _final, ...situation } of states)
    expect(Situation.safeParse(situation).error?.issues).toBeUndefined();
});

test('an innings is used when its balls or its wickets are used up', () => {
  expect(exclusionReason(play(120))).toBeUndefined();
  expect(exclusionReason(play(119))).toBe('cut short');
  expect(exclusionReason(play(60, (index) => ({ wickets: index % 6 === 0 ? 1 : 0 })))).toBeUndefined();
  expect(exclusionReason(play(60, (index) => ({ wickets: index % 6 === 0 && index > 0 ? 1 : 0 })))).toBe(
    'cut short',
  );
});

test.each([
  [{ gender: 'female' }, "women's match"],
  [{ overs: 50 }, 'not set for twenty overs'],
  [{ overs: null }, 'not set for twenty overs'],
  [{ method: 'D/L' }, 'decided by D/L'],
  [{ result: 'no result' }, 'no result'],
] as const)('a match is excluded: %o', (change, reason) => {
  expect(exclusionReason(play(120, () => change))).toBe(reason);
});

test('matches are separated, chases and super overs are skipped, and exclusions are logged', async () => {
  const chase = play(120, () => ({ innings: 2, battingTeam: 'Nepal', bowlingTeam: 'New Zealand', runs: 3 }));
  const second = play(120, () => ({ matchId: '2', runs: 1 }));
  const rained = play(40, () => ({ matchId: '3' }));
  const superOver = play(6, () => ({ matchId: '2', innings: 3, superOver: true }));
  const { rows, log, done } = await run([...play(120), ...chase, ...second, ...superOver, ...rained]);
  expect(rows).toHaveLength(240);
  expect([rows[0]?.finalScore, rows[120]?.finalScore]).toEqual([0, 120]);
  expect(log).toEqual(['2 first innings used', '1 excluded: cut short']);
  expect(done).toBe(406);
});

test('no deliveries make no rows', async () => {
  expect(await run([])).toEqual({ rows: [], log: ['0 first innings used'], done: 0 });
});
