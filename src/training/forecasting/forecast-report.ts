import type { ForecastMetric } from '../../project/models/metric.ts';
import { forecastMetrics, withoutInterval } from '../metrics/forecast.ts';
import { finite } from '../report/scored-part.ts';
import type { Origin } from './origins.ts';
import { type Time, timeAfter } from './frequency.ts';
import { rowsBy, type ScoredSteps, selectSteps } from './scores.ts';
import type { SeriesSet } from './series.ts';

type Metrics = Readonly<Record<string, number | null>>;

interface ForecastReportRows {
  readonly set: SeriesSet;
  /** Each has `horizon` rows in `version` and `others`, in the same order. */
  readonly origins: readonly Origin[];
  readonly horizon: number;
  readonly version: ScoredSteps;
  /** Whether the bounds of `version` are an interval; those of others are their points. */
  readonly hasInterval: boolean;
  /** The same steps by the seasonal naive forecast and the project's baselines, by name. */
  readonly others: Readonly<Record<string, ScoredSteps>>;
  /** Of the declaration. */
  readonly metrics: readonly string[];
  /** The metric of the promotion rule. @default the first of `metrics` decides */
  readonly when?: string;
  /** The share of values that an interval should contain. */
  readonly level: number;
}

/** The metrics of some steps, beside those of other forecasts. */
export interface ForecastReportPart {
  readonly rows: number;
  readonly metrics: Metrics;
  readonly others: Readonly<Record<string, Metrics>>;
}

/** Where a forecast is right and where it is wrong, as JSON. */
export interface ForecastReport extends ForecastReportPart {
  readonly format: 1;
  /** The number of tested series. */
  readonly series: number;
  /** The metric that orders series and forecasts. */
  readonly worstBy: string;
  readonly level: number;
  /** Steps ahead, the first first. */
  readonly byStep: readonly (ForecastReportPart & { readonly step: number })[];
  /** In the order of time: `fold` counts back from the end of the series. */
  readonly byOrigin: readonly (ForecastReportPart & {
    readonly fold: number;
    /** The first and the last forecast time. */
    readonly from: Time;
    readonly to: Time;
  })[];
  /** The worst first. */
  readonly bySeries: readonly (ForecastReportPart & { readonly name: string })[];
  /** The worst forecasts, each of one series from one origin. */
  readonly worst: readonly WorstForecast[];
}

/** A forecast of one series from one origin, with what happened. */
export interface WorstForecast {
  readonly series: string;
  /** Of the metric `worstBy`; null if it cannot be measured. */
  readonly value: number | null;
  /** The last values before the origin. */
  readonly history: readonly { readonly time: Time; readonly value: number }[];
  readonly steps: readonly {
    readonly time: Time;
    readonly truth: number;
    readonly predicted: number;
    readonly low: number;
    readonly high: number;
  }[];
}

/**
 * So many that, up to this number of series, each is also in the report of another version. Beyond it, a series may lack the
 * value of the live version beside it.
 */
const mostSeries = 2000;
const mostWorst = 6;
const longestHistory = 60;
/** Errors of a forecast; a coverage is no error. */
const errors: ReadonlySet<string> = new Set<ForecastMetric>(['smape', 'mase', 'mae', 'rmse']);

/**
 * The errors of a version and of simpler forecasts in total, by step, by origin and by series, and the worst forecasts.
 * Metrics that cannot be measured are null.
 */
export function forecastReport(rows: ForecastReportRows): ForecastReport {
  const { version, others, metrics, level, hasInterval } = rows;
  const worstBy = worstMetric(rows);
  const names = [...new Set([...metrics, worstBy, 'intervalCoverage'])];
  return {
    format: 1,
    series: new Set(version.series).size,
    worstBy,
    level,
    rows: version.truth.length,
    metrics: named(names, measured(version, hasInterval)),
    others: mapValues(others, (of) => named(names, measured(of, false))),
    byStep: partsBy('step', names, rows)
      .map(({ group, ...part }) => ({ step: group, ...part }))
      .toSorted((one, other) => one.step - other.step),
    byOrigin: partsBy('fold', names, rows)
      .map(({ group, ...part }) => ({ fold: group, ...timesOf(group, rows), ...part }))
      .toSorted((one, other) => other.fold - one.fold),
    bySeries: partsBy('series', [worstBy], rows)
      .map(({ group, ...part }) => ({ name: rows.set.series[group]?.name ?? '', ...part }))
      .toSorted((one, other) => badness(other.metrics[worstBy]) - badness(one.metrics[worstBy]))
      .slice(0, mostSeries),
    worst: worstForecasts(worstBy, rows),
  };
}

function worstMetric({ when, metrics }: ForecastReportRows): string {
  const names = when === undefined ? metrics : [when, ...metrics];
  return names.find((name) => errors.has(name)) ?? 'mae';
}

function partsBy(
  column: 'step' | 'fold' | 'series',
  names: readonly string[],
  { version, others, hasInterval }: ForecastReportRows,
): readonly (ForecastReportPart & { readonly group: number })[] {
  return [...rowsBy(version, column)].map(([group, rows]) => ({
    group,
    rows: rows.length,
    metrics: named(names, measured(selectSteps(version, rows), hasInterval)),
    others: mapValues(others, (of) => named(names, measured(selectSteps(of, rows), false))),
  }));
}

/** Simple forecasts are points: a coverage of 0 would say something else. */
function measured(
  scored: Parameters<typeof forecastMetrics>[0],
  hasInterval: boolean,
): Readonly<Record<string, number>> {
  const all = forecastMetrics(scored);
  return hasInterval ? all : withoutInterval(all);
}

/** The times that all series are forecast at from an origin. */
function timesOf(
  fold: number,
  { set, origins, horizon }: ForecastReportRows,
): { readonly from: Time; readonly to: Time } {
  const times = origins
    .filter((origin) => origin.fold === fold)
    .map((origin) => ({ from: timeAt(set, origin, 0), to: timeAt(set, origin, horizon - 1) }));
  return times.reduce((all, { from, to }) => ({
    from: from < all.from ? from : all.from,
    to: to > all.to ? to : all.to,
  }));
}

function timeAt({ series, unit }: SeriesSet, { series: index, at }: Origin, step: number): Time {
  return timeAfter(series[index]?.first ?? 0, at + step, unit);
}

function worstForecasts(worstBy: string, rows: ForecastReportRows): readonly WorstForecast[] {
  const { set, origins, horizon, version } = rows;
  const history = Math.min(longestHistory, Math.max(3 * horizon, 2 * set.period));
  const stepsOf = (index: number): readonly number[] =>
    Array.from({ length: horizon }, (_, step) => index * horizon + step);
  return origins
    .map((origin, index) => {
      const ofForecast = forecastMetrics(selectSteps(version, stepsOf(index)));
      return { origin, index, value: named([worstBy], ofForecast)[worstBy] ?? null };
    })
    .toSorted((one, other) => badness(other.value) - badness(one.value) || one.index - other.index)
    .slice(0, mostWorst)
    .map(({ origin, index, value }) => {
      const { name = '', values = new Float64Array(0) } = set.series[origin.series] ?? {};
      const from = Math.max(0, origin.at - history);
      return {
        series: name,
        value,
        history: Array.from(values.subarray(from, origin.at), (each, offset) => ({
          time: timeAt(set, origin, from + offset - origin.at),
          value: each,
        })),
        steps: stepsOf(index).map((row, step) => ({
          time: timeAt(set, origin, step),
          truth: version.truth[row] as number,
          predicted: version.predicted[row] as number,
          low: version.low[row] as number,
          high: version.high[row] as number,
        })),
      };
    });
}

function named(names: readonly string[], metrics: Readonly<Record<string, number>>): Metrics {
  return Object.fromEntries(names.map((name) => [name, finite(metrics[name])]));
}

/** For the order: what could not be measured comes last, because nothing is known of it. */
function badness(value: number | null | undefined): number {
  return value ?? -1;
}

function mapValues<From, To>(
  from: Readonly<Record<string, From>>,
  map: (value: From) => To,
): Readonly<Record<string, To>> {
  return Object.fromEntries(Object.entries(from).map(([name, value]) => [name, map(value)]));
}
