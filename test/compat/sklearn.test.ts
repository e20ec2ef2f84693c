import { expect, test } from 'vitest';
import type { PredictionView, RunRow } from '../../src/api/views.ts';
import { startDev } from '../e2e/product.ts';
import { visitsProject } from '../e2e/visits.ts';
import { pythonSettings, whyWithoutPython, withoutPython } from './mlflow-client.ts';

const config = `import { average, boostedTrees, defineProject, lower, model, sklearn, source } from 'modelyard';
import { csv } from 'modelyard/sources';
import { Question, toFeatures, Visit } from './visit.ts';

export const visits = source('visits', csv({ from: 'visits.csv', row: Visit }));
const shared = {
  rows: visits,
  request: Question,
  features: toFeatures,
  split: { by: 'day', group: 'id', test: 0.2 },
} as const;
const trees = boostedTrees({ trees: 20, minLeafRows: 5 });
const classifier = sklearn('ensemble.HistGradientBoostingClassifier', { max_depth: 3 });

export const spent = model('spent', {
  ...shared,
  target: 'spent',
  trainer: sklearn('ensemble.HistGradientBoostingRegressor', { max_depth: 4, min_samples_leaf: 5 }),
  metrics: ['mae', 'intervalCoverage'],
  baselines: { line: sklearn('linear_model.Ridge') },
  promote: { alias: 'prod', when: lower('mae') },
});
export const bought = model('bought', {
  ...shared,
  target: 'bought',
  trainer: average([classifier, trees]),
  metrics: ['brier', 'accuracy'],
  promote: { alias: 'prod', when: lower('brier') },
});
export const plan = model('plan', {
  ...shared,
  target: 'plan',
  trainer: classifier,
  search: { trials: 2, space: { max_depth: [2, 3] } },
  metrics: ['logLoss', 'accuracy'],
  promote: { alias: 'prod', when: lower('logLoss') },
});
export default defineProject('visits', { models: [spent, bought, plan] });
`;

test.skipIf(withoutPython)(
  `estimators of scikit-learn are trained, promoted and served${whyWithoutPython}`,
  async () => {
    await using folder = await visitsProject(config);
    await using dev = await startDev(['--project', folder.path], { env: pythonSettings(folder.path) });
    const runs = async (): Promise<readonly RunRow[]> => {
      const response = await fetch(`${dev.url}/api/projects/visits/runs`);
      return ((await response.json()) as { readonly runs: readonly RunRow[] }).runs;
    };
    await fetch(`${dev.url}/api/projects/visits/runs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    const ended = async (): Promise<RunRow | undefined> =>
      (await runs()).find(({ status, models }) => status !== 'RUNNING' && models.length === 3);
    await expect
      .poll(async () => (await ended())?.status, { timeout: 400_000, interval: 1000 })
      .toBe('FINISHED');
    expect((await ended())?.models.map(({ verdict }) => verdict?.decision)).toEqual(
      [1, 2, 3].map(() => ({ kind: 'promote', because: 'first' })),
    );
    const predict = async (model: string, pages: number): Promise<PredictionView | undefined> => {
      const response = await fetch(`${dev.url}/predict/${model}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify([{ pages, minutes: 60 }]),
      });
      return response.ok ? ((await response.json()) as readonly PredictionView[])[0] : undefined;
    };
    for (const model of ['spent', 'bought', 'plan'])
      await expect
        .poll(async () => (await predict(model, 20)) !== undefined, { timeout: 120_000 })
        .toBe(true);
    const number = await predict('spent', 20);
    // Minutes times 2 + pages / 10 + a half on average.
    expect(number?.kind === 'number' && Math.abs(number.prediction - 270)).toBeLessThan(60);
    expect(number).toHaveProperty('interval');
    const [few, many] = [await predict('bought', 1), await predict('bought', 30)];
    if (few?.kind !== 'class' || many?.kind !== 'class') throw new Error('no classes');
    expect(many.probabilities['true']).toBeGreaterThan((few.probabilities['true'] ?? 1) + 0.3);
    const plan = await predict('plan', 30);
    if (plan?.kind !== 'class') throw new Error('no class');
    expect(Object.keys(plan.probabilities)).toEqual(['free', 'team', 'business']);
    expect(Object.values(plan.probabilities).reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 9);
    expect(plan.probabilities['business']).toBeGreaterThan(plan.probabilities['free'] ?? 1);
  },
);
