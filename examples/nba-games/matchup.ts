import { type Features, z } from 'modelyard';
import { eloProbability, type Form, onDay } from './form.ts';
import { Team } from './teams.ts';

const game = {
  date: z.iso.date().meta({ title: 'Date', examples: ['2026-01-15'] }),
  home: Team.meta({ title: 'At home', examples: ['BOS'] }),
  away: Team.meta({ title: 'Away', examples: ['LAL'] }),
};

/** The prediction request: who plays where, and when. */
export const Game = z.object(game).check(({ value, issues }) => {
  if (value.home !== value.away) return;
  const message = `${value.away} cannot play against itself: choose another team`;
  issues.push({ code: 'custom', input: value.away, path: ['away'], message });
});
export type Game = z.infer<typeof Game>;

/** A game and how it ended. */
export const Matchup = z.object({
  gameId: z.string(),
  season: z.int(),
  ...game,
  homeWin: z.boolean().meta({ title: 'Home win' }),
  margin: z.int().meta({ title: 'Margin of the team at home', unit: 'points' }),
});

export interface Lookups {
  readonly home: Form;
  readonly away: Form;
}

/** A season's record counts fully after some games only: until then it is pulled to the mean by as many average games. */
const averageGames = 8;
const mostRest = 5;
const msPerDay = 86_400_000;

/** What is known of both teams before the game: differences, the team at home first. */
export function toFeatures({ date }: Game, lookups: Lookups): Features {
  const [home, away] = [onDay(lookups.home, date), onDay(lookups.away, date)];
  const restOf = ({ lastPlayed }: Form): number =>
    Math.min(mostRest, (Date.parse(date) - Date.parse(lastPlayed)) / msPerDay - 1);
  const marginOf = ({ margins, games }: Form): number => margins / (games + averageGames);
  const winsOf = ({ wins, games }: Form): number => (wins + averageGames / 2) / (games + averageGames);
  return {
    elo: home.elo - away.elo,
    margin: marginOf(home) - marginOf(away),
    lately: home.lately - away.lately,
    wins: winsOf(home) - winsOf(away),
    rest: restOf(home) - restOf(away),
    homeSecondNight: Number(restOf(home) === 0),
    awaySecondNight: Number(restOf(away) === 0),
    homeEdge: home.homeEdge,
    awayEdge: away.awayEdge,
    gamesPlayed: Math.min(home.games, away.games),
  };
}

/** The probability that Elo alone gives the team at home: the baseline to beat. */
export function eloAlone({ date }: Game, { home, away }: Lookups): number {
  return eloProbability(onDay(home, date), onDay(away, date));
}
