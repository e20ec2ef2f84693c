import { PlatformError } from '../../kernel/errors.ts';
import { nearestName } from '../../kernel/nearest-name.ts';
import type { ForecastPrediction } from '../../project/models/prediction.ts';
import { scaleOf } from '../../training/forecasting/backtest.ts';
import { fewestValues } from '../../training/forecasting/origins.ts';
import { timeAfter } from '../../training/forecasting/frequency.ts';
import { boundsAt } from '../../training/forecasting/horizon-interval.ts';
import { forecastHistory } from '../../training/forecasting/forecast-history.ts';
import { formatRecipe } from '../../training/forecasting/recipe.ts';
import { type Observation, readSeries } from '../../training/forecasting/series.ts';
import type { LagModel } from '../../training/forecasting/trees-on-lags.ts';
import type { PredictorRow, VersionPredictor } from '../version/version-predictor.ts';
import { type ForecastModel, recipeAt } from './forecast-model.ts';
import { type ForecastRequest, requestSchemaOf } from './forecast-request.ts';

/** A forecast's version in memory: what it says of a series that it knows was computed when it was trained. */
export function forecastPredictor(
  name: string,
  model: ForecastModel,
  lagModels: ReadonlyMap<string, LagModel>,
): VersionPredictor {
  const series = new Map(model.series.map((each) => [each.name, each]));
  const ofSeries = (named: string, row: PredictorRow): Continued => {
    const found = series.get(named);
    if (found) return found;
    const near = nearestName(named, [...series.keys()]);
    throw wrong(row, {
      field: 'series',
      value: named,
      remedy: `The version does not know it${near === undefined ? '' : ` (did you mean ${near}?)`}${model.external ? '.' : ': send its values as `history`.'}`,
    });
  };
  const ofHistory = (history: NonNullable<ForecastRequest['history']>, row: PredictorRow): Continued => {
    if (model.external)
      throw wrong(row, {
        field: 'history',
        value: `${history.length} values`,
        remedy: 'The version was trained elsewhere and only forecasts its own series: send `series`.',
      });
    const { values, last } = historyOf(name, { history, model, row });
    const points = forecastHistory(recipeAt(model, model.recipe), {
      values,
      period: model.period,
      horizon: model.horizon,
      lagModels,
    });
    if (!points)
      throw wrong(row, {
        field: 'history',
        value: `${values.length} values`,
        remedy: `They are too few for ${formatRecipe(recipeAt(model, model.recipe))}: send ${fewestValues(model.period)} or more.`,
      });
    const nonNegative = values.every((value) => value >= 0);
    return { points: [...points], last, scale: scaleOf(values, model.period), nonNegative };
  };
  return {
    features: [],
    target: { kind: 'number' },
    requestSchema: requestSchemaOf(model),
    needsRequest: true,
    whyNoExplanation: 'A forecast has no features, so nothing contributes to it: request no explanation.',
    featuresOf: () => ({}),
    async predict(rows) {
      return rows.map((row) => {
        const { series: named, history, horizon = model.horizon } = row.request as ForecastRequest;
        if ((named === undefined) === (history === undefined))
          throw wrong(row, {
            field: named === undefined ? 'series' : 'history',
            value: named === undefined ? undefined : `${history?.length} values`,
            remedy: 'Give either the name of a `series` or the `history` of another one.',
          });
        const continued = history ? ofHistory(history, row) : ofSeries(String(named), row);
        return { features: {}, prediction: predictionOf(continued, model, horizon) };
      });
    },
    async warmUp() {},
  };
}

interface Continued {
  readonly points: readonly number[];
  readonly last: string | number;
  readonly scale: number;
  readonly nonNegative: boolean;
}

function predictionOf(
  { points, last, scale, nonNegative }: Continued,
  { unit, interval }: ForecastModel,
  horizon: number,
): ForecastPrediction {
  return {
    kind: 'forecast',
    horizon: points.slice(0, horizon).map((value, step) => {
      const { low, high } = boundsAt(interval, { point: value, step, scale });
      const floor = nonNegative ? Math.min(0, value) : -Infinity;
      return {
        step: step + 1,
        time: timeAfter(last, step + 1, unit),
        value,
        interval: { low: Math.max(floor, low), high, level: interval.level },
      };
    }),
  };
}

interface GivenHistory {
  readonly history: NonNullable<ForecastRequest['history']>;
  readonly model: ForecastModel;
  readonly row: PredictorRow;
}

function historyOf(
  name: string,
  { history, model, row }: GivenHistory,
): { readonly values: Float64Array; readonly last: string | number } {
  const wrongTime = history.findIndex(({ time }) => (typeof time === 'number') !== (model.unit === 'number'));
  if (wrongTime >= 0)
    throw wrong(row, {
      field: `history.${wrongTime}.time`,
      value: history[wrongTime]?.time,
      remedy: model.unit === 'number' ? 'must be a number' : 'must be a date, such as "2024-01-31"',
    });
  const observations = history.map(({ time, value }): Observation => ({ series: 'history', time, value }));
  try {
    const { unit, series } = readSeries(observations, { name, season: model.period });
    const [first] = series;
    if (history.length > 1 && unit !== model.unit)
      throw wrong(row, {
        field: 'history',
        value: `a value each ${unit}`,
        remedy: `The forecast is of values each ${model.unit}.`,
      });
    return { values: first?.values ?? new Float64Array(0), last: first?.last ?? 0 };
  } catch (error) {
    if (!(error instanceof PlatformError) || error.code !== 'DATA_INVALID') throw error;
    const { value, remedy } = error.detail;
    throw wrong(row, { field: 'history', value, remedy });
  }
}

function wrong(
  row: PredictorRow,
  detail: { readonly field: string; readonly value: unknown; readonly remedy: string },
): PlatformError {
  const field = row.name === undefined ? detail.field : `${row.name}.${detail.field}`;
  return new PlatformError('INPUT_INVALID', { ...detail, field });
}
