import { expect, test } from 'vitest';
import { simulatedMatches, writeMatches } from './simulate.ts';

interface Delivery {
  readonly batter: string;
  readonly non_striker: string;
  readonly runs: { readonly batter: number; readonly extras: number; readonly total: number };
  readonly extras?: Readonly<Record<string, number>>;
  readonly wickets?: readonly { readonly kind: string }[];
}

interface File {
  readonly info: {
    readonly city?: string;
    readonly dates: readonly [string];
    readonly gender: string;
    readonly outcome: {
      readonly winner?: string;
      readonly result?: string;
      readonly method?: string;
      readonly eliminator?: string;
    };
    readonly players: Readonly<Record<string, readonly string[]>>;
    readonly teams: readonly [string, string];
    readonly venue: string;
  };
  readonly innings: readonly {
    readonly team: string;
    readonly super_over?: true;
    readonly target?: { readonly runs: number; readonly overs: number };
    readonly overs: readonly { readonly over: number; readonly deliveries: readonly Delivery[] }[];
  }[];
}

const files = [...writeMatches({ seed: 1, matches: 400 })];
const matches = files.map(({ text }) => JSON.parse(text) as File);

function deliveriesOf({ overs }: File['innings'][number]): readonly Delivery[] {
  return overs.flatMap(({ deliveries }) => deliveries);
}

function isLegal({ extras }: Delivery): boolean {
  return extras?.['wides'] === undefined && extras?.['noballs'] === undefined;
}

function isWicket({ wickets }: Delivery): boolean {
  return wickets !== undefined && wickets[0]?.kind !== 'retired hurt';
}

function total(innings: File['innings'][number]): number {
  return deliveriesOf(innings).reduce((sum, { runs }) => sum + runs.total, 0);
}

const wholeFirstInnings = matches
  .filter(({ info }) => info.gender === 'male' && info.outcome.method === undefined)
  .flatMap(({ innings }) => innings.slice(0, 1))
  .filter((innings) => {
    const deliveries = deliveriesOf(innings);
    return deliveries.filter(isLegal).length === 120 || deliveries.filter(isWicket).length === 10;
  });

test('the same seed writes the same bytes, another seed others', () => {
  expect([...writeMatches({ seed: 1, matches: 400 })]).toEqual(files);
  const texts = (seed: number): readonly string[] =>
    [...writeMatches({ seed, matches: 5 })].map(({ text }) => text);
  expect(texts(2)).not.toEqual(texts(3));
});

test('files are in order of name and of date, from 2016 to 2024', () => {
  expect(files.map(({ name }) => name)).toEqual(files.map(({ name }) => name).toSorted());
  const dates = matches.map(({ info }) => info.dates[0]);
  expect(dates).toEqual(dates.toSorted());
  expect([dates[0]?.slice(0, 4), dates.at(-1)?.slice(0, 4)]).toEqual(['2016', '2024']);
});

test('scores are those of the real game', () => {
  const scores = wholeFirstInnings.map(total);
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  const deviation = Math.sqrt(scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / scores.length);
  expect(scores.length).toBeGreaterThan(260);
  expect(mean).toBeGreaterThan(148);
  expect(mean).toBeLessThan(162);
  expect(deviation).toBeGreaterThan(28);
  expect(deviation).toBeLessThan(38);
  expect(Math.min(...scores)).toBeGreaterThan(25);
  expect(Math.max(...scores)).toBeLessThan(310);
});

test('full members score more, against other teams above all', () => {
  const mean = (scores: readonly number[]): number =>
    scores.reduce((sum, score) => sum + score, 0) / scores.length;
  const of = (team: string): readonly number[] =>
    wholeFirstInnings.filter((innings) => innings.team === team).map(total);
  expect(mean([...of('India'), ...of('England'), ...of('Australia')])).toBeGreaterThan(
    mean([...of('Oman'), ...of('Nepal'), ...of('Hong Kong')]) + 10,
  );
});

test('every delivery adds up, and is faced by two players of the team', () => {
  const faults = matches.flatMap(({ info, innings }) =>
    innings.flatMap((one) => {
      const players = new Set(info.players[one.team]);
      return deliveriesOf(one).filter(({ batter, non_striker: partner, runs, extras = {} }) => {
        const given = Object.values(extras).reduce((sum, extra) => sum + extra, 0);
        const addsUp = runs.total === runs.batter + runs.extras && runs.extras === given;
        return !addsUp || !players.has(batter) || !players.has(partner) || batter === partner;
      });
    }),
  );
  expect(faults).toEqual([]);
  expect(matches.flatMap(({ innings }) => innings.flatMap(deliveriesOf)).length).toBeGreaterThan(80_000);
});

test('no over has more than six legal balls, no innings more than ten wickets', () => {
  for (const one of matches.flatMap(({ innings }) => innings)) {
    expect(
      Math.max(...one.overs.map(({ deliveries }) => deliveries.filter(isLegal).length)),
    ).toBeLessThanOrEqual(6);
    expect(deliveriesOf(one).filter(isWicket).length).toBeLessThanOrEqual(10);
    expect(one.overs.length).toBeLessThanOrEqual(20);
  }
});

test('a chase ends when its target is reached, and the outcome says who won', () => {
  const won = matches.filter(({ info }) => info.outcome.winner !== undefined);
  for (const { info, innings } of won) {
    const [first, chase] = innings;
    const target = chase?.target?.runs ?? Number.NaN;
    const reached = chase !== undefined && total(chase) >= target;
    expect(info.outcome.winner).toBe(reached ? chase.team : first?.team);
    const beforeLast = chase ? total(chase) - (deliveriesOf(chase).at(-1)?.runs.total ?? 0) : 0;
    expect(beforeLast).toBeLessThan(target);
  }
  expect(won.length).toBeGreaterThan(350);
});

test('the dirt of the real files occurs', () => {
  const count = (is: (match: File) => boolean): number => matches.filter(is).length;
  const kinds = matches
    .flatMap(({ innings }) => innings.flatMap(deliveriesOf))
    .flatMap(({ wickets = [] }) => wickets.map(({ kind }) => kind));
  const tied = matches.filter(({ info }) => info.outcome.result === 'tie');
  const venues = new Set(matches.map(({ info }) => info.venue));
  const names = new Set(matches.flatMap(({ info }) => info.teams));
  expect(tied.length).toBeGreaterThan(0);
  for (const { info, innings } of tied) {
    expect(info.outcome.eliminator).toBeTypeOf('string');
    expect(innings.slice(2).length % 2).toBe(0);
    expect(innings.slice(2).every((innings) => innings.super_over === true)).toBe(true);
    expect(innings.length).toBeGreaterThanOrEqual(4);
  }
  expect(count(({ info }) => info.outcome.result === 'no result')).toBeGreaterThan(0);
  expect(count(({ innings }) => innings.length === 0)).toBeGreaterThan(0);
  expect(count(({ info }) => info.outcome.method === 'D/L')).toBeGreaterThan(0);
  expect(count(({ info }) => info.gender === 'female')).toBeGreaterThan(20);
  expect(count(({ info }) => info.city === undefined)).toBeGreaterThan(20);
  expect(kinds).toEqual(expect.arrayContaining(['caught', 'run out', 'retired hurt']));
  expect([...venues]).toEqual(expect.arrayContaining(['Eden Gardens', 'Eden Gardens, Kolkata']));
  expect([...names]).toEqual(expect.arrayContaining(['U.S.A.', 'United States of America']));
});

test('the project file gets a simulation with its arguments', () => {
  expect(simulatedMatches({ seed: 3, matches: 2 })).toMatchObject({
    kind: 'simulation',
    make: writeMatches,
    args: { seed: 3, matches: 2 },
  });
});
