import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ModelReportView, RunReportView } from '../../src/api/report-views.ts';
import type { PredictionView, RunRow } from '../../src/api/views.ts';
import { startDev } from '../e2e/product.ts';
import { visitsProject } from '../e2e/visits.ts';
import { pythonSettings, runScript, whyWithoutPython, withoutPython } from './mlflow-client.ts';

/** Its models are trained elsewhere. */
const config = `import { defineProject, external, lower, model, source } from 'modelyard';
import { csv } from 'modelyard/sources';
import { Question, toFeatures, Visit } from './visit.ts';

export const visits = source('visits', csv({ from: 'visits.csv', row: Visit }));
const shared = {
  rows: visits,
  request: Question,
  features: toFeatures,
  split: { by: 'day', group: 'id', test: 0.2 },
  trainer: external(),
} as const;

export const bought = model('bought', {
  ...shared,
  target: 'bought',
  metrics: ['brier', 'accuracy'],
  promote: { alias: 'prod', when: lower('brier') },
});
export const plan = model('plan', {
  ...shared,
  target: 'plan',
  metrics: ['logLoss', 'accuracy'],
  promote: { alias: 'prod', when: lower('logLoss') },
});
export const spent = model('spent', {
  ...shared,
  target: 'spent',
  metrics: ['mae'],
  promote: { alias: 'prod', when: lower('mae') },
});
export default defineProject('visits', { models: [bought, plan, spent] });
`;

const row = { pages: 20, minutes: 60 };

interface Logged {
  readonly version: number;
  /** What the client's own model predicts for `row`. */
  readonly predicted: number | readonly number[];
}

test.skipIf(withoutPython)(
  `versions that a client logged meet the gate at the next run, and are served${whyWithoutPython}`,
  async () => {
    await using folder = await visitsProject(config);
    await using dev = await startDev(['--project', folder.path], { env: pythonSettings(folder.path) });
    const post = async (path: string, body: unknown): Promise<Response> =>
      fetch(`${dev.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const predict = async (model: string): Promise<readonly PredictionView[]> => {
      const response = await post(`/predict/${model}`, [row]);
      return response.ok ? ((await response.json()) as readonly PredictionView[]) : [];
    };
    const log = (model: string, how: string): Promise<Logged> =>
      runScript<Logged>('./external.py', {
        url: dev.url,
        input: { model, how, csv: join(folder.path, 'visits.csv'), row },
      });
    /** The runs that ended, the last first, with a verdict on each model. */
    const run = async (version: number): Promise<RunRow> => {
      await post('/api/projects/visits/runs', {});
      const last = async (): Promise<RunRow | undefined> => {
        const { runs } = (await (await fetch(`${dev.url}/api/projects/visits/runs`)).json()) as {
          readonly runs: readonly RunRow[];
        };
        return runs.find(({ models }) => models.some((each) => each.version === version));
      };
      await expect.poll(async () => (await last())?.status, { timeout: 240_000 }).toBe('FINISHED');
      return (await last()) as RunRow;
    };
    const numbers = ([prediction]: readonly PredictionView[]): readonly number[] => {
      if (prediction?.kind === 'number') return [prediction.prediction];
      return prediction?.kind === 'class' ? Object.values(prediction.probabilities) : [];
    };
    const models = ['bought', 'plan', 'spent'];
    const logged = new Map<string, Logged>();
    for (const model of models) logged.set(model, await log(model, 'sklearn'));
    const judgedFirst = await run(1);
    expect(judgedFirst.models.map(({ verdict }) => verdict?.decision)).toEqual(
      models.map(() => ({ kind: 'promote', because: 'first' })),
    );
    const reportsOf = async ({ id }: RunRow): Promise<readonly ModelReportView[]> => {
      const response = await fetch(`${dev.url}/api/runs/${id}/report`);
      return ((await response.json()) as RunReportView).models;
    };
    const first = await reportsOf(judgedFirst);
    expect(first.map(({ model }) => model).toSorted()).toEqual(models);
    for (const { report, absent } of first) {
      expect(report?.rows).toBeGreaterThan(0);
      expect(absent).toContain('No learning curve: the model was trained elsewhere.');
    }
    for (const model of models) {
      await expect
        .poll(async () => numbers(await predict(model)).length, { timeout: 120_000 })
        .toBeGreaterThan(0);
      const ours = numbers(await predict(model)).toSorted((a, b) => a - b);
      const theirs = [logged.get(model)?.predicted ?? []].flat().toSorted((a, b) => a - b);
      expect(ours).toHaveLength(theirs.length);
      for (const [index, value] of ours.entries()) expect(value).toBeCloseTo(theirs[index] ?? Number.NaN, 5);
    }
    // Others meet the same gate, against the version that is served.
    await log('bought', 'xgboost');
    await log('spent', 'lightgbm');
    const second = await run(2);
    const judged = second.models.filter(({ version }) => version === 2);
    expect(judged.map(({ model }) => model)).toEqual(['bought', 'spent']);
    for (const { verdict } of judged) expect(verdict?.facts.champion).toHaveProperty('metrics');
    const beside = (await reportsOf(second)).filter(({ report }) => report?.version === 2);
    expect(beside.map(({ report }) => report?.champion)).toEqual([{ version: 1 }, { version: 1 }]);
    // A killed process starts again, and the request that met it is sent again.
    const before = numbers(await predict('spent'));
    for (const pid of runners(folder.path)) process.kill(pid, 'SIGKILL');
    expect(numbers(await predict('spent'))).toEqual(before);
  },
);

/** The processes of models whose environment has this folder. */
function runners(folder: string): readonly number[] {
  const lines = execFileSync('ps', ['-eo', 'pid,args']).toString().split('\n');
  return lines
    .filter((line) => line.includes('runner.py') && line.includes(folder))
    .map((line) => Number.parseInt(line, 10));
}
