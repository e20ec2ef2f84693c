import { expect, test } from 'vitest';
import { z } from 'zod';
import { readDataset } from '../../data/dataset.ts';
import type { Digest } from '../../kernel/digest.ts';
import type { Model } from '../../project/models/model.ts';
import type { Prediction } from '../../project/models/prediction.ts';
import { defineTrainer, type TrainerType } from '../../project/models/trainer.ts';
import type { Execution } from '../execute.ts';
import { readFitSettings } from '../fit/fit-settings.ts';
import { type Houses, openHouses } from '../houses.fixture.ts';
import { perMinute, visitsCsv, visitsProject } from '../kinds.fixture.ts';
import { meanTrainer } from '../mean-trainer.fixture.ts';
import { readPredictionRule } from '../version/prediction-rule.ts';
import { type VersionPredictor, versionPredictor } from '../version/version-predictor.ts';
import { readModelFile } from '../version/version-folder.ts';

type Kind = Parameters<typeof visitsProject>[0];
const nameOf = { boolean: 'bought', class: 'plan', number: 'spent' } as const;

async function trained(
  houses: Houses,
  kind: Kind,
  change: Partial<Model> = {},
): Promise<Execution & { open(): Promise<VersionPredictor> }> {
  const project = visitsProject(kind, change);
  const ran = await houses.run(project, { target: `${nameOf[kind]}.train` });
  return {
    ...ran,
    async open() {
      const digest = ran.states.get(`${nameOf[kind]}.train`)?.outputs?.['model'] as Digest;
      const folder = await readDataset(digest, houses.blobs);
      const [declared] = project.models as [Model];
      const { definition } = declared.trainer.type as TrainerType;
      const predictor = await definition.open((name) => readModelFile(folder, name, houses.blobs));
      return versionPredictor({
        request: declared.request,
        features: declared.features as never,
        trainer: definition.name,
        predictor,
        rule: await readPredictionRule(folder, houses.blobs),
        ...(declared.transform && { inverse: declared.transform.inverse as never }),
      });
    },
  };
}

async function predicted(
  predictor: VersionPredictor,
  ...requests: readonly object[]
): Promise<readonly Prediction[]> {
  return (await predictor.predict(requests.map((request) => ({ request })))).map(
    ({ prediction }) => prediction,
  );
}

const many = { pages: 29, minutes: 88 };
const few = { pages: 1, minutes: 2 };

test.each(['sigmoid', 'isotonic', 'none'] as const)(
  'yes or no is trained on 1 and 0, and calibrated: %s',
  async (calibrate) => {
    await using houses = await openHouses({ text: visitsCsv() });
    const ran = await trained(houses, 'boolean', { calibrate });
    expect(ran.failures).toEqual([]);
    const folder = await readDataset(
      ran.states.get('bought.train')?.outputs?.['model'] as Digest,
      houses.blobs,
    );
    const rule = await readPredictionRule(folder, houses.blobs);
    expect(rule.target).toEqual({ kind: 'boolean' });
    expect(rule.calibration?.curves.map(({ method }) => method)).toEqual(
      calibrate === 'none' ? undefined : [calibrate],
    );
    const predictions = await predicted(await ran.open(), many, few);
    expect(predictions).toMatchObject([{ value: true }, { value: false }]);
    for (const prediction of predictions)
      expect((prediction as { readonly probability: number }).probability).toBeGreaterThan(0.7);
    expect(await readFitSettings(folder, houses.blobs)).toMatchObject({
      target: { kind: 'boolean' },
      calibrate,
      ordered: true,
      options: { trees: 20 },
    });
  },
);

test('a class is trained on its index in the order of the schema', async () => {
  await using houses = await openHouses({ text: visitsCsv() });
  const ran = await trained(houses, 'class');
  const predictions = await predicted(await ran.open(), many, few);
  expect(predictions).toMatchObject([{ value: 'business' }, { value: 'free' }]);
  for (const prediction of predictions) {
    const { probabilities } = prediction as Extract<Prediction, { readonly kind: 'class' }>;
    expect(Object.keys(probabilities)).toEqual(['free', 'team', 'business']);
    expect(Object.values(probabilities).reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 9);
  }
});

test('a transformed target is learned, and predictions are in the unit of the target', async () => {
  await using houses = await openHouses({ text: visitsCsv() });
  const ran = await trained(houses, 'number');
  expect(ran.failures).toEqual([]);
  const [long, short] = await predicted(
    await ran.open(),
    { pages: 10, minutes: 80 },
    { pages: 10, minutes: 8 },
  );
  // EUR 3.5 a minute, more or less half of it.
  expect(long).toMatchObject({ kind: 'number', interval: { level: 0.8 } });
  const { value, interval } = long as Extract<Prediction, { readonly kind: 'number' }>;
  expect(value).toBeGreaterThan(240);
  expect(value).toBeLessThan(320);
  expect(interval?.low).toBeLessThan(value);
  expect((short as { readonly value: number }).value).toBeLessThan(50);
});

test('an inverse that does not undo its forward is refused with the row', async () => {
  await using houses = await openHouses({ text: visitsCsv() });
  const inverse = (rate: number, { minutes }: { minutes: number }): number => (rate * minutes) / 100;
  const { failures } = await trained(houses, 'number', { transform: { ...perMinute, inverse } });
  expect(failures).toMatchObject([
    {
      task: 'spent.train',
      error: {
        code: 'USER_CODE_FAILED',
        detail: {
          field: expect.stringMatching(/^row 1, transform\.inverse of /),
          remedy: expect.stringMatching(/^must be \d+, the spent from which transform\.forward computed /),
        },
      },
    },
  ]);
});

test('a forward that is no finite number is refused with the row and the value', async () => {
  const text = visitsCsv(300, (row) => (row === 6 ? { minutes: 0, spent: '12' } : {}));
  await using houses = await openHouses({ text });
  const { failures } = await trained(houses, 'number');
  expect(failures).toMatchObject([
    { error: { detail: { field: 'row 7, transform.forward of spent 12', value: Infinity } } },
  ]);
});

test('a trainer that gives no interval gets one from rows that it had not learned from', async () => {
  await using houses = await openHouses({ text: visitsCsv() });
  const trainer = meanTrainer({ features: ['minutes', 'pages'] });
  const ran = await trained(houses, 'number', { trainer, transform: undefined });
  expect(ran.failures).toEqual([]);
  const [{ interval } = { interval: undefined }] = (await predicted(
    await ran.open(),
    many,
  )) as readonly Extract<Prediction, { readonly kind: 'number' }>[];
  expect(interval).toMatchObject({ level: 0.8 });
  expect((interval?.high ?? 0) - (interval?.low ?? 0)).toBeGreaterThan(50);
});

test.each<[Kind, Partial<Model>, unknown]>([
  ['boolean', {}, true],
  ['boolean', { search: { trials: 2, space: {} } }, true],
  ['class', {}, 'team'],
])('one class alone is refused: %s', async (kind, change, value) => {
  await using houses = await openHouses({ text: visitsCsv(60, () => ({ bought: 'true', plan: 'team' })) });
  const { failures } = await trained(houses, kind, change);
  expect(failures).toMatchObject([
    {
      error: {
        code: 'DATA_INVALID',
        detail: {
          field: 'target of the training rows',
          value,
          remedy: expect.stringContaining('same class'),
        },
      },
    },
  ]);
});

test('a class that no training row has is improbable, and is one of the classes', async () => {
  await using houses = await openHouses({
    text: visitsCsv(200, (_row, { plan }) => (plan === 'business' ? { plan: 'team' } : {})),
  });
  const ran = await trained(houses, 'class');
  expect(ran.failures).toEqual([]);
  const [prediction] = await predicted(await ran.open(), many);
  const { probabilities, value } = prediction as Extract<Prediction, { readonly kind: 'class' }>;
  expect(value).toBe('team');
  expect(probabilities['business']).toBeLessThan(0.05);
  expect(Object.values(probabilities).every(Number.isFinite)).toBe(true);
});

test('a constant number is predicted as it is', async () => {
  await using houses = await openHouses({ text: visitsCsv(60, () => ({ spent: '42' })) });
  const ran = await trained(houses, 'number', { transform: undefined });
  expect(ran.failures).toEqual([]);
  expect(await predicted(await ran.open(), many)).toMatchObject([
    { value: 42, interval: { low: 42, high: 42 } },
  ]);
});

test.each<Kind>(['boolean', 'class', 'number'])(
  'rows without a target teach nothing, and a column without values does no harm: %s',
  async (kind) => {
    const text = visitsCsv(200, (row) => ({
      pages: '',
      ...(row % 3 === 0 && { bought: '', plan: '', spent: '' }),
    }));
    await using houses = await openHouses({ text });
    const ran = await trained(houses, kind, { transform: undefined });
    expect(ran.failures).toEqual([]);
    expect(ran.states.get(`${nameOf[kind]}.split`)?.facts).toMatchObject({ withoutTarget: 67 });
    const [prediction] = await predicted(await ran.open(), { pages: null, minutes: 40 });
    expect(prediction?.kind).toBe(kind === 'number' ? 'number' : 'class');
    const { value, probability = 1 } = prediction as {
      readonly value: unknown;
      readonly probability?: number;
    };
    expect(value).toBeDefined();
    expect(probability).toBeGreaterThan(0);
  },
);

test.each<Kind>(['boolean', 'class', 'number'])('two rows are refused by the split: %s', async (kind) => {
  await using houses = await openHouses({ text: visitsCsv(2) });
  const { failures } = await trained(houses, kind);
  expect(failures).toMatchObject([{ task: `${nameOf[kind]}.split`, error: { code: 'SPLIT_REFUSED' } }]);
});

/** Does not say what it would predict without the validation rows. */
const evenOdds = defineTrainer({
  name: 'even-odds',
  options: z.object({}),
  learns: ['boolean'],
  fit: async () => ({ files: [{ name: 'odds.txt', bytes: new TextEncoder().encode('1:1') }] }),
  open: async () => ({
    features: ['minutes', 'pages'],
    predict: async ({ rows }) =>
      Array.from({ length: rows }, () => ({
        kind: 'class' as const,
        value: true,
        probability: 0.5,
        probabilities: { true: 0.5, false: 0.5 },
      })),
  }),
});

test.each<[Kind, Partial<Model>, string]>([
  [
    'boolean',
    { trainer: evenOdds() },
    'probabilities are not calibrated: the training rows are a single group',
  ],
  [
    'number',
    { transform: undefined, trainer: meanTrainer({ features: ['minutes', 'pages'] }) },
    'predictions have no interval: the training rows are a single group',
  ],
])('without rows to hold out, the run says what is missing: %s', async (kind, change, warning) => {
  // Three groups: one trains, one validates, one tests.
  const ids = visitsCsv(90)
    .split('\n')
    .map((line, row) => line.replace(/^\d+/, String(Math.ceil(row / 30))));
  await using houses = await openHouses({ text: ids.join('\n') });
  const ran = await trained(houses, kind, change);
  expect(ran.failures).toEqual([]);
  expect(ran.states.get(`${nameOf[kind]}.train`)?.facts).toMatchObject({
    warnings: [expect.stringContaining(warning)],
  });
});
