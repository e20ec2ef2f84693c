import { z } from 'zod';
import { formatGiven } from '../models/format-given.ts';
import type { Forecast } from '../models/forecast.ts';
import { type Forecaster, type ForecasterName, isExternalForecaster } from '../models/forecaster.ts';
import { metricProblems, promotionProblems } from './metric-problems.ts';
import {
  columnsOf,
  describe,
  isNumber,
  missingColumn,
  nullProblem,
  oneOfProblem,
  shareProblem,
  timeProblems,
  wholeProblem,
} from './problem-rules.ts';
import { monitorProblems, servingProblems } from './serving-problems.ts';
import { optionProblems, trainerProblems } from '../models/trainer-options.ts';
import { isOptions } from '../models/trainer-shape.ts';

export function forecastProblems(forecast: Forecast): readonly string[] {
  const { metrics, candidates, baselines } = forecast;
  const measured = {
    kind: 'forecast' as const,
    metrics,
    measures: {},
    baselines: Object.keys(baselines),
  };
  return [
    ...columnProblems(forecast),
    ...wholeProblem('horizon', forecast.horizon ?? null, 1),
    ...wholeProblem('season', forecast.season, 1),
    ...wholeProblem('evaluate.folds', forecast.evaluate?.folds ?? null, 1),
    ...externalProblems(forecast),
    ...(candidates.length === 0 ? ['candidates is empty: give one forecaster at least'] : []),
    ...candidates.flatMap((each, index) => forecasterProblems(`candidates[${index}]`, each)),
    ...Object.entries(baselines).flatMap(([name, each]) => forecasterProblems(`baselines.${name}`, each)),
    ...oneOfProblem('choose', forecast.choose, ['one', 'each']),
    ...shareProblem('interval', forecast.interval),
    ...metricProblems(measured),
    ...promotionProblems(forecast.promote, measured),
    ...servingProblems(forecast.serve, { metrics, fields: ['series'] }),
    ...monitorProblems(forecast.monitor, { metrics }),
  ];
}

/** Nothing is chosen for versions that are trained elsewhere. */
function externalProblems({ candidates, baselines }: Forecast): readonly string[] {
  const beside = candidates.length > 1 && candidates.some(isExternalForecaster);
  return [
    ...(beside ? ['candidates has external() beside others: give external() alone'] : []),
    ...Object.entries(baselines).flatMap(([name, each]) =>
      isExternalForecaster(each) ? [`baselines.${name} is external(), which forecasts nothing itself`] : [],
    ),
  ];
}

function columnProblems({ rows, series, time, value }: Forecast): readonly string[] {
  const columns = columnsOf(rows.table);
  const [seriesColumn, timeColumn, valueColumn] = [series, time, value].map((name) => columns.get(name));
  return [
    ...missingColumn('series', series, columns),
    ...(seriesColumn ? nullProblem('series', seriesColumn) : []),
    ...(timeColumn && isNumber(timeColumn)
      ? nullProblem('time', timeColumn)
      : timeProblems('time', time, columns)),
    ...missingColumn('value', value, columns),
    ...(valueColumn && !isNumber(valueColumn)
      ? [`value "${value}" is ${describe(valueColumn)}: a forecast is of numbers`]
      : []),
  ];
}

function forecasterProblems(field: string, forecaster: Forecaster): readonly string[] {
  if (forecaster?.kind !== 'forecaster')
    return [
      typeof forecaster === 'function'
        ? `${field} is a forecaster without its options: call it, as in theta()`
        : `${field} must be a forecaster, such as theta() or ets(); for a trainer, use treesOnLags`,
    ];
  const { name, options, trainer } = forecaster;
  if (!isOptions(options))
    return [`${field} ${name} has the options ${formatGiven(options)}: give an object, or nothing`];
  const parts: readonly Forecaster[] = Array.isArray(forecaster.parts) ? forecaster.parts : [];
  return [
    ...optionProblems({ name, options: optionsOf[name] }, options, field),
    ...(name === 'blend' && parts.length < 2 ? [`${field}: blend needs two forecasters at least`] : []),
    ...parts.flatMap((part, index) => forecasterProblems(`${field}.blend[${index}]`, part)),
    ...(name === 'trees-on-lags' ? wholeProblem(`${field}.lags`, options['lags'] ?? null, 1) : []),
    ...(trainer !== undefined
      ? trainerProblems({ trainer, search: undefined, kind: 'number' }).map(
          (problem) => `${field}.trees: ${problem}`,
        )
      : []),
    ...(['order', 'seasonal'] as const).flatMap((option) =>
      orderProblems(`${field}.${option}`, options[option]),
    ),
  ];
}

const none = z.object({});
const log = z.union([z.boolean(), z.literal('median')]).optional();
/** A rule of its own names what is wrong with it. */
const other = z.unknown();

const optionsOf: Readonly<Record<ForecasterName, z.ZodObject>> = {
  naive: none,
  'seasonal-naive': none,
  ets: none,
  theta: z.object({ dynamic: z.boolean().optional(), log }),
  mstl: z.object({ log }),
  arima: z.object({ order: other, seasonal: other }),
  'trees-on-lags': z.object({ lags: other }),
  blend: z.object({ pick: z.enum(['all', 'best']).optional() }),
  external: none,
};

function orderProblems(field: string, order: unknown): readonly string[] {
  if (order === undefined) return [];
  const isSound =
    Array.isArray(order) &&
    order.length === 3 &&
    order.every((each) => Number.isInteger(each) && (each as number) >= 0);
  return isSound ? [] : [`${field} is ${JSON.stringify(order)}: give [p, d, q], each a whole number from 0`];
}
