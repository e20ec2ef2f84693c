import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ModelView, PredictionView } from '../../src/api/views.ts';
import { edit, writeHouses } from '../e2e/houses.ts';
import { type Dev, startDev, temporaryFolder } from '../e2e/product.ts';
import { runScript, whyWithoutPython, withoutPython } from './mlflow-client.ts';

interface ProjectResult {
  readonly predictions: readonly number[];
  readonly booster: readonly number[];
  readonly params: Readonly<Record<string, string>>;
  readonly metrics: Readonly<Record<string, number>>;
}

const houses = Array.from({ length: 40 }, (_, at) => ({ size: 41 + 3.7 * at, garden: at % 3 === 0 }));
/** The features that the project computes for them. */
const rows = houses.map(({ size, garden }) => ({ size: size / 10, garden: Number(garden) }));
const question = { model: 'house-price', alias: 'prod', experiment: 'houses', rows };

test.skipIf(withoutPython)(
  `a model predicts the same in MLflow's client as at its endpoint, and the endpoint follows the client's alias${whyWithoutPython}`,
  async () => {
    await using folder = await temporaryFolder();
    await writeHouses(folder.path);
    await using dev = await startDev(['--project', folder.path]);
    await expectServed(dev, 1);
    await expectSame(dev, { version: 1, trees: 20 });

    await edit(join(folder.path, 'modelyard.config.ts'), 'trees: 20', 'trees: 28');
    await expectServed(dev, 2);
    await expectSame(dev, { version: 2, trees: 28, moveTo: 1 });

    await expectServed(dev, 1);
    const { live, history } = await modelOf(dev);
    expect(live).toMatchObject({ version: 1, aliases: ['prod'] });
    expect(history.map(({ from, to, by }) => ({ from, to, by }))).toEqual([
      { from: 2, to: 1, by: 'a client of MLflow' },
      { from: 1, to: 2, by: 'gate' },
      { from: null, to: 1, by: 'gate' },
    ]);

    // The client may promote its copy: the same model under the next number, with its origin.
    await expectSame(dev, { version: 1, trees: 20, copy: 2 });
    await expectServed(dev, 3);
    await expectSame(dev, { version: 3, trees: 28 });
    const copied = await modelOf(dev);
    expect(copied).toMatchObject({ live: { version: 3 }, problem: null });
    const original = copied.versions.find(({ version }) => version === 2);
    expect(copied.live).toMatchObject({ folder: original?.folder, runId: original?.runId });
  },
);

interface ExpectedVersion {
  readonly version: number;
  readonly trees: number;
  /** The version to which the client finally moves the alias. */
  readonly moveTo?: number;
  /** The version that the client finally copies to move the alias to the copy. */
  readonly copy?: number;
}

async function expectSame(dev: Dev, { version, ...asked }: ExpectedVersion): Promise<void> {
  const [predictions, { live }] = await Promise.all([
    Promise.all(houses.map((house) => ask(dev, house))),
    modelOf(dev),
  ]);
  const ours = predictions.map(({ prediction }) => Math.fround(Number(prediction)));
  const input = { ...question, ...asked };
  const result = await runScript<ProjectResult>('./mlflow_project.py', { url: dev.url, input });
  expect(result).toMatchObject({
    version,
    runs: [[true, 'FINISHED']],
    parent: ['FINISHED', 'houses'],
    features: ['garden', 'size'],
    files: expect.arrayContaining([
      'MLmodel',
      'model.xgb.json',
      'modelyard/version.json',
      'requirements.txt',
    ]),
    aliases: [{ prod: version }],
  });
  expect(result.params).toMatchObject({ trees: String(asked.trees), depth: '3', minLeafRows: '5' });
  expect(live?.metrics.map(({ name, value }) => [name, value])).toEqual([
    ['mae', result.metrics['mae']],
    ['r2', result.metrics['r2']],
  ]);
  expect(new Set(ours).size).toBeGreaterThan(20);
  expect(result.booster).toEqual(ours);
  expect(result.predictions).toEqual(ours);
}

async function expectServed(dev: Dev, version: number): Promise<void> {
  await expect.poll(async () => (await ask(dev, houses[0] ?? {})).version, { timeout: 60_000 }).toBe(version);
}

async function modelOf({ url }: Dev): Promise<ModelView> {
  return (await (await fetch(`${url}/api/models/house-price`)).json()) as ModelView;
}

async function ask({ url }: Dev, house: object): Promise<PredictionView> {
  const response = await fetch(`${url}/predict/house-price`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(house),
  });
  return (await response.json()) as PredictionView;
}
