import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ModelReportView } from '../api/report-views.ts';
import { gate } from '../lifecycle/operations/gate.ts';
import { housesProject } from '../lifecycle/houses.fixture.ts';
import { visitsCsv, visitsProject } from '../lifecycle/kinds.fixture.ts';
import type { Project } from '../project/project.ts';
import { lower } from '../project/models/promotion.ts';
import { linear } from '../training/linear/linear.ts';
import { boostedTrees } from '../training/boosted-trees/trainer.ts';
import { type HousesApp, openHousesApp } from './houses-app.fixture.ts';

const withTrees = (trees: number, testShare = 0.2): Project =>
  housesProject({
    trainer: boostedTrees({ trees, depth: 3, minLeafRows: 5 }),
    split: { by: 'sold', group: 'id', test: testShare },
  });

async function reportAfterRun(host: HousesApp, project = 'houses'): Promise<ModelReportView> {
  const { run } = await host.run({ project });
  const { models } = await host.app.getRunReport({ run: run?.id ?? '' });
  expect(models).toHaveLength(1);
  return models[0] as ModelReportView;
}

test('the first version has a report beside the best constant, with its learning curve and importances', async () => {
  await using host = await openHousesApp(withTrees(40));
  const { model, report, learning } = await reportAfterRun(host);
  expect(model).toBe('house-price');
  expect(report).toMatchObject({
    rows: 40,
    unit: 'EUR',
    version: 1,
    champion: null,
    constant: 'median',
    metric: { name: 'mae', title: 'MAE', unit: 'EUR' },
    reliability: [],
  });
  const [mae] = report?.metrics ?? [];
  expect(mae?.champion).toBeNull();
  expect(Number(mae?.value)).toBeLessThan(Number(mae?.constant));
  expect(report?.segments.map(({ title }) => title)).toContain('Size');
  expect(report?.worst).toHaveLength(20);
  expect(report?.scatter).toHaveLength(40);
  expect([report?.cutoffs, report?.confusion]).toEqual([null, null]);
  // The order of the request, then the time.
  expect(report?.worst[0]?.values).toMatchObject([
    { name: 'size', title: 'Size', form: 'amount', value: expect.any(Number) },
    { name: 'garden', title: 'Garden', value: expect.any(Boolean) },
    { name: 'sold' },
  ]);
  const gardens = report?.segments.find(({ column }) => column === 'garden')?.groups ?? [];
  expect(gardens.map(({ name }) => name).toSorted()).toEqual(['no', 'yes']);
  const further = report?.segmentMetrics.map(({ name }) => name) ?? [];
  expect(further, 'without the metric that has its own columns').toEqual(['intervalCoverage', 'r2']);
  for (const group of gardens) expect(group.further).toEqual(further.map(() => expect.any(Number)));
  expect(learning?.points).toHaveLength(40);
  expect(learning).toMatchObject({ loss: 'RMSE', rounds: 'trees', points: { 0: { round: 1 } } });
});

test('a later version is beside the live one, both on the rows that neither learned from', async () => {
  await using host = await openHousesApp(withTrees(2));
  const first = await reportAfterRun(host);
  await host.host(withTrees(40));
  const second = await reportAfterRun(host);
  expect(second.report).toMatchObject({ rows: 40, version: 2, champion: { version: 1 } });
  expect(second.report?.metrics[0]?.champion, 'the same rows').toBe(first.report?.metrics[0]?.value);
  expect(second.report?.residuals?.champion).toEqual(first.report?.residuals?.version);
  const [segment] = second.report?.segments ?? [];
  const same = first.report?.segments.find(({ column }) => column === segment?.column);
  expect(segment?.groups.map(({ champion }) => champion)).toEqual(same?.groups.map(({ value }) => value));
  expect(second.report?.importances?.features[0], 'of 40 rows are too few').toBeUndefined();

  await host.host(withTrees(39, 0.4));
  const third = await reportAfterRun(host);
  expect(third.report, 'without the 40 rows that version 2 learned from').toMatchObject({
    rows: 40,
    champion: { version: 2 },
  });
});

test('importances are of the fields that a caller sends, whatever features are computed from them', async () => {
  await using host = await openHousesApp(withTrees(40, 0.5));
  const { report } = await reportAfterRun(host);
  const [most, ...others] = report?.importances?.features ?? [];
  expect(most?.title).toBe('Size');
  for (const { increase } of others) expect(increase).toBeLessThan(Number(most?.increase) / 2);
});

test.for([
  { kind: 'boolean', classes: ['true'] },
  { kind: 'class', classes: ['business', 'free', 'team'] },
] as const)('a $kind has a reliability plot of each class', async ({ kind, classes }) => {
  await using host = await openHousesApp(visitsProject(kind));
  await writeFile(join(host.houses.folder, 'houses.csv'), visitsCsv(400));
  const { report, learning } = await reportAfterRun(host, 'shop');
  expect(report).toMatchObject({ target: { kind }, constant: 'shares', unit: null, residuals: null });
  expect(report?.reliability.map((of) => of.class).toSorted()).toEqual(classes);
  const rows = Number(report?.rows);
  const counted = [
    report?.cutoffs?.version.called[0],
    report?.confusion?.counts.flat().reduce((sum, count) => sum + count),
  ];
  expect(counted).toEqual(kind === 'boolean' ? [rows, undefined] : [undefined, rows]);
  const { falseAlarms, found } = report?.roc?.version?.at(-1) ?? {};
  expect([falseAlarms, found]).toEqual(kind === 'boolean' ? [1, 1] : [undefined, undefined]);
  expect(learning?.loss).toBe('log loss');
});

test('a run whose report cannot be read says so, and one that did not evaluate has none', async () => {
  await using host = await openHousesApp(withTrees(2));
  const { run } = await host.run({ project: 'houses' });
  const { tracking } = host.houses;
  const id = (run?.id ?? '') as Parameters<typeof tracking.tasks.listTasks>[0];
  const tasks = await tracking.tasks.listTasks(id);
  const without = tasks.map((task) => ({
    ...task,
    outputs: {},
    // As a release without reports stored them.
    facts: task.operation === gate.name ? { version: 1, verdict: 1 } : task.facts,
  }));
  await tracking.tasks.saveTasks(id, without);
  expect(await host.app.getRunReport({ run: id })).toEqual({
    models: [{ model: 'house-price', report: null, forecast: null, learning: null, absent: [] }],
  });
  await tracking.tasks.saveTasks(
    id,
    without.map((task) => ({ ...task, status: 'failed' as const })),
  );
  expect(await host.app.getRunReport({ run: id })).toEqual({ models: [] });
  await expect(host.app.getRunReport({ run: 'nothing' })).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
});

test('a version that was trained elsewhere has the report that its gate measured', async () => {
  await using host = await openHousesApp(withTrees(2));
  const { run } = await host.run({ project: 'houses' });
  const { tracking } = host.houses;
  const id = (run?.id ?? '') as Parameters<typeof tracking.tasks.listTasks>[0];
  const tasks = await tracking.tasks.listTasks(id);
  const report = tasks.find(({ operation }) => operation === 'evaluate')?.outputs['report'] ?? null;
  // As a run of a model with external() leaves them: no task of the pipeline trains or measures.
  const external = tasks.map((task) => {
    if (task.operation === gate.name)
      return { ...task, facts: { version: 1, verdict: 1, reports: null, report } };
    return ['evaluate', 'train'].includes(task.operation)
      ? { ...task, status: 'skipped' as const, outputs: {} }
      : task;
  });
  await tracking.tasks.saveTasks(id, external);
  const { models } = await host.app.getRunReport({ run: id });
  expect(models).toMatchObject([
    { model: 'house-price', report: { rows: 40, version: 1 }, forecast: null, learning: null },
  ]);
  expect(models[0]?.absent[0]).toBe('No learning curve: the model was trained elsewhere.');
});

test('a report says why parts are absent, and shows the baselines that decide', async () => {
  await using host = await openHousesApp(
    housesProject({
      trainer: linear(),
      baselines: { cheap: () => 1, dear: () => 900_000 },
      promote: { alias: 'prod', when: lower('mae'), beats: ['cheap'] },
      split: { by: 'sold', group: 'id', test: 0.2 },
    }),
  );
  const { report, absent, learning } = await reportAfterRun(host);
  expect(learning).toBeNull();
  expect(absent).toEqual([
    'No learning curve: the trainer fits once, without rounds.',
    'No importances: shuffling features needs 50 test rows, and there are 40.',
  ]);
  expect(report?.baselines).toEqual([{ name: 'cheap', title: 'Cheap' }]);
  const [mae] = report?.metrics ?? [];
  expect(mae?.baselines).toHaveLength(1);
  expect(Number(mae?.baselines[0])).toBeGreaterThan(Number(mae?.value));
  const parts = [...(report?.overTime ?? []), ...(report?.segments ?? []).flatMap(({ groups }) => groups)];
  expect(parts.length).toBeGreaterThan(5);
  for (const part of parts) expect(part.baselines).toEqual([expect.any(Number)]);
});

test('a leak and a missing calibration are warnings of the run, of its task and of the model', async () => {
  const leaks = visitsCsv(600, (row, { bought }) => ({
    pages: bought === 'true' ? '30' : '2',
    // The rows that validate: the latest before the test.
    ...(row >= 380 && row < 480 && { bought: 'true', pages: '30' }),
  }));
  await using host = await openHousesApp(visitsProject('boolean'));
  await writeFile(join(host.houses.folder, 'houses.csv'), leaks);
  const { run, tasks } = await host.run({ project: 'shop' });
  const leak = expect.stringMatching(/^feature pages alone predicts the target \(AUC 1\.000\)/);
  const uncalibrated =
    'probabilities are not calibrated: every validation row has this outcome; give more rows to validate on';
  const { models } = await host.app.getRun({ run: run?.id ?? '' });
  expect(models[0]?.warnings).toEqual([uncalibrated, leak]);
  expect(tasks.find(({ operation }) => operation === 'train')?.summary).toContain(`; ${uncalibrated}`);
  expect((await host.app.getModel({ model: 'bought' })).warnings).toEqual([
    { version: 1, text: uncalibrated },
    { version: 1, text: leak },
  ]);
});
