import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { openFileArtifactStore } from '../../adapters/files/artifact-store.ts';
import { defineProject } from '../../project/define.ts';
import { forecast, type Forecast } from '../../project/models/forecast.ts';
import { rollingOrigin } from '../../project/models/forecaster.ts';
import { lower } from '../../project/models/promotion.ts';
import type { Project } from '../../project/project.ts';
import type { ForecastRows, Python } from '../../project/python.ts';
import { source as sourceTable } from '../../project/tables/source.ts';
import { csv } from '../../sources/csv/csv.ts';
import { artifactPath, joinPaths } from '../../tracking/artifacts/path.ts';
import { external } from '../../training/external.ts';
import { clientVersion, type Houses } from '../houses.fixture.ts';

const Row = z.object({ shop: z.string(), month: z.iso.date(), sold: z.number() });

/** A forecast whose versions clients log. @param change of it */
export function clientForecastProject(change: Partial<Forecast> = {}): Project {
  const history = sourceTable('history', csv({ from: 'sold.csv', row: Row }));
  const sales = forecast('sales', {
    rows: history,
    series: 'shop',
    time: 'month',
    value: 'sold',
    horizon: 6,
    candidates: [external()],
    evaluate: rollingOrigin({ folds: 2 }),
    metrics: ['smape', 'intervalCoverage'],
    promote: { alias: 'prod', when: lower('smape'), first: 'always' },
  });
  return defineProject('shops', { models: [{ ...sales, ...change }] });
}

/** Months of series by name. */
export async function writeSales(
  { folder }: Pick<Houses, 'folder'>,
  series: Readonly<Record<string, readonly number[]>>,
): Promise<void> {
  const lines = Object.entries(series).flatMap(([name, values]) =>
    values.map(
      (value, at) => `${name},${new Date(Date.UTC(2016, at, 1)).toISOString().slice(0, 10)},${value}`,
    ),
  );
  await writeFile(join(folder, 'sold.csv'), `shop,month,sold\n${lines.join('\n')}\n`);
}

/** What a client's model forecasts of the entry at `index`. */
export type ForecastOf = (rows: ForecastRows, index: number) => number;

/** Logs and registers a model, as a client does. */
export async function registerForecaster(houses: Houses, forecastOf: ForecastOf): Promise<void> {
  houses.python = pythonOf(forecastOf);
  const artifacts = await openFileArtifactStore(join(houses.folder, 'artifacts'));
  houses.artifacts = artifacts;
  if (!(await houses.registry.findModel('sales')))
    await houses.registry.createModel({ name: 'sales', description: '', tags: {}, at: 1 });
  const folder = `models/sales-after-${houses.launched.length}-tasks`;
  const path = joinPaths(artifactPath(folder), artifactPath('MLmodel'));
  await artifacts.put(path, Readable.from([Buffer.from(folder)]));
  const source = `mlflow-artifacts:/${folder}`;
  await houses.registry.createVersion(clientVersion({ model: 'sales', source, storage: source }));
}

function pythonOf(forecastOf: ForecastOf): Python {
  const absent = (): never => {
    throw new TypeError('only forecasters are opened');
  };
  return {
    run: absent,
    open: absent,
    openForecaster: async () => ({
      flavor: 'python_function',
      forecast: async (rows) => Float64Array.from(rows.series, (_, index) => forecastOf(rows, index)),
      async [Symbol.asyncDispose]() {},
    }),
  };
}
