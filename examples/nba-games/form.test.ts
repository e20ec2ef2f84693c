import { expect, test } from 'vitest';
import { afterGame, eloProbability, newcomer, onDay } from './form.ts';
import { eloAlone, Game, toFeatures } from './matchup.ts';
import { formAfter } from './steps.ts';
import type { TeamGame } from './games.ts';

const game = (date: string, team: 'BOS' | 'LAL', margin: number): TeamGame => ({
  gameId: `g-${date}`,
  date,
  season: 2026,
  team,
  opponent: team === 'BOS' ? 'LAL' : 'BOS',
  atHome: true,
  points: 100,
  margin,
});
const started = onDay(newcomer, '2025-11-01');

test('what one team wins in Elo, the other loses', () => {
  const after = afterGame({ home: started, away: started }, { date: '2025-11-01', margin: 12 });
  expect(after.home.elo - 1300).toBeCloseTo(1300 - after.away.elo);
  expect(after.home.elo).toBeGreaterThan(1300);
  expect(after.home).toMatchObject({ games: 1, wins: 1, margins: 12 });
  expect(after.away).toMatchObject({ games: 1, wins: 0, margins: -12 });
});

test('edges move by what Elo did not expect: the home edge of the one, the away edge of the other', () => {
  const { home, away } = afterGame({ home: started, away: started }, { date: '2025-11-01', margin: 13 });
  const surprise = 13 - 100 / 28;
  expect([home.homeEdge, home.awayEdge]).toEqual([expect.closeTo(surprise / 100), 0]);
  expect([away.homeEdge, away.awayEdge]).toEqual([0, expect.closeTo(-surprise / 100)]);
  const asked = { date: '2025-11-03', home: 'BOS', away: 'LAL' } as const;
  expect(toFeatures(asked, { home, away })).toMatchObject({
    homeEdge: home.homeEdge,
    awayEdge: away.awayEdge,
  });
});

test('an upset moves more than an expected win', () => {
  const strong = { ...started, elo: 1600 };
  const expected = afterGame({ home: strong, away: started }, { date: '2025-11-01', margin: 5 });
  const upset = afterGame({ home: strong, away: started }, { date: '2025-11-01', margin: -5 });
  expect(1600 - upset.home.elo).toBeGreaterThan(expected.home.elo - 1600);
});

test('a new season starts with an empty record and an Elo closer to the mean', () => {
  const last = { ...started, elo: 1700, games: 82, wins: 60, margins: 500 };
  expect(onDay(last, '2026-10-25')).toMatchObject({ season: 2027, elo: 1651.25, games: 0, wins: 0 });
  expect(onDay(last, '2026-03-01')).toEqual(last);
});

test('form is written after each game, in the order of time', () => {
  const rows = [...formAfter([game('2025-11-05', 'LAL', 4), game('2025-11-01', 'BOS', 10)])];
  expect(rows.map(({ date, team, games }) => [date, team, games])).toEqual([
    ['2025-11-01', 'BOS', 1],
    ['2025-11-01', 'LAL', 1],
    ['2025-11-05', 'LAL', 2],
    ['2025-11-05', 'BOS', 2],
  ]);
});

test('features are differences, and a second night is known', () => {
  const home = { ...started, elo: 1550, lastPlayed: '2025-11-09' };
  const away = { ...started, elo: 1500, lastPlayed: '2025-11-01' };
  const asked = { date: '2025-11-10', home: 'BOS', away: 'LAL' } as const;
  expect(toFeatures(asked, { home, away })).toMatchObject({ elo: 50, rest: -5, homeSecondNight: 1 });
  expect(eloAlone(asked, { home, away })).toBeCloseTo(eloProbability(home, away));
  expect(Game.safeParse({ ...asked, away: 'BOS' }).error?.issues[0]?.message).toBe(
    'BOS cannot play against itself: choose another team',
  );
});
