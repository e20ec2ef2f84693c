import { boostedTrees, defineProject, lower, model, params, source, step, table, z } from 'modelyard';
import { cricsheet } from 'modelyard/sources';
import { aboveProjection, asScore, fromOverFive, Innings, Situation, toFeatures } from './innings.ts';
import { simulatedMatches } from './simulate.ts';
import { ballByBall } from './steps.ts';

export const { data, testFrom } = params(
  z.object({
    /** A file, folder, archive or URL of cricsheet matches. Simulated matches are used when it is unset. */
    data: z.string().optional(),
    /** Matches from this day on are test data. It is used with `data`; the latest quarter of simulated matches is the test. */
    testFrom: z.iso.date().default('2019-06-01'),
  }),
);

export const matches = source(
  'matches',
  cricsheet({ from: data ?? simulatedMatches({ seed: 1, matches: 400 }) }),
);

export const innings = step('innings', { in: { matches }, out: { rows: table(Innings) } }, ballByBall);

export const score = model('t20-score', {
  title: 'T20 first-innings score',
  description: 'The final score of a first innings of twenty overs, predicted after any delivery.',
  rows: innings.out.rows,
  request: Situation,
  features: toFeatures,
  target: 'finalScore',
  transform: { forward: aboveProjection, inverse: asScore },
  split: { by: 'date', group: 'match', test: data === undefined ? 0.25 : { from: testFrom } },
  trainer: boostedTrees({
    trees: 300,
    depth: 4,
    learningRate: 0.06,
    minLeafRows: 300,
    rowShare: 0.5,
    featureShare: 0.7,
  }),
  search: {
    trials: 8,
    space: { learningRate: [0.03, 0.12, 'log'], depth: [3, 5], minLeafRows: [100, 800, 'log'] },
  },
  metrics: ['mae', 'rmse', 'r2', 'bias', 'intervalCoverage', 'intervalWidth'],
  measures: { maeFromOver5: { of: 'mae', where: fromOverFive } },
  promote: { alias: 'prod', when: lower('mae'), atLeast: { r2: 0.5 } },
  serve: { cache: '30s', rateLimit: { perKey: 1000, per: '1s' } },
});

export default defineProject('t20-score', {
  title: 'T20 first-innings score',
  description: 'Predicts the final score of an innings from the ball-by-ball matches of cricsheet.',
  models: [score],
});
