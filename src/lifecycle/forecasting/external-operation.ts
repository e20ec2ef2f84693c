import { z } from 'zod';
import { putFiles, type FilesDataset, filesDataset } from '../../data/dataset.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { formatCount } from '../../kernel/units.ts';
import { forecasts } from '../../pipeline/declared-kinds.ts';
import { inputFiles } from '../../pipeline/inputs.ts';
import { taskOperation } from '../../pipeline/operation.ts';
import type { ForecastRows, Python } from '../../project/python.ts';
import { scaleOf } from '../../training/forecasting/backtest.ts';
import { timeAfter } from '../../training/forecasting/frequency.ts';
import { fitHorizonInterval, nextHorizonInterval } from '../../training/forecasting/horizon-interval.ts';
import { originsOf } from '../../training/forecasting/origins.ts';
import { scoreSteps } from '../../training/forecasting/scores.ts';
import type { Series, SeriesSet } from '../../training/forecasting/series.ts';
import { readModelFile } from '../version/version-folder.ts';
import { type ForecastModel, writeForecastModel } from './forecast-model.ts';
import { readSeriesInput, requireTestable, seriesParams } from './series-input.ts';

/**
 * Forecasts the last values and the next ones of each series by a model that a client logged; in: `rows`, `files`; out:
 * `model`. The gate runs it for a new version.
 */
export const externalForecast = taskOperation({
  name: 'external-forecast',
  description: 'Forecasts the last and the next values by a model that was trained elsewhere.',
  declared: forecasts,
  inputs: { rows: 'table', files: 'files' },
  outputs: { model: { kind: 'files' } },
  params: z.object({ ...seriesParams, horizon: z.int(), interval: z.number() }),
  facts: z.object({
    series: z.number(),
    /** Values before those that it is judged on. */
    values: z.number(),
    from: z.union([z.string(), z.number()]),
    to: z.union([z.string(), z.number()]),
  }),
  process: 'own',
  async plan() {
    return undefined;
  },
  async run(context) {
    const { horizon, interval: level } = context.params;
    const set = await readSeriesInput(context);
    requireTestable(set, context.params);
    const files = await inputFiles(context, 'files');
    if (!context.python) throw withoutPython();
    const rows = rowsOf(set, context.params);
    const { flavor, forecast } = await forecastBy(context.python, { files, blobs: context.blobs, rows });
    const bySeries: readonly Float64Array[] = set.series.map((_, index) =>
      forecast.subarray(index * 2 * horizon, (index + 1) * 2 * horizon),
    );
    const model: ForecastModel = {
      format: 1,
      horizon,
      unit: set.unit,
      period: set.period,
      external: { flavor },
      recipes: [],
      recipe: 0,
      interval: intervalOf(set, bySeries, { level, horizon }),
      series: set.series.map(({ name, values, last }, index) => ({
        name,
        recipe: 0,
        last,
        scale: scaleOf(values, set.period),
        nonNegative: values.every((value) => value >= 0),
        tested: [...(bySeries[index]?.subarray(0, horizon) ?? [])],
        points: [...(bySeries[index]?.subarray(horizon) ?? [])],
      })),
    };
    const ours = await putFiles(writeForecastModel(model, new Map()), context.blobs);
    const ends = set.series.map((series) => lastKnown(series, set, horizon));
    return {
      outputs: { model: filesDataset([...files.files, ...ours.files]) },
      facts: {
        series: set.series.length,
        values: set.series.reduce((sum, { values }) => sum + Math.max(0, values.length - horizon), 0),
        from: set.series.map(({ first }) => first).reduce((one, other) => (other < one ? other : one)),
        to: ends.reduce((one, other) => (other > one ? other : one)),
      },
    };
  },
  summary: ({ series, to }) => `${formatCount(series)} series, values up to ${to}`,
});

/** The last value that the model may have learned from. */
function lastKnown({ last }: Series, { unit }: SeriesSet, horizon: number): Series['last'] {
  return timeAfter(last, -horizon, unit);
}

/** The last `horizon` times of each series, and as many after them. */
function rowsOf(
  { series, unit }: SeriesSet,
  {
    series: seriesColumn,
    time,
    horizon,
  }: { readonly series: string; readonly time: string; readonly horizon: number },
): ForecastRows {
  const steps = Array.from({ length: 2 * horizon }, (_, step) => step + 1);
  const each = series.flatMap((one) => steps.map((step) => ({ one, step })));
  return {
    columns: { series: seriesColumn, time },
    series: each.map(({ one }) => one.name),
    times: each.map(({ one, step }) => timeAfter(one.last, step - horizon, unit)),
    positions: each.map(({ one, step }) => one.values.length - horizon + step - 1),
    steps: each.map(({ step }) => step),
  };
}

interface ForecastInput {
  readonly files: FilesDataset;
  readonly blobs: Parameters<typeof readModelFile>[2];
  readonly rows: ForecastRows;
}

async function forecastBy(
  python: Python,
  { files, blobs, rows }: ForecastInput,
): Promise<{ readonly flavor: string; readonly forecast: Float64Array }> {
  const names = files.files.map(({ name }) => name);
  await using opened = await python.openForecaster({
    files: names,
    read: (name) => readModelFile(files, name, blobs),
  });
  return { flavor: opened.flavor, forecast: await opened.forecast(rows) };
}

/**
 * From its errors at the last origin, which are the only ones that it did not learn from. The steps that are served come
 * one horizon later.
 */
function intervalOf(
  { series, period }: SeriesSet,
  forecasts: readonly Float64Array[],
  { level, horizon }: { readonly level: number; readonly horizon: number },
): ForecastModel['interval'] {
  const values = series.map((each) => each.values);
  const lengths = values.map(({ length }) => length);
  const origins = originsOf(lengths, { from: 1, to: 1, period, horizon });
  const points = origins.map(({ series: index }) => forecasts[index] ?? new Float64Array(horizon));
  const scored = scoreSteps({ origins }, points, { values, period, horizon, include: () => true });
  return nextHorizonInterval(fitHorizonInterval(scored, { level, horizon }));
}

function withoutPython(): PlatformError {
  return new PlatformError('MODEL_UNSUPPORTED', {
    field: 'candidates',
    value: 'external',
    remedy: 'Its models forecast in Python, which this process does not start.',
  });
}
