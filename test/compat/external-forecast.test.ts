import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { PredictionView, RunRow } from '../../src/api/views.ts';
import { formatVerdict } from '../../src/registry/format-verdict.ts';
import { metricFormat } from '../../src/registry/format-metric.ts';
import { startDev, temporaryFolder } from '../e2e/product.ts';
import { pythonSettings, runScript, whyWithoutPython, withoutPython } from './mlflow-client.ts';

const horizon = 6;

/** Its versions are trained elsewhere. */
const config = `import { defineProject, external, forecast, lower, rollingOrigin, source, z } from 'modelyard';
import { csv } from 'modelyard/sources';

export const Row = z.object({ shop: z.string(), month: z.iso.date(), sold: z.number() });
export const history = source('history', csv({ from: 'sold.csv', row: Row }));
export const sales = forecast('sales', {
  rows: history,
  series: 'shop',
  time: 'month',
  value: 'sold',
  horizon: ${horizon},
  candidates: [external()],
  evaluate: rollingOrigin({ folds: 3 }),
  metrics: ['smape', 'mase'],
  promote: { alias: 'prod', when: lower('smape') },
});
export default defineProject('shops', { models: [sales] });
`;

/** 8 years of months that grow, with a season and a little noise. */
function months(): string {
  const rows = Array.from({ length: 96 }, (_, at) => {
    const month = new Date(Date.UTC(2016, at, 1)).toISOString().slice(0, 10);
    const noise = ((at * 7919) % 101) / 101 - 0.5;
    const sold = (100 + 1.5 * at) * (1 + 0.3 * Math.sin((2 * Math.PI * at) / 12)) + 4 * noise;
    return `Vienna,${month},${sold.toFixed(2)}`;
  });
  return ['shop,month,sold', ...rows, ''].join('\n');
}

interface Logged {
  readonly version: number;
  /** What the client's own model predicts for the months that follow. */
  readonly predicted: readonly number[];
}

test.skipIf(withoutPython)(
  `a forecaster that a client logged is judged on the last origin, and served${whyWithoutPython}`,
  async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'modelyard.config.ts'), config);
    await writeFile(join(folder.path, 'sold.csv'), months());
    await using dev = await startDev(['--project', folder.path], { env: pythonSettings(folder.path) });
    const post = async (path: string, body: unknown): Promise<Response> =>
      fetch(`${dev.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const log = (how: string): Promise<Logged> =>
      runScript<Logged>('./external_forecast.py', {
        url: dev.url,
        input: { how, horizon, csv: join(folder.path, 'sold.csv') },
      });
    const lastRun = async (): Promise<RunRow | undefined> => {
      const { runs } = (await (await fetch(`${dev.url}/api/projects/shops/runs`)).json()) as {
        readonly runs: readonly RunRow[];
      };
      return runs[0];
    };
    const run = async (): Promise<RunRow> => {
      const before = await lastRun();
      await post('/api/projects/shops/runs', {});
      const ended = async (): Promise<boolean> => {
        const last = await lastRun();
        return last !== undefined && last.id !== before?.id && last.status !== 'RUNNING';
      };
      await expect.poll(ended, { timeout: 240_000 }).toBe(true);
      return (await lastRun()) as RunRow;
    };
    const verdictOf = ({ models: [judged] }: RunRow): string =>
      judged?.verdict ? formatVerdict(judged.verdict, metricFormat('')) : '';
    const forecast = async (): Promise<readonly number[]> => {
      const response = await post('/predict/sales', { series: 'Vienna', horizon });
      const prediction = (await response.json()) as PredictionView;
      return prediction.kind === 'forecast' ? prediction.points.map((point) => point.prediction) : [];
    };

    const dated = await log('dated');
    const first = await run();
    expect(first.failed).toBeNull();
    expect(verdictOf(first)).toContain('promoted: the first version');
    expect(verdictOf(first)).toContain('judged on the last origin alone: version 1 cannot be trained again');
    expect(first.models[0]?.verdict?.facts.testRows).toBe(horizon);
    await expect.poll(async () => (await forecast()).length, { timeout: 60_000 }).toBe(horizon);
    for (const [step, value] of (await forecast()).entries())
      expect(value).toBeCloseTo(dated.predicted[step] ?? Number.NaN, 6);

    // Another library meets the same gate, against the version that is served, on the same months.
    await log('function');
    const second = await run();
    expect(second.failed).toBeNull();
    const { facts } = second.models[0]?.verdict ?? {};
    expect(facts?.champion).toMatchObject({ version: 1, metrics: { smape: expect.any(Number) } });
    expect(facts?.testRows).toBe(horizon);
    expect(verdictOf(second)).toMatch(/^held: .* \(judged on the last origin alone: version 2 /);

    // One that learned from the months that it is judged on is refused, and no other run fails for it.
    await log('leaked');
    const third = await run();
    expect(third.failed).toBeNull();
    const detail = await (await fetch(`${dev.url}/api/runs/${third.id}`)).text();
    expect(detail).toContain('train it on those before');
    for (const [step, value] of (await forecast()).entries())
      expect(value).toBeCloseTo(dated.predicted[step] ?? Number.NaN, 6);
  },
);
