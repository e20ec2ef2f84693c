import { existsSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import type { BlobStore } from '../../data/blob-store.ts';
import { digestOf } from '../../kernel/digest.ts';
import { openSnapshot } from '../archive.ts';
import { heard } from '../raw-files.fixture.ts';
import { Delivery } from './delivery.ts';
import { readCricsheet } from './reader.ts';

/** Published matches lie beside the repository on some machines; they are no part of it. */
const folder = new URL('../../../../shared/data/cricket/', import.meta.url).pathname;
const archive = join(folder, 't20i_cricsheet_yaml.tar.xz');
const isAbsent = !existsSync(archive);

type Parsed = (readonly unknown[])[];

async function query(sql: string): Promise<Parsed> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowsJson() as Parsed;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function deliveries(): Promise<readonly Delivery[]> {
  const scratch = await mkdtemp(join(tmpdir(), 'modelyard-published-'));
  try {
    const blobs = { localPath: async () => archive } as Pick<BlobStore, 'localPath'> as BlobStore;
    const files = await openSnapshot(
      [{ name: basename(archive), digest: digestOf(''), size: statSync(archive).size }],
      { blobs, scratch },
    );
    const rows: Delivery[] = [];
    for await (const row of readCricsheet(files, heard())) rows.push(row);
    return rows;
  } finally {
    await rm(scratch, { recursive: true });
  }
}

test.skipIf(isAbsent)(
  '1,432 published matches read as another parser read them (needs ../shared)',
  async () => {
    const rows = await deliveries();
    expect(rows).toHaveLength(327_890);
    for (const row of rows.filter((_row, index) => index % 97 === 0))
      expect(Delivery.parse(row)).toEqual(row);
    const keys = rows.map((row) => `${row.date} ${row.matchId}`);
    expect(keys.every((key, index) => index === 0 || (keys[index - 1] ?? '') <= key)).toBe(true);

    const parquet = join(folder, 't20i_deliveries.parquet');
    const balls = await query(`
    select match_id, innings, over, ball, batting_team, batter, bowler, runs_batter, runs_extras, runs_total,
      wides = 0 and noballs = 0, wickets
    from read_parquet('${parquet}', file_row_number = true) order by match_id, innings, file_row_number`);
    const ours = rows
      .toSorted((a, b) => Number(a.matchId > b.matchId) - Number(a.matchId < b.matchId))
      .map((row) => [
        row.matchId,
        String(row.innings),
        String(row.over),
        String(row.ball),
        row.battingTeam,
        row.batter,
        row.bowler,
        String(row.runsBatter),
        String(row.runsExtras),
        String(row.runs),
        row.legal,
        String(row.wickets),
      ]);
    const different = ours.filter((row, index) => row.join('|') !== balls[index]?.join('|'));
    expect({ different: different.slice(0, 5), theirs: balls.length }).toEqual({
      different: [],
      theirs: ours.length,
    });

    const matches = await query(`
    select match_id::varchar, date::varchar, gender, winner, coalesce(result, 'win'), method, city, case when overs <= 20 then overs::int end
    from read_csv('${join(folder, 't20i_matches.csv.gz')}') order by match_id::varchar`);
    const firsts = new Map(rows.map((row) => [row.matchId, row]));
    const summaries = [...firsts.values()]
      .toSorted((a, b) => (a.matchId < b.matchId ? -1 : 1))
      .map(({ matchId, date, gender, winner, result, method, city, overs }) => {
        const played = result === 'tie' ? null : winner;
        return [matchId, date, gender, played, result, method, city, overs];
      });
    expect(summaries).toEqual(matches);
    expect(new Set(rows.map(({ venue }) => venue)).size).toBe(175);
  },
);
