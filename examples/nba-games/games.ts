import { z } from 'modelyard';
import { Team, teamNamed } from './teams.ts';

/** A game from the side of one team: two rows a game. */
export const TeamGame = z.object({
  gameId: z.string().meta({ title: 'Game' }),
  date: z.iso.date().meta({ title: 'Date' }),
  season: z.int().meta({ title: 'Season', description: 'The year in which it ends.' }),
  team: Team,
  opponent: Team,
  atHome: z.boolean(),
  points: z.int().min(0).meta({ unit: 'points' }),
  margin: z.int().meta({ unit: 'points' }),
});
export type TeamGame = z.infer<typeof TeamGame>;

const needed = [
  'SEASON_ID',
  'TEAM_ID',
  'GAME_ID',
  'GAME_DATE',
  'MATCHUP',
  'WL',
  'PTS',
  'PLUS_MINUS',
] as const;
type Entry = Readonly<Record<(typeof needed)[number], unknown>>;

const Log = z.object({
  resultSets: z
    .array(z.object({ headers: z.array(z.string()), rowSet: z.array(z.array(z.unknown())) }))
    .min(1),
});

/**
 * The rows of stats.nba.com's `leaguegamelog`. A cancelled game has no winner there and no points, and is left out.
 * @throws Error naming a column that is missing
 */
export function* gamesOf(body: unknown): Generator<TeamGame> {
  const [log] = Log.parse(body).resultSets;
  if (!log) return;
  const missing = needed.find((name) => !log.headers.includes(name));
  if (missing !== undefined) throw new Error(`The game log has no column ${missing}.`);
  const entries = log.rowSet.map(
    (values) => Object.fromEntries(log.headers.map((name, index) => [name, values[index]])) as Entry,
  );
  const seen = new Map<unknown, Entry>();
  const opponents = new Map<Entry, Entry>();
  for (const entry of entries) {
    const other = seen.get(entry.GAME_ID);
    if (other) opponents.set(entry, other).set(other, entry);
    seen.set(entry.GAME_ID, entry);
  }
  for (const entry of entries) {
    const other = opponents.get(entry);
    if (entry.WL === null || !other) continue;
    yield {
      gameId: String(entry.GAME_ID),
      date: String(entry.GAME_DATE),
      season: Number(String(entry.SEASON_ID).slice(1)) + 1,
      team: teamNamed(entry.TEAM_ID),
      opponent: teamNamed(other.TEAM_ID),
      atHome: String(entry.MATCHUP).includes(' vs. '),
      points: Number(entry.PTS),
      margin: Number(entry.PLUS_MINUS),
    };
  }
}

const firstSeason = 1990;

/** The game logs from the season of the newest known game on. @param since the day of that game; undefined for all seasons */
export function gamesSince(since: string | undefined): readonly string[] {
  const first = since === undefined ? firstSeason : seasonOf(since);
  const last = seasonOf(new Date().toISOString());
  return Array.from({ length: last - first + 1 }, (_, index) => seasonAddress(first + index));
}

/** The address of a season's games: `season` is the year in which it ends. */
export function seasonAddress(season: number): string {
  const address = new URL('https://stats.nba.com/stats/leaguegamelog');
  const query = {
    Counter: '0',
    Direction: 'ASC',
    LeagueID: '00',
    PlayerOrTeam: 'T',
    Season: `${season - 1}-${String(season % 100).padStart(2, '0')}`,
    SeasonType: 'Regular Season',
    Sorter: 'DATE',
  };
  for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value);
  return address.href;
}

/** The season of a day, by the year in which it ends: games start in October. */
export function seasonOf(date: string): number {
  const [year = 0, month = 0] = date.split('-').map(Number);
  return month >= 9 ? year + 1 : year;
}
