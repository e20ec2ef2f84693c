import { z } from 'modelyard';
import { seasonOf } from './games.ts';
import { Team } from './teams.ts';

const fields = {
  elo: z.number(),
  season: z.int(),
  lastPlayed: z.iso.date(),
  games: z.int().min(0),
  wins: z.int().min(0),
  /** Sum of the margins of the season's games. */
  margins: z.number(),
  /** Average margin in which the last games count most. */
  lately: z.number(),
  /** By how many points the team does better than Elo says in games at home, averaged over some seasons. */
  homeEdge: z.number(),
  /** The same in games away. */
  awayEdge: z.number(),
};

/** What is known of a team after a game. */
export const TeamForm = z.object({ team: Team, date: z.iso.date(), ...fields });
export type TeamForm = z.infer<typeof TeamForm>;
export type Form = Omit<TeamForm, 'team' | 'date'>;

/** A team before its first game. */
export const newcomer: Form = {
  elo: 1300,
  season: 0,
  lastPlayed: '1900-01-01',
  games: 0,
  wins: 0,
  margins: 0,
  lately: 0,
  homeEdge: 0,
  awayEdge: 0,
};

/** How far a team's Elo keeps its distance from the mean between two seasons. */
const carriedOver = 0.75;
const meanElo = 1505;
const homeElo = 100;
const step = 20;
/** How much of `lately` is the last game. */
const lastShare = 0.1;
/** How much of an edge is the last game: playing at home is worth less from year to year, and more in some cities. */
const edgeShare = 0.01;
const eloPerPoint = 28;

/** The form in which a team starts a day: in a new season, its Elo is closer to the mean and its record empty. */
export function onDay(form: Form, date: string): Form {
  const season = seasonOf(date);
  if (form.season === season || form.season === 0) return { ...form, season };
  return {
    ...form,
    season,
    elo: carriedOver * form.elo + (1 - carriedOver) * meanElo,
    games: 0,
    wins: 0,
    margins: 0,
    lately: form.lately / 2,
  };
}

/** The probability that the team at home wins, by Elo alone. */
export function eloProbability(home: Form, away: Form): number {
  return 1 / (1 + 10 ** ((away.elo - home.elo - homeElo) / 400));
}

/**
 * Both teams after a game. Elo moves by FiveThirtyEight's rule for the NBA: more after a clear win, less when the stronger
 * team won.
 */
export function afterGame(
  { home, away }: { readonly home: Form; readonly away: Form },
  { date, margin }: { readonly date: string; readonly margin: number },
): { readonly home: Form; readonly away: Form } {
  const lead = home.elo + homeElo - away.elo;
  const ahead = lead * Math.sign(margin);
  const weight = (Math.abs(margin) + 3) ** 0.8 / (7.5 + 0.006 * ahead);
  const shift = step * weight * (Number(margin > 0) - eloProbability(home, away));
  const surprise = margin - lead / eloPerPoint;
  return {
    home: { ...played(home, { date, margin, shift }), homeEdge: moved(home.homeEdge, surprise) },
    away: {
      ...played(away, { date, margin: -margin, shift: -shift }),
      awayEdge: moved(away.awayEdge, -surprise),
    },
  };
}

function moved(edge: number, surprise: number): number {
  return (1 - edgeShare) * edge + edgeShare * surprise;
}

function played(
  before: Form,
  { date, margin, shift }: { readonly date: string; readonly margin: number; readonly shift: number },
): Form {
  return {
    ...before,
    elo: before.elo + shift,
    lastPlayed: date,
    games: before.games + 1,
    wins: before.wins + Number(margin > 0),
    margins: before.margins + margin,
    lately: (1 - lastShare) * before.lately + lastShare * margin,
  };
}
