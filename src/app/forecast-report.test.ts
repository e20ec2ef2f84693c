import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { ForecastReportView } from '../api/report-views.ts';
import { defineProject } from '../project/define.ts';
import { forecast } from '../project/models/forecast.ts';
import { type Forecaster, rollingOrigin, seasonalNaive, theta } from '../project/models/forecaster.ts';
import { lower } from '../project/models/promotion.ts';
import type { Project } from '../project/project.ts';
import {
  clientForecastProject,
  registerForecaster,
  writeSales,
} from '../lifecycle/forecasting/client-forecasts.fixture.ts';
import { source } from '../project/tables/source.ts';
import { csv } from '../sources/csv/csv.ts';
import { type HousesApp, openHousesApp } from './houses-app.fixture.ts';

const Row = z.object({ shop: z.string(), month: z.iso.date(), sold: z.number().meta({ unit: 'EUR' }) });

function shopsProject(candidate: Forecaster): Project {
  const history = source('history', csv({ from: 'houses.csv', row: Row }));
  const sales = forecast('sales', {
    rows: history,
    series: 'shop',
    time: 'month',
    value: 'sold',
    horizon: 6,
    candidates: [candidate],
    evaluate: rollingOrigin({ folds: 2 }),
    metrics: ['smape', 'mae'],
    baselines: { lastYear: seasonalNaive() },
    promote: { alias: 'prod', when: lower('smape'), beats: ['lastYear'], first: 'always' },
  });
  return defineProject('shops', { models: [sales] });
}

/** Shops that grow, each with a season; the last half year of `shop2` is another than its history promised. */
function shopsCsv(months = 60): string {
  const lines = Array.from({ length: 4 }, (_, shop) =>
    Array.from({ length: months }, (_unused, at) => {
      const grown = (100 + 40 * shop + 3 * at) * (1 + 0.3 * Math.sin((Math.PI * at) / 6));
      const value = shop === 2 && at >= months - 6 ? grown * 3 : grown;
      return `shop${shop},${new Date(Date.UTC(2019, at, 1)).toISOString().slice(0, 10)},${value.toFixed(2)}`;
    }),
  );
  return `shop,month,sold\n${lines.flat().join('\n')}\n`;
}

async function reportAfterRun(host: HousesApp): Promise<ForecastReportView> {
  const { run } = await host.run({ project: 'shops' });
  const { models } = await host.app.getRunReport({ run: run?.id ?? '' });
  expect(models).toHaveLength(1);
  expect(models[0]).toMatchObject({ model: 'sales', report: null, learning: null, absent: [] });
  return models[0]?.forecast as ForecastReportView;
}

test('a forecast has a report by step, by origin and by series, with its worst forecasts', async () => {
  await using host = await openHousesApp(shopsProject(theta()));
  await writeFile(join(host.houses.folder, 'houses.csv'), shopsCsv());
  const report = await reportAfterRun(host);
  expect(report).toMatchObject({
    unit: 'EUR',
    rows: 4 * 2 * 6,
    series: 4,
    version: 1,
    champion: null,
    constant: 'seasonal-naive',
    baselines: [{ name: 'lastYear', title: 'Last year' }],
    metric: { name: 'smape', title: 'sMAPE' },
    coverage: { level: 0.8 },
  });
  expect(report.metrics.map(({ name }) => name)).toEqual(['smape', 'mae']);
  const [smape] = report.metrics;
  expect(smape?.baselines, 'the last season by another name').toEqual([smape?.constant]);
  expect(report.byStep.map(({ step, rows }) => [step, rows])).toEqual(
    [1, 2, 3, 4, 5, 6].map((step) => [step, 8]),
  );
  expect(report.coverage.byStep).toHaveLength(6);
  for (const { value } of report.coverage.byStep) expect(value).toBeLessThanOrEqual(7 / 8);
  expect(report.byOrigin.map(({ from, to, rows }) => [from, to, rows])).toEqual([
    ['2023-01-01', '2023-06-01', 24],
    ['2023-07-01', '2023-12-01', 24],
  ]);
  expect(Number(report.byOrigin[1]?.value)).toBeGreaterThan(Number(report.byOrigin[0]?.value));
  expect(report.worstSeries.map(({ name }) => name)[0]).toBe('shop2');
  expect(report.worstSeries).toHaveLength(4);
  const [worst] = report.worst;
  expect(worst).toMatchObject({ series: 'shop2', steps: { 0: { time: '2023-07-01' }, length: 6 } });
  expect(worst?.history.at(-1)).toMatchObject({ time: '2023-06-01' });
  const [step] = worst?.steps ?? [];
  expect(Number(step?.truth)).toBeGreaterThan(2 * Number(step?.predicted));
});

test('a later forecast is beside the live one, from the same origins', async () => {
  await using host = await openHousesApp(shopsProject(theta()));
  await writeFile(join(host.houses.folder, 'houses.csv'), shopsCsv());
  const first = await reportAfterRun(host);
  await host.host(shopsProject(seasonalNaive()));
  const second = await reportAfterRun(host);
  expect(second).toMatchObject({ version: 2, champion: { version: 1 } });
  expect(second.metrics.map(({ champion }) => champion)).toEqual(first.metrics.map(({ value }) => value));
  const championsOf = (parts: readonly { readonly champion: number | null }[]): readonly (number | null)[] =>
    parts.map(({ champion }) => champion);
  const valuesOf = (parts: readonly { readonly value: number | null }[]): readonly (number | null)[] =>
    parts.map(({ value }) => value);
  expect(championsOf(second.byStep)).toEqual(valuesOf(first.byStep));
  expect(championsOf(second.byOrigin)).toEqual(valuesOf(first.byOrigin));
  expect(championsOf(second.coverage.byStep)).toEqual(valuesOf(first.coverage.byStep));
  const before = new Map(first.worstSeries.map(({ name, value }) => [name, value]));
  expect(championsOf(second.worstSeries)).toEqual(second.worstSeries.map(({ name }) => before.get(name)));
});

test('a forecast that a client logged has the report that its gate measured', async () => {
  const project = clientForecastProject();
  await using host = await openHousesApp(project);
  const values = Array.from({ length: 60 }, (_, at) => 100 + 3 * at + 20 * Math.sin((Math.PI * at) / 6));
  await writeSales(host.houses, { one: values, two: values.map((value) => 2 * value) });
  await registerForecaster(host.houses, ({ positions }, index) => 100 + 3 * (positions[index] ?? 0));
  await host.host(project);
  const report = await reportAfterRun(host);
  expect(report).toMatchObject({ rows: 2 * 6, series: 2, version: 1, champion: null });
  expect(report.byStep.every(({ value }) => Number(value) > 0)).toBe(true);
  expect(report.coverage.byStep.map(({ value }) => value)).toEqual(Array(6).fill(null));
});

test('the same method goes live again when it continues newer values', async () => {
  await using host = await openHousesApp(shopsProject(theta()));
  const file = join(host.houses.folder, 'houses.csv');
  const versions: unknown[] = [];
  for (const months of [60, 62, 61]) {
    await writeFile(file, shopsCsv(months));
    await host.run({ project: 'shops' });
    versions.push((await host.houses.registry.aliases('sales'))['prod']);
  }
  expect(versions).toEqual([1, 2, 2]);
  const [newer] = await host.houses.registry.listVerdicts('sales', [2]);
  expect(newer).toMatchObject({ decision: { because: 'newer-values', until: '2024-02-01' } });
});
