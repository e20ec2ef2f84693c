import { expect, test } from 'vitest';
import { z } from 'zod';
import { openHousesApp } from './houses-app.fixture.ts';
import { readDataset } from '../data/dataset.ts';
import type { RunId } from '../kernel/ids.ts';
import { models } from '../pipeline/declared-kinds.ts';
import { countOf, measurement } from '../pipeline/facts.ts';
import { taskOperation } from '../pipeline/operation.ts';
import type { Model } from '../project/models/model.ts';
import { housesProject, runsNestedIn } from '../lifecycle/houses.fixture.ts';
import { operations } from '../lifecycle/operations/all.ts';
import { train } from '../lifecycle/operations/train.ts';
import { readPlanSnapshot } from '../lifecycle/recording/plan-snapshot.ts';

/** A kind of task that this build does not have: it weighs the files of a trained model. */
const weigh = taskOperation({
  name: 'weigh',
  description: 'Weighs the files of the model.',
  declared: models,
  inputs: { model: 'files' },
  outputs: { weight: { kind: 'value' } },
  params: z.object({ unit: z.enum(['bytes']) }),
  facts: z.object({ files: z.number(), bytes: z.number(), density: measurement }),
  process: 'own',
  async plan(model: Model, { from }) {
    return { inputs: { model: from(train, 'model') }, params: { unit: 'bytes' as const } };
  },
  async run(context) {
    const model = await context.input('model');
    const files = model.kind === 'files' ? model.files : [];
    const bytes = files.reduce((sum, { size }) => sum + size, 0);
    const value = { [context.params.unit]: bytes };
    return {
      outputs: { weight: { kind: 'value', value } },
      facts: { files: files.length, bytes, density: Number.NaN },
    };
  },
  summary: ({ files, bytes }) => `${countOf(files, 'file')} of ${bytes} B`,
  records: ({ bytes, density }) => ({
    params: { weighedIn: 'bytes', scale: { unit: 'B', steps: [1, 2] } },
    metrics: { bytes, density },
    tags: { weighed: 'yes' },
    datasets: ['weight'],
  }),
});

const withWeigh = [...operations, weigh];

test('a kind of task that one object declares is planned, run, recorded, summarised and displayed', async () => {
  await using opened = await openHousesApp(housesProject(), withWeigh);
  const { app, houses } = opened;
  const outcome = await opened.run({ project: 'houses' });

  const spec = houses.launched.find(({ operation }) => operation === 'weigh');
  expect(spec).toMatchObject({ task: 'house-price.weigh', params: { unit: 'bytes' }, code: {} });
  const expected = {
    task: 'house-price.weigh',
    label: 'weigh',
    operation: 'weigh',
    description: 'Weighs the files of the model.',
    declared: { kind: 'model', name: 'house-price' },
    needs: ['house-price.train'],
    status: 'done',
    summary: expect.stringMatching(/^\d+ files of \d+ B$/),
  };
  expect(
    outcome.tasks.find(({ operation }) => operation === 'weigh'),
    'in the graph',
  ).toMatchObject(expected);
  const run = await app.getRun({ run: outcome.run?.id ?? '' });
  expect(run.tasks.at(-1), 'in the run, as it was stored').toMatchObject(expected);

  const [training] = await runsNestedIn(houses, outcome.run?.id as RunId);
  expect(training).toMatchObject({
    params: { weighedIn: 'bytes', scale: '{"steps":[1,2],"unit":"B"}' },
    metrics: { bytes: expect.any(Number), density: Number.NaN, mae: expect.any(Number) },
    tags: { weighed: 'yes', 'modelyard.model': 'house-price' },
  });
  const weight = (training && (await houses.tracking.tasks.listDatasets(training.id)))?.find(
    ({ name }) => name === 'weight',
  );
  expect(weight).toMatchObject({ direction: 'output', task: 'house-price.weigh' });
  expect(weight && (await readDataset(weight.digest, houses.blobs))).toMatchObject({
    value: { bytes: training?.metrics['bytes'] },
  });

  const again = await opened.run({ project: 'houses' });
  expect(again.run, 'nothing changed').toBeNull();
  expect(again.tasks.find(({ operation }) => operation === 'weigh')).toMatchObject({
    status: 'hit',
    summary: expected.summary,
  });
});

test('a run stores its plan, and shows tasks whose operation this build does not have', async () => {
  await using opened = await openHousesApp(housesProject(), withWeigh);
  const { houses } = opened;
  const { run } = await opened.run({ project: 'houses' });
  const stored = await houses.tracking.runs.get(run?.id ?? '');
  const plan = stored?.info.plan && (await readPlanSnapshot(stored.info.plan, houses.blobs));
  expect(plan).toEqual({ project: 'houses', tasks: opened.project().plan.tasks });
  expect(plan?.tasks.at(-1)).toMatchObject({
    operation: 'weigh',
    inputs: { model: { task: 'house-price.train' } },
  });

  await using later = await openHousesApp(housesProject());
  const { run: ours } = await later.run({ project: 'houses' });
  const id = ours?.id as RunId;
  const [first] = await later.houses.tracking.tasks.listTasks(id);
  if (first)
    await later.houses.tracking.tasks.saveTasks(id, [{ ...first, operation: 'weigh', facts: { files: 1 } }]);
  const view = (await later.app.getRun({ run: id })).tasks[0];
  expect(view).toMatchObject({ operation: 'weigh', label: 'weigh', description: null, summary: null });
});
