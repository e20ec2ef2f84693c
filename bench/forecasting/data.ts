import { createReadStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { writeSeries } from '../../examples/smape-forecast/series.ts';

/** Writes series in the format of the example: series, month, value. @returns how many series */
export type WriteSeries = (to: string) => Promise<number>;

/** The example's own series, so that the bench runs without data. */
export function writeSynthetic(series: number): WriteSeries {
  return async (to) => {
    for (const { text } of writeSeries({ seed: 7, series })) await writeFile(to, text);
    return series;
  };
}

/** The monthly series of the M3 competition: each is its training part and the 18 values of the test. */
export function writeM3(folder: string, most = Number.POSITIVE_INFINITY): WriteSeries {
  return async (to) => {
    const lines = createInterface(
      createReadStream(join(folder, 'forecast', 'm3_monthly_long.csv.gz')).pipe(createGunzip()),
    );
    const rows = ['series,month,value'];
    const names = new Set<string>();
    for await (const line of lines) {
      const [name = '', position = '', , value = ''] = line.split(',');
      if (name === 'series_id' || (names.size === most && !names.has(name))) continue;
      names.add(name);
      // Some series have no dates, so that all are numbered from one month.
      rows.push(
        `${name},${new Date(Date.UTC(1990, Number(position) - 1, 1)).toISOString().slice(0, 10)},${value}`,
      );
    }
    await writeFile(to, `${rows.join('\n')}\n`);
    return names.size;
  };
}

export function writeAirline(folder: string): WriteSeries {
  return async (to) => {
    const text = await readFile(join(folder, 'forecast', 'monthly-airline-passengers.csv'), 'utf8');
    const rows = text
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.replaceAll('"', '').trim().split(','))
      .map(([month, value]) => `airline,${month}-01,${value}`);
    await writeFile(to, `series,month,value\n${rows.join('\n')}\n`);
    return 1;
  };
}
