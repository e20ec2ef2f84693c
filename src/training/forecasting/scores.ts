import type { ForecastMetric } from '../../project/models/metric.ts';
import { forecastMetrics } from '../metrics/forecast.ts';
import { type Backtest, scaleOf } from './backtest.ts';
import { boundsAt, type HorizonInterval } from './horizon-interval.ts';
import type { Origin } from './origins.ts';

/** Truth and forecast of each step after some origins. */
export interface ScoredSteps {
  readonly series: Int32Array;
  readonly fold: Int32Array;
  /** From 1. */
  readonly step: Int32Array;
  readonly truth: Float64Array;
  readonly predicted: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Of the history of the row's series: see `scaleOf`. */
  readonly scale: Float64Array;
}

export interface ScoreOptions {
  readonly values: readonly Float64Array[];
  readonly period: number;
  readonly horizon: number;
  /** @default none: both bounds are the forecast */
  readonly interval?: HorizonInterval | undefined;
}

/** The rows of the origins that `include` accepts. `forecasts` has one for each origin of the backtest. */
export function scoreSteps(
  { origins }: Pick<Backtest, 'origins'>,
  forecasts: readonly Float64Array[],
  { include, ...options }: ScoreOptions & { readonly include: (origin: Origin) => boolean },
): ScoredSteps {
  const { values, period, horizon, interval } = options;
  const picked = origins.flatMap((origin, index) => (include(origin) ? [{ origin, index }] : []));
  const rows = picked.length * horizon;
  const scored: ScoredSteps = {
    series: new Int32Array(rows),
    fold: new Int32Array(rows),
    step: new Int32Array(rows),
    truth: new Float64Array(rows),
    predicted: new Float64Array(rows),
    low: new Float64Array(rows),
    high: new Float64Array(rows),
    scale: new Float64Array(rows),
  };
  let row = 0;
  for (const { origin, index } of picked) {
    const series = values[origin.series] as Float64Array;
    const history = series.subarray(0, origin.at);
    const scale = scaleOf(history, period);
    const forecast = forecasts[index] as Float64Array;
    for (let step = 0; step < horizon; step++, row++) {
      const point = forecast[step] as number;
      const { low, high } = interval
        ? boundsAt(interval, { point, step, scale })
        : { low: point, high: point };
      scored.series[row] = origin.series;
      scored.fold[row] = origin.fold;
      scored.step[row] = step + 1;
      scored.truth[row] = series[origin.at + step] as number;
      scored.predicted[row] = point;
      scored.low[row] = low;
      scored.high[row] = high;
      scored.scale[row] = scale;
    }
  }
  return scored;
}

/** The metrics of each series, or of each step ahead. */
export function metricsBy(
  scored: ScoredSteps,
  column: 'series' | 'step',
): ReadonlyMap<number, Readonly<Record<ForecastMetric, number>>> {
  return new Map(
    [...rowsBy(scored, column)].map(([group, of]) => [group, forecastMetrics(selectSteps(scored, of))]),
  );
}

/** The rows of each series, of each step ahead or of each fold. */
export function rowsBy(
  scored: ScoredSteps,
  column: 'series' | 'step' | 'fold',
): ReadonlyMap<number, readonly number[]> {
  const rows = new Map<number, number[]>();
  for (const [row, group] of scored[column].entries()) {
    const of = rows.get(group);
    if (of) of.push(row);
    else rows.set(group, [row]);
  }
  return rows;
}

/** Some rows, for their metrics. */
export function selectSteps(
  scored: ScoredSteps,
  rows: readonly number[],
): Parameters<typeof forecastMetrics>[0] {
  const take = (column: Float64Array): Float64Array =>
    Float64Array.from(rows, (row) => column[row] as number);
  const { truth, predicted, low, high, scale } = scored;
  return {
    truth: take(truth),
    predicted: take(predicted),
    low: take(low),
    high: take(high),
    scale: take(scale),
  };
}
