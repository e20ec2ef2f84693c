import { type Chance, chanceOf, simulation } from 'modelyard';
import { type Team, teams } from './teams.ts';

const firstSeason = 2020;
const openingDay = (season: number): number => Date.UTC(season - 1, 9, 20);
const msPerDay = 86_400_000;
const daysOfSeason = 165;
/** Half of the thirty teams play on a usual day, so each comes to some 82 games. */
const gamesOfDay = 7.45;
/** In points: what playing at home is worth, how a game's margin varies, and how far teams differ. */
const [homeEdge, deviation, spread] = [2.7, 12, 4.5];
const headers = [
  'SEASON_ID',
  'TEAM_ID',
  'TEAM_ABBREVIATION',
  'TEAM_NAME',
  'GAME_ID',
  'GAME_DATE',
  'MATCHUP',
  'WL',
  'MIN',
  'OREB',
  'PTS',
  'PLUS_MINUS',
  'VIDEO_AVAILABLE',
] as const;

interface Side {
  readonly id: number;
  readonly name: Team;
  readonly strength: number;
  readonly lastDay: number;
}

/**
 * Seasons of games as stats.nba.com's `leaguegamelog` returns them, one file a season. Teams keep part of their strength
 * from season to season, tire on the second of two nights, and a game is cancelled now and then.
 */
export function* writeGames({
  seed,
  seasons,
}: {
  readonly seed: number;
  readonly seasons: number;
}): Generator<{ readonly name: string; readonly text: string }> {
  const chance = chanceOf(seed);
  let sides = teams.map((team): Side => ({ ...team, strength: spread * chance.normal(), lastDay: -9 }));
  for (let season = firstSeason; season < firstSeason + seasons; season += 1) {
    sides = sides.map((side) => ({
      ...side,
      strength: 0.7 * side.strength + 0.7 * spread * chance.normal(),
      lastDay: -9,
    }));
    yield { name: `leaguegamelog-${season}.json`, text: seasonFile(season, sides, chance) };
  }
}

/** The source of the project file: `simulatedGames({ seed: 1, seasons: 6 })`. */
export const simulatedGames = simulation(writeGames);

function seasonFile(season: number, start: readonly Side[], chance: Chance): string {
  const sides = [...start];
  const rowSet: unknown[][] = [];
  for (let day = 0; day < daysOfSeason; day += 1) {
    const playing = drawn(sides.length, 2 * Math.floor(gamesOfDay + chance.next()), chance);
    for (let at = 0; at < playing.length; at += 2) {
      const [home, away] = [sides[playing[at] ?? 0], sides[playing[at + 1] ?? 0]];
      if (!home || !away) continue;
      const gameId = `002${String((season - 1) % 100).padStart(2, '0')}${String(rowSet.length / 2 + 1).padStart(5, '0')}`;
      rowSet.push(...gameRows({ season, gameId, day, home, away }, chance));
      for (const index of [playing[at] ?? 0, playing[at + 1] ?? 0])
        sides[index] = { ...(sides[index] ?? home), lastDay: day };
    }
  }
  return JSON.stringify({
    resource: 'leaguegamelog',
    parameters: { LeagueID: '00', Season: `${season - 1}-${String(season % 100).padStart(2, '0')}` },
    resultSets: [{ name: 'LeagueGameLog', headers, rowSet }],
  });
}

interface Fixture {
  readonly season: number;
  readonly gameId: string;
  readonly day: number;
  readonly home: Side;
  readonly away: Side;
}

function gameRows({ season, gameId, day, home, away }: Fixture, chance: Chance): unknown[][] {
  const tired = (side: Side): number => (day - side.lastDay === 1 ? 1.8 : 0);
  const expected = home.strength - away.strength + homeEdge - tired(home) + tired(away);
  const drawnMargin = Math.round(expected + deviation * chance.normal());
  const margin = drawnMargin === 0 ? 1 : drawnMargin;
  const total = Math.round(224 + 18 * chance.normal());
  const homePoints = Math.floor((total + margin) / 2);
  const isCancelled = chance.happens(0.0005);
  const date = new Date(openingDay(season) + day * msPerDay).toISOString().slice(0, 10);
  const row = (side: Side, matchup: string, [points, ahead]: readonly [number, number]): unknown[] => [
    `2${season - 1}`,
    side.id,
    side.name,
    side.name,
    gameId,
    date,
    matchup,
    ...(isCancelled
      ? [null, 0, null, 0, 0]
      : [ahead > 0 ? 'W' : 'L', 240, chance.happens(0.02) ? null : 6 + chance.below(10), points, ahead]),
    1,
  ];
  return [
    row(home, `${home.name} vs. ${away.name}`, [homePoints, margin]),
    row(away, `${away.name} @ ${home.name}`, [homePoints - margin, -margin]),
  ];
}

/** Some of the numbers from 0 up to, and without, `count`, in random order. */
function drawn(count: number, size: number, chance: Chance): readonly number[] {
  const numbers = Array.from({ length: count }, (_, index) => index);
  return Array.from(
    { length: Math.min(size, count) },
    () => numbers.splice(chance.below(numbers.length), 1)[0] ?? 0,
  );
}
