import {
  arima,
  blend,
  boostedTrees,
  defineProject,
  ets,
  forecast,
  lower,
  mstl,
  naive,
  params,
  rollingOrigin,
  seasonalNaive,
  source,
  theta,
  treesOnLags,
  z,
} from 'modelyard';
import { csv } from 'modelyard/sources';
import { Point, simulatedSeries } from './series.ts';

/** `data` is a CSV file, folder or address with the columns series, month and value. Made-up series are used when it is empty. */
export const { data, horizon } = params(
  z.object({ data: z.string().default(''), horizon: z.int().min(1).default(18) }),
);

export const history = source(
  'history',
  csv({ from: data || simulatedSeries({ seed: 1, series: 60 }), row: Point }),
  { checks: { unique: ['series', 'month'] } },
);

/** Forecasters of every kind; which of them are averaged is decided by their errors on past values. */
const forecasters = [
  ets(),
  theta(),
  theta({ dynamic: true }),
  theta({ log: 'median' }),
  theta({ dynamic: true, log: true }),
  theta({ dynamic: true, log: 'median' }),
  mstl({ log: 'median' }),
  arima({ order: [0, 1, 1], seasonal: [0, 1, 1] }),
  treesOnLags({ lags: 13, trees: boostedTrees({ trees: 150 }) }),
];

export const sales = forecast('sales', {
  title: 'Monthly sales',
  description: 'The next months of every series, with an interval at each month.',
  rows: history,
  series: 'series',
  time: 'month',
  value: 'value',
  horizon,
  candidates: [naive(), seasonalNaive(), ...forecasters, blend(forecasters, { pick: 'best' })],
  evaluate: rollingOrigin({ folds: 1 }),
  metrics: ['smape', 'mase', 'intervalCoverage'],
  baselines: { seasonalNaive: seasonalNaive() },
  promote: { alias: 'prod', when: lower('smape'), beats: ['seasonalNaive'], atMost: { mase: 1.5 } },
  serve: { cache: '1h' },
});

export default defineProject('smape-forecast', { title: 'Sales forecast', models: [sales] });
