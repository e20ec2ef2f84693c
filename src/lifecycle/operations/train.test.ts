import { expect, test } from 'vitest';
import { z } from 'zod';
import type { NumberPrediction } from '../../project/models/prediction.ts';
import { defineTrainer, type TrainingRows } from '../../project/models/trainer.ts';
import { asFiles, readDataset } from '../../data/dataset.ts';
import type { DatasetFile } from '../../data/dataset.ts';
import type { Digest } from '../../kernel/digest.ts';
import { requireFacts } from '../../pipeline/operation.ts';
import { boostedTrees } from '../../training/boosted-trees/trainer.ts';
import { trialResult } from '../../training/trial.ts';
import { lower } from '../../project/models/promotion.ts';
import type { Evaluation } from '../measure/evaluation.ts';
import type { Execution } from '../execute.ts';
import { type Houses, housesCsv, housesProject, openHouses } from '../houses.fixture.ts';
import { meanTrainer } from '../mean-trainer.fixture.ts';
import { search } from './search.ts';
import { train } from './train.ts';

const factsIn = ({ states }: Execution, task: string): { readonly task: string; readonly facts: never } => ({
  task,
  facts: (states.get(task)?.facts ?? {}) as never,
});

async function modelFiles(houses: Houses, { states }: Execution): Promise<readonly DatasetFile[]> {
  const digest = states.get('house-price.train')?.outputs?.['model'] as Digest;
  const model = await readDataset(digest, houses.blobs);
  return model.kind === 'files' ? model.files.filter(({ name }) => name.endsWith('.json')) : [];
}

test('the options of the best trial are those that the model is trained with', async () => {
  await using houses = await openHouses();
  const poor = boostedTrees({ trees: 1, depth: 1, minLeafRows: 5 });
  const ran = await houses.run(
    housesProject({ trainer: poor, search: { trials: 4, space: { trees: [10, 40], depth: [3, 5] } } }),
  );
  const found = requireFacts(search, factsIn(ran, 'house-price.search'));
  const trained = requireFacts(train, factsIn(ran, 'house-price.train'));
  expect(found.best, 'not the declared options').toBeGreaterThan(0);
  // Those without effect are not recorded.
  const { quantile: _quantile, ...used } = found.options;
  expect(trained.options).toEqual(used);
  expect(trained.options).not.toMatchObject({ trees: 1, depth: 1 });

  await using alike = await openHouses();
  const declared = await alike.run(housesProject({ trainer: boostedTrees(found.options) }));
  expect(await modelFiles(houses, ran), 'as if they had been declared').toEqual(
    await modelFiles(alike, declared),
  );
});

test('the test rows are no part of what the model learns', async () => {
  const split = { by: 'sold', test: { from: '2020-06-01' } } as const;
  const [header, ...lines] = housesCsv().trimEnd().split('\n');
  const absurd = lines.map((line) => {
    const [id, sold = '', size, garden, price] = line.split(',');
    const isTest = sold >= split.test.from;
    return [id, sold, size, garden, isTest ? Number(price) * 100 + 7_777_777 : price].join(',');
  });
  expect(absurd.filter((line, row) => line !== lines[row]).length).toBe(48);
  const models = await Promise.all(
    [lines, absurd].map(async (rows) => {
      await using houses = await openHouses({ text: [header, ...rows, ''].join('\n') });
      return modelFiles(houses, await houses.run(housesProject({ split })));
    }),
  );
  expect(models[0]?.length).toBeGreaterThan(0);
  expect(models[1]).toEqual(models[0]);
});

test.each(['MLmodel', 'modelyard/version.json'])(
  'a trainer cannot write %s, which Modelyard writes itself',
  async (name) => {
    await using houses = await openHouses();
    const { failures } = await houses.run(housesProject({ trainer: meanTrainer({ files: [name] }) }));
    expect(failures).toMatchObject([
      {
        task: 'house-price.train',
        error: { code: 'USER_CODE_FAILED', detail: { field: 'files of trainer mean', value: name } },
      },
    ]);
  },
);

/** Predicts the mean of the training rows and a shift, so that averages of high and low trials are better than each. */
const shifted = defineTrainer({
  name: 'shifted',
  options: z.object({ shift: z.number().default(60_000) }),
  learns: ['number'],
  async fit({ shift }, { train: rows, validation }) {
    const value = meanOf(rows) + shift;
    return {
      files: [{ name: 'shifted.json', bytes: new TextEncoder().encode(JSON.stringify(value)) }],
      heldOut: repeated(value, validation.matrix.rows),
    };
  },
  trial: async ({ shift }, { train: rows, validation }, { target }) =>
    trialResult(target, validation, repeated(meanOf(rows) + shift, validation.matrix.rows)),
  open: async (read) => {
    const value = Number(new TextDecoder().decode(await read('shifted.json')));
    return { features: ['size', 'garden'], predict: async ({ rows }) => repeated(value, rows) };
  },
});

function meanOf({ target }: TrainingRows): number {
  return target.reduce((sum, value) => sum + value, 0) / target.length;
}

function repeated(value: number, rows: number): readonly NumberPrediction[] {
  return Array.from({ length: rows }, () => ({ kind: 'number', value }));
}

test('an ensemble of trials is trained, measured and served from one folder', async () => {
  await using houses = await openHouses();
  const ran = await houses.run(
    housesProject({
      trainer: shifted(),
      search: { trials: 6, method: 'tpe', ensemble: 3, space: { shift: [-90_000, 90_000] } },
    }),
  );
  const found = requireFacts(search, factsIn(ran, 'house-price.search'));
  expect(found.trials).toBe(6);
  expect(ran.states.get('house-price.gate')?.status).toBe('done');
  const names = (await modelFiles(houses, ran)).map(({ name }) => name);
  const count = found.ensemble?.length ?? 0;
  expect(count).toBeGreaterThanOrEqual(2);
  expect(names.filter((name) => name.endsWith('shifted.json'))).toEqual(
    Array.from({ length: count }, (_, index) => `part-${index}/shifted.json`),
  );
});

const monthly = {
  split: { by: 'sold', group: 'id', test: { from: '2020-04-01', refit: 'month' } },
  promote: { alias: 'prod', when: lower('mae'), first: 'always' },
} as const;

test('an ensemble is fitted for every period of a walk forward, and again as the live version', async () => {
  await using houses = await openHouses();
  const ran = await houses.run(
    housesProject({
      ...monthly,
      trainer: shifted(),
      search: { trials: 6, method: 'tpe', ensemble: 3, space: { shift: [-90_000, 90_000] } },
    }),
  );
  const count = requireFacts(search, factsIn(ran, 'house-price.search')).ensemble?.length ?? 0;
  expect(count).toBeGreaterThanOrEqual(2);
  const fits = ran.states.get('house-price.refit')?.outputs?.['fits'] as Digest;
  const { files } = asFiles(await readDataset(fits, houses.blobs), 'fits');
  expect(files.filter(({ name }) => name.endsWith('shifted.json')).map(({ name }) => name)).toEqual(
    [1, 2, 3].flatMap((period) =>
      Array.from({ length: count }, (_, index) => `period-${period}/part-${index}/shifted.json`),
    ),
  );
  const { outcomes } = await houses.run(housesProject(monthly));
  const first = await houses.registry.findVersion({ model: 'house-price', version: 1 });
  const champion = outcomes.get('house-price')?.verdict?.facts.champion as Pick<Evaluation, 'metrics'>;
  expect(champion.metrics['mae'], 'its own walk forward').toBeCloseTo(first?.metrics['mae'] as number);
});

test('a trainer that opens a file it did not write fails in the same way as a model and as a baseline', async () => {
  const forgetful = defineTrainer({
    ...shifted.definition,
    open: async (read) => shifted.definition.open((name) => read(`other-${name}`), []),
  });
  await using houses = await openHouses();
  const asModel = await houses.run(housesProject({ trainer: forgetful() }));
  const asBaseline = await houses.run(housesProject({ baselines: { forgetful: forgetful() } }));
  const error = {
    code: 'USER_CODE_FAILED',
    detail: {
      field: 'open of trainer shifted',
      value: 'other-shifted.json',
      remedy: '`fit` returns no such file',
    },
  };
  expect(asModel.failures).toMatchObject([{ task: 'house-price.train', error }]);
  expect(asBaseline.failures).toMatchObject([{ task: 'house-price.baselines', error }]);
});
