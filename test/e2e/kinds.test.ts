import { expect, test } from 'vitest';
import type { ExplainView, PredictionView } from '../../src/api/views.ts';
import { modelyard } from './product.ts';
import { visitsProject } from './visits.ts';

const bounds = expect.closeTo(1, 9);

async function json<Value>(args: readonly string[], folder: string): Promise<Value> {
  const { code, out, err } = await modelyard([...args, '--project', folder, '--json']);
  expect({ code, err }).toMatchObject({ code: 0 });
  return JSON.parse(out) as Value;
}

type ClassView = Extract<PredictionView, { readonly kind: 'class' }>;

test('yes or no, a class and a transformed number are trained, promoted, predicted and explained', async () => {
  await using folder = await visitsProject();
  const ran = await modelyard(['run', '--project', folder.path]);
  expect(ran).toMatchObject({ code: 0 });
  for (const model of ['bought', 'plan', 'spent'])
    expect(ran.out + ran.err).toContain(`${model} version 1 promoted`);

  const request = '{"pages":28,"minutes":80}';
  const bought = await json<ClassView>(['predict', 'bought', request, '--explain'], folder.path);
  expect(bought).toMatchObject({ kind: 'class', prediction: true, version: 1, unit: null });
  expect(bought.probability).toBeGreaterThan(0.8);
  expect(bought.probabilities['true']).toBe(bought.probability);
  expect((bought.probabilities['false'] ?? 0) + bought.probability).toEqual(bounds);
  const { explanation } = bought;
  expect(explanation).toMatchObject({ scale: 'probability', of: 'true' });
  const explained = (explanation?.contributions ?? []).reduce(
    (sum, { contribution }) => sum + contribution,
    explanation?.baseline ?? 0,
  );
  expect(explained, 'the contributions sum to the probability').toBeCloseTo(bought.probability, 6);

  const plans = await json<readonly ClassView[]>(
    ['predict', 'plan', `[${request},{"pages":1,"minutes":2}]`],
    folder.path,
  );
  expect(plans.map(({ prediction }) => prediction)).toEqual(['business', 'free']);
  for (const { probabilities } of plans) {
    expect(Object.keys(probabilities)).toEqual(['free', 'team', 'business']);
    expect(Object.values(probabilities).reduce((sum, one) => sum + one, 0)).toEqual(bounds);
  }

  const spent = await json<PredictionView>(['predict', 'spent', '{"pages":10,"minutes":60}'], folder.path);
  expect(spent).toMatchObject({ kind: 'number', unit: 'EUR', interval: { level: 0.8 } });
  expect(Number(spent.prediction), 'EUR 3.5 a minute').toBeGreaterThan(180);
  expect(Number(spent.prediction)).toBeLessThan(240);

  const traced = await json<ExplainView>(['explain', bought.predictionId], folder.path);
  expect(traced.prediction).toMatchObject({
    prediction: true,
    probability: bought.probability,
    explanation: { scale: 'probability', of: 'true' },
  });
  expect(traced.rawFiles).toMatchObject([{ source: 'visits', name: 'visits.csv' }]);

  const printed = await modelyard(['predict', 'plan', '{"pages":1,"minutes":2}', '--project', folder.path]);
  expect(printed.out).toMatch(/^free, probability >?\d+% \(/);
});
