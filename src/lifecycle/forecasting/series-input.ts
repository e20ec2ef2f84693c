import { z } from 'zod';
import { readColumns } from '../../data/table-reader.ts';
import type { OperationContext } from '../../pipeline/operation.ts';
import { formatCount } from '../../kernel/units.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { Forecast } from '../../project/models/forecast.ts';
import { fewestValues } from '../../training/forecasting/origins.ts';
import { type Observation, readSeries, type SeriesSet } from '../../training/forecasting/series.ts';
import { inputTable } from '../../pipeline/inputs.ts';

/** The params that say how rows become series. */
export const seriesParams = {
  name: z.string(),
  series: z.string(),
  time: z.string(),
  value: z.string(),
  season: z.number().exactOptional(),
};

export function seriesParamsOf({ name, series, time, value, season }: Forecast): {
  readonly name: string;
  readonly series: string;
  readonly time: string;
  readonly value: string;
  readonly season?: number;
} {
  return { name, series, time, value, ...(season !== undefined && { season }) };
}

type Context = Pick<OperationContext, 'input' | 'blobs'> & {
  readonly params: ReturnType<typeof seriesParamsOf>;
};

/** The series of the input `rows`. @throws PlatformError DATA_INVALID naming the series */
export async function readSeriesInput(context: Context): Promise<SeriesSet> {
  const { name, series, time, value, season } = context.params;
  const rows = await inputTable(context, 'rows');
  const columns = await readColumns(rows, context.blobs, [...new Set([series, time, value])]);
  const observations = function* (): Iterable<Observation> {
    for (let row = 0; row < rows.rows; row++) {
      const at = columns[value]?.[row];
      yield {
        series: String(columns[series]?.[row]),
        time: (columns[time]?.[row] ?? null) as Observation['time'],
        value: at === null || at === undefined ? null : Number(at),
      };
    }
  };
  return readSeries(observations(), { name, season });
}

/** @throws PlatformError DATA_INVALID if no series is long enough to be tested */
export function requireTestable(
  { series, period }: SeriesSet,
  { name, horizon }: { readonly name: string; readonly horizon: number },
): void {
  const needs = fewestValues(period) + horizon;
  const longest = series.reduce((best, each) => (each.values.length > best.values.length ? each : best));
  if (longest.values.length >= needs) return;
  const seasons = period > 1 ? ` (two seasons of ${period} and one more, and a horizon of ${horizon})` : '';
  throw new PlatformError('DATA_INVALID', {
    field: `${name}: series "${longest.name}"`,
    value: `${longest.values.length} values, and it is the longest`,
    remedy: `A series needs ${formatCount(needs)} values to be tested${seasons}: add history, or give a shorter horizon or season.`,
  });
}
