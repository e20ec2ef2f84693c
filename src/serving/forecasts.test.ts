import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { openLookups } from '../features/lookup.ts';
import { defineProject } from '../project/define.ts';
import { forecast, type Forecast } from '../project/models/forecast.ts';
import {
  blend,
  ets,
  type Forecaster,
  mstl,
  rollingOrigin,
  seasonalNaive,
  theta,
  treesOnLags,
} from '../project/models/forecaster.ts';
import type { ForecastStep } from '../project/models/prediction.ts';
import type { Project } from '../project/project.ts';
import { lower } from '../project/models/promotion.ts';
import { source } from '../project/tables/source.ts';
import { formatVerdict } from '../registry/format-verdict.ts';
import { metricFormat } from '../registry/format-metric.ts';
import { openVersion, type ServedVersion } from './version.ts';
import { predictRows } from './predict.ts';
import { csv } from '../sources/csv/csv.ts';
import { boostedTrees } from '../training/boosted-trees/trainer.ts';
import { asPipelineVersion } from '../registry/model.ts';
import { type Houses, openHouses } from '../lifecycle/houses.fixture.ts';

const Row = z.object({ shop: z.string(), month: z.iso.date(), sold: z.number().meta({ unit: 'EUR' }) });

function project(candidates: readonly Forecaster[], change: Partial<Forecast> = {}): Project {
  const history = source('history', csv({ from: 'houses.csv', row: Row }));
  const sales = forecast('sales', {
    rows: history,
    series: 'shop',
    time: 'month',
    value: 'sold',
    horizon: 6,
    candidates,
    evaluate: rollingOrigin({ folds: 2 }),
    metrics: ['smape', 'mase', 'intervalCoverage'],
    promote: { alias: 'prod', when: lower('smape') },
  });
  return defineProject('shops', { models: [{ ...sales, ...change }] });
}

/** Shops that grow, each with a season. @param leave drops rows @param shops how many */
function shopsCsv({ shops = 5, months = 60, leave = (_at: number): boolean => false } = {}): string {
  const lines = Array.from({ length: shops }, (_, shop) =>
    Array.from({ length: months }, (_unused, at) => {
      const noise = ((shop * 7919 + at * 104_729) % 101) / 101 - 0.5;
      const value = (100 + 40 * shop + 3 * at) * (1 + 0.3 * Math.sin((Math.PI * at) / 6)) + 6 * noise;
      const month = new Date(Date.UTC(2019, at, 1)).toISOString().slice(0, 10);
      return leave(at) ? [] : [`shop${shop},${month},${value.toFixed(2)}`];
    }).flat(),
  );
  return `shop,month,sold\n${lines.flat().join('\n')}\n`;
}

async function verdictsOf({ registry }: Houses, version: number): Promise<string[]> {
  const verdicts = await registry.listVerdicts('sales', [version]);
  return verdicts.map((verdict) => formatVerdict(verdict, metricFormat()));
}

async function open({ registry, blobs, loadCode }: Houses, number: number): Promise<ServedVersion> {
  const version = asPipelineVersion(await registry.findVersion({ model: 'sales', version: number }));
  if (!version) throw new Error(`No version ${number}`);
  const loaded = await openVersion(version, { blobs, loadCode });
  return { ...loaded, online: { tables: [], lookups: openLookups([], new Map()) } };
}

test('a version goes live only when sMAPE falls on the same origins', async () => {
  await using shops = await openHouses({ text: shopsCsv() });
  const first = await shops.run(project([theta()]));
  expect(first.failures).toEqual([]);
  expect(await verdictsOf(shops, 1)).toEqual([
    expect.stringMatching(
      /^promoted: the first version; sMAPE is .* lower than repeating the last season on 60 test rows$/,
    ),
  ]);
  await shops.run(project([seasonalNaive()]));
  expect(await verdictsOf(shops, 2)).toEqual([
    expect.stringMatching(/^held: sMAPE is .* higher than version 1/),
  ]);
  expect(await shops.registry.aliases('sales')).toEqual({ prod: 1 });
  const third = await shops.run(project([seasonalNaive(), ets()]));
  expect(third.failures).toEqual([]);
  expect(third.states.get('sales.backtest')?.facts).toMatchObject({ chosen: 'ets' });
  expect(await verdictsOf(shops, 3)).toEqual([
    expect.stringMatching(/^promoted: sMAPE is .* lower than version 1 on the same 60 rows/),
  ]);
});

test('an unchanged project forecasts nothing again', async () => {
  await using shops = await openHouses({ text: shopsCsv() });
  await shops.run(project([theta(), seasonalNaive()]));
  const { length } = shops.launched;
  const again = await shops.run(project([theta(), seasonalNaive()]));
  expect(again.runId).toBeUndefined();
  expect(shops.launched.slice(length).map(({ task }) => task)).toEqual(['history.fetch']);
});

test('the choice is made before the tested values: they do not change it', async () => {
  const scores = async (text: string): Promise<unknown> => {
    await using shops = await openHouses({ text });
    const { states } = await shops.run(project([seasonalNaive(), theta()]));
    const { candidates, chosenOn } = states.get('sales.backtest')?.facts ?? {};
    expect(chosenOn).toBe('earlier');
    return candidates;
  };
  const text = shopsCsv();
  // The last two horizons of each series are 2023.
  const changed = text.replaceAll(/(,2023-\d\d-01,)[\d.]+/g, '$1999');
  expect(changed).not.toBe(text);
  expect(await scores(changed)).toEqual(await scores(text));
});

test('a version forecasts series by name and the history of others, and refuses what it cannot', async () => {
  await using shops = await openHouses({ text: shopsCsv() });
  const trees = treesOnLags({ lags: 12, trees: boostedTrees({ trees: 20, minLeafRows: 5 }) });
  await shops.run(project([blend([theta(), trees])]));
  const version = await open(shops, 1);
  expect(version.manifest.trainedOn).toEqual({ rows: 300, groups: 5, from: '2019-01-01', to: '2023-12-01' });
  const pointsOf = async (request: object): Promise<readonly { time?: unknown; value: number }[]> => {
    const [row] = await predictRows([{ request }], version, 0);
    return row?.prediction.kind === 'forecast' ? row.prediction.horizon : [];
  };
  const [january, ...others] = await pointsOf({ series: 'shop1' });
  expect(others).toHaveLength(5);
  expect(january).toMatchObject({ step: 1, time: '2024-01-01', interval: { level: 0.8 } });
  expect(await pointsOf({ series: 'shop1', horizon: 2 })).toHaveLength(2);
  const history = shopsCsv()
    .split('\n')
    .filter((line) => line.startsWith('shop1'))
    .map((line) => line.split(','))
    .map(([, time, value]) => ({ time, value: Number(value) }));
  const [same] = await pointsOf({ history });
  expect(same?.value).toBeCloseTo(january?.value ?? 0, 6);
  await expect(pointsOf({ series: 'shop11' })).rejects.toThrow(/did you mean shop1/);
  await expect(pointsOf({})).rejects.toThrow(/either .*series.* or .*history/);
  await expect(pointsOf({ series: 'shop1', history })).rejects.toThrow(/either/);
  await expect(pointsOf({ series: 'shop1', horizon: 7 })).rejects.toThrow(/horizon must be .* 1 to 6/);
  await expect(pointsOf({ history: history.slice(0, 5) })).rejects.toThrow(/too few .* send 25/);
  await expect(pointsOf({ history: [...history, history[0]] })).rejects.toThrow(/two values for 2019-01-01/);
  const days = [1, 2, 3].map((day) => ({ time: `2024-01-0${day}`, value: day }));
  await expect(pointsOf({ history: days })).rejects.toThrow(/values each month/);
});

test('gaps are filled and reported; too many, too short and unknown options are errors that name the series', async () => {
  await using shops = await openHouses({ text: shopsCsv({ leave: (at) => at === 30 }) });
  const { states } = await shops.run(project([theta()]));
  expect(states.get('sales.backtest')?.facts).toMatchObject({ filled: 5, series: 5, values: 300 });
  await writeFile(join(shops.folder, 'houses.csv'), shopsCsv({ months: 20 }));
  const short = await shops.run(project([theta()]));
  expect(short.failures[0]?.error.message).toMatch(/needs 31 values.*two seasons of 12.*"shop0"/);
  await expect(shops.run(project([treesOnLags({ lags: 1 })]))).rejects.toThrow(
    /candidates\[0\]: trees-on-lags: lags/,
  );
});

/** Rows of one more shop. */
const shopRows = (shop: string, values: readonly number[]): string =>
  values
    .map((value, at) => `${shop},${new Date(Date.UTC(2019, at, 1)).toISOString().slice(0, 10)},${value}\n`)
    .join('');
const repeated = (length: number, of: (at: number) => number): number[] =>
  Array.from({ length }, (_, at) => of(at));

test('constant, short and negative series are forecast beside others, and the run says how', async () => {
  const odd =
    shopRows(
      'same',
      repeated(60, () => 7),
    ) +
    shopRows(
      'new',
      repeated(10, (at) => 20 + at),
    ) +
    shopRows(
      'debts',
      repeated(60, (at) => 5 * Math.sin((Math.PI * at) / 6) - 1),
    );
  await using shops = await openHouses({ text: shopsCsv() + odd });
  const { failures, states } = await shops.run(
    project([blend([theta({ dynamic: true, log: 'median' }), mstl({ log: true })])]),
  );
  expect(failures).toEqual([]);
  expect(states.get('sales.backtest')?.facts).toMatchObject({
    untested: 1,
    candidates: [{ fallbacks: { 'not-positive': 1 } }],
  });
  const version = await open(shops, 1);
  const pointsOf = async (series: string): Promise<readonly ForecastStep[]> => {
    const [row] = await predictRows([{ request: { series } }], version, 0);
    return row?.prediction.kind === 'forecast' ? row.prediction.horizon : [];
  };
  for (const { value, interval } of await pointsOf('same'))
    expect(
      [value, interval?.low ?? Number.NaN, interval?.high ?? Number.NaN].map(
        (each) => Math.round(each * 1e6) / 1e6,
      ),
    ).toEqual([7, 7, 7]);
  const debts = await pointsOf('debts');
  expect(debts.some(({ value }) => value < 0)).toBe(true);
  expect(debts.every(({ value }) => Math.abs(value) < 12)).toBe(true);
  const next = await pointsOf('new');
  expect(next.map(({ time }) => time).slice(0, 2)).toEqual(['2019-11-01', '2019-12-01']);
  expect(
    next.every(({ value, interval }) => value > 15 && value < 40 && (interval?.high ?? 0) >= value),
  ).toBe(true);
});

test('series that never change have a version, and no error is a silent zero', async () => {
  const flat = ['a', 'b'].map((shop) =>
    shopRows(
      shop,
      repeated(60, () => 7),
    ),
  );
  await using shops = await openHouses({ text: `shop,month,sold\n${flat.join('')}` });
  const { failures } = await shops.run(project([ets(), theta()]));
  expect(failures).toEqual([]);
  const version = asPipelineVersion(await shops.registry.findVersion({ model: 'sales', version: 1 }));
  expect(version?.metrics['smape']).toBeCloseTo(0, 9);
  expect(version?.metrics['mase'] ?? Number.NaN).toBeNaN();
  expect(await verdictsOf(shops, 1)).toEqual([expect.stringMatching(/^held: .*repeating the last season/)]);
});

test('two values for one month are an error that names the series and the month', async () => {
  await using shops = await openHouses({ text: `${shopsCsv()}shop3,2020-05-01,4\n` });
  const { failures } = await shops.run(project([theta()]));
  expect(failures.map(({ error }) => error.message)).toEqual([
    expect.stringMatching(/"shop3".*two values for 2020-05-01/),
  ]);
  expect(await shops.registry.findVersion({ model: 'sales', version: 1 })).toBeUndefined();
});
