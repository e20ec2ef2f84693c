import { expect, test } from 'vitest';
import type { PredictionView } from '../../src/api/views.ts';
import { linearHouses } from '../e2e/own-trainer/project.ts';
import { startDev } from '../e2e/product.ts';
import { runScript, whyWithoutPython, withoutPython } from './mlflow-client.ts';

interface Loaded {
  readonly predictions: readonly number[];
  readonly flavors: readonly string[];
  readonly features: readonly string[];
  readonly outputs: readonly string[];
  readonly refused: string | null;
}

const houses = Array.from({ length: 12 }, (_, at) => ({ size: 50 + 9.5 * at, garden: at % 3 === 0 }));
/** The features that the project computes for them. */
const rows = houses.map(({ size, garden }) => ({ size: size / 10, garden: Number(garden) }));

test.skipIf(withoutPython)(
  `a model of a project's own trainer loads in MLflow with the flavor that it claims, and with no other${whyWithoutPython}`,
  async () => {
    await using folder = await linearHouses();
    await using dev = await startDev(['--project', folder.path]);
    const ask = async (house: object): Promise<PredictionView> => {
      const response = await fetch(`${dev.url}/predict/house-price`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(house),
      });
      return (await response.json()) as PredictionView;
    };
    await expect.poll(async () => (await ask(houses[0] ?? {})).version, { timeout: 120_000 }).toBe(1);
    const ours = await Promise.all(houses.map(async (house) => (await ask(house)).prediction));
    const loaded = await runScript<Loaded>('./mlflow_own_trainer.py', {
      url: dev.url,
      input: { model: 'house-price', alias: 'prod', rows },
    });
    expect(loaded).toMatchObject({
      flavors: ['modelyard', 'python_function'],
      features: ['garden', 'size'],
      outputs: ['prediction'],
      refused: expect.stringContaining('xgboost'),
    });
    expect(loaded.predictions.length).toBe(12);
    for (const [index, prediction] of loaded.predictions.entries())
      expect(prediction / Number(ours[index])).toBeCloseTo(1, 5);
  },
);
