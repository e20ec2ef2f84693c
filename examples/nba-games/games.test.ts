import { expect, test } from 'vitest';
import { gamesOf, seasonAddress, seasonOf } from './games.ts';
import { writeGames } from './simulate.ts';

const headers = ['SEASON_ID', 'TEAM_ID', 'GAME_ID', 'GAME_DATE', 'MATCHUP', 'WL', 'PTS', 'PLUS_MINUS'];
const thunder = ['22018', 1610612760, '0021800002', '2018-10-16', 'OKC @ GSW', 'L', 100, -8];
const warriors = ['22018', 1610612744, '0021800002', '2018-10-16', 'GSW vs. OKC', 'W', 108, 8];
const logOf = (...rowSet: unknown[][]): unknown => ({ resultSets: [{ headers, rowSet }] });

test('a game is a row for each team, with its opponent', () => {
  const rows = [...gamesOf(logOf(thunder, warriors))];
  expect(rows).toEqual([
    expect.objectContaining({ team: 'OKC', opponent: 'GSW', atHome: false, points: 100, margin: -8 }),
    expect.objectContaining({ team: 'GSW', opponent: 'OKC', atHome: true, season: 2019, margin: 8 }),
  ]);
});

test('a cancelled game is left out instead of a tie', () => {
  const cancelled = [thunder, warriors].map((row) => [...row.slice(0, 5), null, 0, 0]);
  expect([...gamesOf(logOf(...cancelled))]).toEqual([]);
});

test('a team keeps its name when it moves', () => {
  const nets = ['22010', 1610612751, '0021000001', '2010-10-27', 'NJN vs. DET', 'W', 101, 3];
  const pistons = ['22010', 1610612765, '0021000001', '2010-10-27', 'DET @ NJN', 'L', 98, -3];
  expect([...gamesOf(logOf(nets, pistons))].map(({ team }) => team)).toEqual(['BKN', 'DET']);
});

test('an unknown team and a missing column are named', () => {
  const unknown = ['22018', 7, '0021800002', '2018-10-16', 'XXX @ GSW', 'L', 100, -8];
  expect(() => [...gamesOf(logOf(unknown, warriors))]).toThrow(/TEAM_ID 7 is not one of the thirty teams/);
  expect(() => [...gamesOf({ resultSets: [{ headers: headers.slice(1), rowSet: [] }] })]).toThrow(
    /no column SEASON_ID/,
  );
});

test('a season ends in the year after its opening day', () => {
  expect(['2018-10-16', '2019-04-10', '2018-12-31'].map(seasonOf)).toEqual([2019, 2019, 2019]);
  expect(seasonAddress(2000)).toContain('Season=1999-00');
});

test('simulated seasons are read like real ones, and a seed decides them', () => {
  const write = (): string => [...writeGames({ seed: 3, seasons: 1 })].map(({ text }) => text).join('');
  expect(write()).toBe(write());
  const rows = [...gamesOf(JSON.parse(write()))];
  const atHome = rows.filter((row) => row.atHome);
  expect(rows).toHaveLength(atHome.length * 2);
  expect(atHome.length).toBeGreaterThan(1100);
  expect(atHome.every(({ margin, season }) => margin !== 0 && season === 2020)).toBe(true);
  const wins = atHome.filter(({ margin }) => margin > 0).length / atHome.length;
  expect(wins).toBeGreaterThan(0.53);
  expect(wins).toBeLessThan(0.65);
});
