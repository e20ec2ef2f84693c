import {
  boostedTrees,
  constant,
  defineProject,
  featureView,
  lower,
  model,
  params,
  source,
  sql,
  table,
  z,
} from 'modelyard';
import { csv } from 'modelyard/sources';
import { Bar, Day, Direction, Question, toFeatures } from './bars.ts';
import { sureAccuracy } from './measures.ts';
import { closingDays, directions, unadjustedSplits } from './queries.ts';
import { simulatedBars } from './simulate.ts';

export const { data, from, testFrom } = params(
  z.object({
    /** A file or folder of Alpha Vantage's daily prices with a column `symbol`. Simulated prices are used when it is unset. */
    data: z.string().optional(),
    /** Days before it are not learned from. */
    from: z.iso.date().default('2000-01-01'),
    /** Days from it on are test data; for each year of them, the model is trained again on what came before. */
    testFrom: z.iso.date().default('2021-01-01'),
  }),
);

export const bars = source('bars', csv({ from: data ?? simulatedBars({ seed: 1 }), row: Bar }), {
  key: ['symbol', 'timestamp'],
  checks: { none: { 'a split that the adjusted price does not know of': unadjustedSplits } },
});

export const days = sql(
  'days',
  { in: { bars }, out: table(Day, { unique: ['symbol', 'date'] }) },
  closingDays,
);

export const labelled = sql(
  'directions',
  { in: { bars }, out: table(Direction, { unique: ['symbol', 'date'] }), params: { from } },
  directions,
);

export const closes = featureView('closes', { rows: days, key: 'symbol', at: 'date' });

export const direction = model('direction', {
  title: 'Does it close higher?',
  description: 'The direction of a trading day, from prices up to the day before.',
  rows: labelled,
  request: Question,
  lookups: { before: closes.of('symbol', { before: 'date' }) },
  features: toFeatures,
  target: 'up',
  split: { by: 'date', test: { from: testFrom, refit: 'year' } },
  trainer: boostedTrees({ trees: 100, depth: 3, learningRate: 0.03, minLeafRows: 500 }),
  metrics: ['logLoss', 'auc', 'accuracy', 'brier'],
  measures: { sureAccuracy: { better: 'higher', value: sureAccuracy } },
  baselines: { alwaysUp: constant() },
  promote: { alias: 'prod', when: lower('logLoss'), beats: ['alwaysUp'] },
});

export default defineProject('market-direction', {
  title: 'Market direction',
  description:
    'Predicts whether a share closes higher than the day before, and is honest about how little that is.',
  models: [direction],
});
