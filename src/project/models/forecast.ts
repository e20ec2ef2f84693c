import { withCallSite } from '../call-sites.ts';
import { asForecaster, type ExternalForecaster, type Forecaster, type RollingOrigin } from './forecaster.ts';
import type { Servable, ServableOptions } from './live.ts';
import type { ForecastMetric } from './metric.ts';
import type { MonitorOptions } from './monitoring.ts';
import type { ColumnOf, RowOf, TableRef, TimeOf } from '../tables/table.ts';

export interface ForecastOptions<
  Rows extends TableRef,
  Series extends ColumnOf<RowOf<Rows>, string | number>,
  Metric extends ForecastMetric,
  Baseline extends string,
> extends ServableOptions<Metric, never, Baseline, 'series'> {
  /** One row for each value of a series. */
  readonly rows: Rows;
  /** The column that says whose value it is. */
  readonly series: Series;
  readonly time: TimeOf<NoInfer<Rows>> | ColumnOf<RowOf<NoInfer<Rows>>, number>;
  readonly value: ColumnOf<RowOf<NoInfer<Rows>>, number>;
  /** How many values ahead. */
  readonly horizon: number;
  /** Values in a season. @default inferred from the times: 12 for months, 7 for days */
  readonly season?: number;
  /** `[external()]` for versions that are trained elsewhere. */
  readonly candidates: readonly (Forecaster | ExternalForecaster)[];
  /** Whether one candidate is chosen for all series, or one for each. @default 'one' */
  readonly choose?: 'one' | 'each';
  readonly evaluate: RollingOrigin;
  readonly metrics: readonly Metric[];
  /** The share of outcomes that an interval should contain. @default 0.8 */
  readonly interval?: number;
  /** What versions are compared with, by name. */
  readonly baselines?: { readonly [Name in Baseline]: Forecaster };
  /** Drift and alerts. Outcomes need no rule: they are the values that follow. @default none */
  readonly monitor?: MonitorOptions<NoInfer<Metric>>;
}

/** A series of the project by its name, or the values of another series. */
export type ForecastRequest<Series> = { readonly horizon?: number } & (
  | { readonly series: Series }
  | { readonly history: readonly { readonly time: string | number; readonly value: number }[] }
);

export interface ForecastPoint {
  readonly time: string | number;
  readonly prediction: number;
  readonly low: number;
  readonly high: number;
}

export interface Forecast<Name extends string = string, Series = unknown> extends Servable<
  Name,
  ForecastRequest<Series>,
  { readonly points: readonly ForecastPoint[] }
> {
  readonly kind: 'forecast';
  readonly rows: TableRef;
  readonly series: string;
  readonly time: string;
  readonly value: string;
  readonly horizon: number;
  readonly season: number | undefined;
  readonly candidates: readonly Forecaster[];
  readonly choose: 'one' | 'each';
  readonly evaluate: RollingOrigin;
  readonly baselines: Readonly<Record<string, Forecaster>>;
  readonly monitor: MonitorOptions;
  readonly '~series'?: Series | undefined;
}

/**
 * Forecasts of many series: candidates compete on a rolling origin, and the winner is a version like that of a model.
 * @example
 * forecast('sales', { rows: history, series: 'shop', time: 'month', value: 'sold', horizon: 12,
 *   candidates: [seasonalNaive(), theta()], evaluate: rollingOrigin({ folds: 3 }),
 *   metrics: ['smape'], promote: { alias: 'prod', when: lower('smape') } })
 */
export function forecast<
  const Name extends string,
  Rows extends TableRef,
  const Series extends ColumnOf<RowOf<Rows>, string | number>,
  const Metric extends ForecastMetric,
  Baseline extends string = never,
>(name: Name, options: ForecastOptions<Rows, Series, Metric, Baseline>): Forecast<Name, RowOf<Rows>[Series]> {
  // Types hold the parts of the options together; at run time each is plain data.
  const given = options as unknown as GivenOptions;
  const declared: Forecast<Name> = {
    kind: 'forecast',
    name,
    title: given.title ?? name,
    description: given.description,
    rows: given.rows,
    series: given.series,
    time: given.time,
    value: given.value,
    horizon: given.horizon,
    season: given.season,
    candidates: given.candidates.map(asForecaster),
    choose: given.choose ?? 'one',
    evaluate: given.evaluate,
    metrics: given.metrics,
    interval: given.interval ?? 0.8,
    baselines: given.baselines ?? {},
    promote: given.promote,
    serve: given.serve ?? {},
    monitor: given.monitor ?? {},
    page: given.page,
    get training() {
      return training;
    },
  };
  const training: TableRef = { producer: declared, output: 'training', table: given.rows.table };
  return withCallSite(declared) as Forecast<Name, RowOf<Rows>[Series]>;
}

type Required =
  | 'rows'
  | 'series'
  | 'time'
  | 'value'
  | 'horizon'
  | 'candidates'
  | 'evaluate'
  | 'metrics'
  | 'promote';
type GivenOptions = Pick<Forecast, Required> & Partial<Omit<Forecast, Required>>;
