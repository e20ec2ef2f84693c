import type { Played } from './innings.ts';
import type { PlayedMatch, Side } from './match.ts';

/** What a file says of its match besides the play. */
export interface Labels {
  readonly id: number;
  /** ISO. */
  readonly date: string;
  readonly revision: number;
  readonly venue: string;
  /** Many files leave it out. */
  readonly city?: string;
  readonly nameOf: (side: Side) => string;
  readonly toss: { readonly winner: Side; readonly decision: 'bat' | 'field' };
}

/** The match as a file of cricsheet's JSON 1.1 (https://cricsheet.org/format/json/). */
export function matchFile(match: PlayedMatch, labels: Labels): string {
  const { first, second } = match.fixture;
  const sides = [first, second];
  const people = sides.flatMap(({ players }) => players);
  return JSON.stringify({
    meta: { data_version: '1.1.0', created: labels.date, revision: labels.revision },
    info: {
      balls_per_over: 6,
      ...(labels.city === undefined ? {} : { city: labels.city }),
      dates: [labels.date],
      gender: match.fixture.gender,
      match_type: 'T20',
      outcome: outcomeOf(match, labels),
      overs: 20,
      players: Object.fromEntries(sides.map((side) => [labels.nameOf(side), side.players])),
      registry: { people: Object.fromEntries(people.map((name) => [name, digitsOf(name)])) },
      season: seasonOf(labels.date),
      team_type: 'international',
      teams: sides.map(labels.nameOf),
      toss: { decision: labels.toss.decision, winner: labels.nameOf(labels.toss.winner) },
      venue: labels.venue,
    },
    innings: match.innings.map((innings) => ({
      team: labels.nameOf(innings.side),
      overs: oversOf(innings.played),
      ...(innings.superOver ? { super_over: true } : { powerplays: [powerplayOf(innings.balls)] }),
      ...(innings.target === undefined ? {} : { target: { overs: innings.balls / 6, runs: innings.target } }),
    })),
  });
}

function outcomeOf({ result, fixture }: PlayedMatch, { nameOf }: Labels): object {
  const name = (team: Side['team']): string =>
    nameOf(team === fixture.first.team ? fixture.first : fixture.second);
  switch (result.kind) {
    case 'no result':
      return { result: 'no result' };
    case 'tie':
      return { result: 'tie', eliminator: name(result.winner) };
    case 'win':
      return { winner: name(result.winner), by: result.by, ...(result.reduced ? { method: 'D/L' } : {}) };
  }
}

function oversOf(played: readonly Played[]): readonly object[] {
  const overs: object[][] = [];
  for (const delivery of played) (overs[delivery.over] ??= []).push(deliveryOf(delivery));
  return overs.map((deliveries, over) => ({ over, deliveries }));
}

function deliveryOf({ ball, batter, bowler, partner }: Played): object {
  const { offBat, extras, out } = ball;
  const extra = extras?.runs ?? 0;
  return {
    batter,
    bowler,
    ...(extras ? { extras: { [extras.kind]: extras.runs } } : {}),
    non_striker: partner,
    runs: { batter: offBat, extras: extra, total: offBat + extra },
    ...(out === undefined ? {} : { wickets: [{ kind: out, player_out: batter }] }),
  };
}

/** The first three overs in ten, as balls of a scorebook: 5.6 is the sixth over's last. */
function powerplayOf(balls: number): object {
  return { from: 0.1, to: Math.max(1, Math.round((balls / 6) * 0.3)) - 1 + 0.6, type: 'mandatory' };
}

/** Seasons of the northern winter have two years, some of them one. */
function seasonOf(date: string): string {
  const [year, month] = [Number(date.slice(0, 4)), Number(date.slice(5, 7))];
  if (month >= 10) return `${year}/${String(year + 1).slice(2)}`;
  return month <= 3 ? `${year - 1}/${String(year).slice(2)}` : String(year);
}

/** Eight hex digits that stand for a text, by FNV-1a (Fowler, Noll and Vo). */
function digitsOf(text: string): string {
  let hash = 0x811c9dc5;
  for (const letter of text) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
