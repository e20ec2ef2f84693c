import { type Chance, pick } from 'modelyard';
import { type PlayedInnings, playInnings } from './innings.ts';
import { type Ground, grounds, type Team, teams } from './teams.ts';

/** What the weather does: nothing, ends the match, shortens the chase or both innings, or keeps everybody inside. */
export type Weather = 'dry' | 'washout' | 'stopped' | 'short chase' | 'short match';

export interface Side {
  readonly team: Team;
  readonly players: readonly string[];
}

export interface Fixture {
  readonly gender: 'male' | 'female';
  readonly ground: Ground;
  readonly first: Side;
  readonly second: Side;
}

export interface PlayedMatch {
  readonly fixture: Fixture;
  readonly weather: Weather;
  /** In order: the first innings, the chase, then pairs of super overs. */
  readonly innings: readonly (PlayedInnings & {
    readonly side: Side;
    readonly superOver: boolean;
    readonly balls: number;
    readonly target?: number;
  })[];
  readonly result: Result;
}

export type Result =
  | {
      readonly kind: 'win';
      readonly winner: Team;
      readonly by: { readonly runs: number } | { readonly wickets: number };
      readonly reduced: boolean;
    }
  | { readonly kind: 'tie'; readonly winner: Team }
  | { readonly kind: 'no result' };

type OneInnings = PlayedMatch['innings'][number];

export function drawTeams(chance: Chance): readonly [Team, Team] {
  const first = drawTeam(chance);
  let second = drawTeam(chance);
  while (second === first) second = drawTeam(chance);
  return [first, second];
}

/** Teams further up the list play more often. */
function drawTeam(chance: Chance): Team {
  return teams[Math.floor(teams.length * chance.next() ** 1.5)] ?? teams[0];
}

export function drawGround(chance: Chance): Ground {
  return pick(grounds, chance);
}

function drawWeather(chance: Chance): Weather {
  const draw = chance.next();
  if (draw < 0.008) return 'washout';
  if (draw < 0.025) return 'stopped';
  if (draw < 0.055) return 'short chase';
  return draw < 0.085 ? 'short match' : 'dry';
}

const womensEase = -0.17;
const dayDeviation = 0.05;

/** Plays a match out, super overs included. */
export function playMatch(fixture: Fixture, chance: Chance): PlayedMatch {
  const weather = drawWeather(chance);
  if (weather === 'washout') return { fixture, weather, innings: [], result: { kind: 'no result' } };
  const today =
    fixture.ground.ease + dayDeviation * chance.normal() + (fixture.gender === 'female' ? womensEase : 0);
  const bat = (
    side: Side,
    balls: number,
    extra: { readonly target?: number; readonly superOver?: boolean } = {},
  ): OneInnings => {
    const against = side === fixture.first ? fixture.second : fixture.first;
    const superOver = extra.superOver ?? false;
    const target = extra.target === undefined ? {} : { target: extra.target };
    const batters = side.players.slice(0, superOver ? 3 : 11);
    const ease = today + side.team.batting - against.team.bowling;
    const conditions = {
      ease,
      balls,
      wickets: superOver ? 2 : 10,
      batters,
      bowlers: against.players.slice(-6),
      ...target,
    };
    return { ...playInnings(conditions, chance), side, superOver, balls, ...target };
  };
  if (weather === 'stopped')
    return {
      fixture,
      weather,
      innings: [bat(fixture.first, 24 + chance.below(80))],
      result: { kind: 'no result' },
    };
  const balls = weather === 'short match' ? 6 * (8 + chance.below(11)) : 120;
  const first = bat(fixture.first, balls);
  const ballsToChase = weather === 'short chase' ? 6 * (6 + chance.below(12)) : balls;
  const reduced = ballsToChase < balls;
  // A plain stand-in for the Duckworth-Lewis tables: fewer overs with all wickets are worth more than their share.
  const par = reduced ? Math.round(first.runs * (ballsToChase / balls) ** 0.8) : first.runs;
  const chase = bat(fixture.second, ballsToChase, { target: par + 1 });
  if (chase.runs === par) return { fixture, weather, ...superOvers([first, chase], bat) };
  return { fixture, weather, innings: [first, chase], result: decided({ fixture, chase, par, reduced }) };
}

function decided({
  fixture,
  chase,
  par,
  reduced,
}: {
  readonly fixture: Fixture;
  readonly chase: OneInnings;
  readonly par: number;
  readonly reduced: boolean;
}): Result {
  return chase.runs > par
    ? { kind: 'win', winner: fixture.second.team, by: { wickets: 10 - chase.wickets }, reduced }
    : { kind: 'win', winner: fixture.first.team, by: { runs: par - chase.runs }, reduced };
}

/** Pairs of super overs until one side is ahead; the side that batted second bats first. */
function superOvers(
  [first, chase]: readonly [OneInnings, OneInnings],
  bat: (
    side: Side,
    balls: number,
    extra: { readonly target?: number; readonly superOver: true },
  ) => OneInnings,
): Pick<PlayedMatch, 'innings' | 'result'> {
  const innings = [first, chase];
  for (;;) {
    const opening = bat(chase.side, 6, { superOver: true });
    const reply = bat(first.side, 6, { target: opening.runs + 1, superOver: true });
    innings.push(opening, reply);
    if (opening.runs !== reply.runs)
      return {
        innings,
        result: { kind: 'tie', winner: (opening.runs > reply.runs ? opening : reply).side.team },
      };
  }
}
