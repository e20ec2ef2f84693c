import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { repository } from '../folders.ts';

/** Where the real data of the examples is: `MODELYARD_BENCH_DATA`, or `shared/data` beside the repository. */
export function dataFolder(): string | undefined {
  const folder = process.env['MODELYARD_BENCH_DATA'] ?? join(repository, '..', 'shared', 'data');
  return existsSync(folder) ? folder : undefined;
}

/** Rewrites a Parquet file as CSV. */
export async function parquetToCsv(from: string, to: string): Promise<void> {
  await query(`copy (select * from '${quoted(from)}') to '${quoted(to)}' (header, delimiter ',')`);
}

/** Writes the game logs as files of stats.nba.com, one a season. */
export async function writeGameLogs(from: string, to: string, firstSeason: number): Promise<void> {
  await mkdir(to, { recursive: true });
  const rows = await query(
    `select * exclude (SEASON_END) from '${quoted(from)}' where SEASON_END::int >= ${firstSeason} order by GAME_DATE, GAME_ID`,
  );
  const headers = Object.keys(rows[0] ?? {});
  const bySeason = new Map<string, unknown[][]>();
  for (const row of rows) {
    const season = String(row['SEASON_ID']);
    const entries = bySeason.get(season) ?? [];
    bySeason.set(season, entries);
    entries.push(headers.map((name) => row[name]));
  }
  for (const [season, rowSet] of bySeason)
    await writeFile(
      join(to, `leaguegamelog-${season}.json`),
      JSON.stringify({ resource: 'leaguegamelog', resultSets: [{ name: 'LeagueGameLog', headers, rowSet }] }),
    );
}

export async function unzip(from: string, to: string): Promise<void> {
  await writeFile(to, gunzipSync(await readFile(from)));
}

async function query(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowObjectsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function quoted(path: string): string {
  return path.replaceAll("'", "''");
}
