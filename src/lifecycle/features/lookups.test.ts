import { expect, test } from 'vitest';
import { readColumns } from '../../data/table-reader.ts';
import { asTable, readDataset } from '../../data/dataset.ts';
import { defineProject } from '../../project/define.ts';
import type { Lookup } from '../../project/tables/feature-view.ts';
import type { Features, Model } from '../../project/models/model.ts';
import { asPipelineVersion, type PipelineVersion } from '../../registry/model.ts';
import { boostedTrees } from '../../training/boosted-trees/trainer.ts';
import { type Houses, openHouses } from '../houses.fixture.ts';
import {
  meanLevels,
  type Sale,
  salesCsv,
  streetSales,
  streetsProject,
  type StreetsOptions,
} from '../streets.fixture.ts';
import { readVersionFolder } from '../version/version-folder.ts';

async function matrixOf({ results, blobs }: Houses): Promise<Readonly<Record<string, readonly unknown[]>>> {
  const digest = (await results.last('street-price.features'))?.outputs['matrix'];
  const matrix = asTable(await readDataset(digest as NonNullable<typeof digest>, blobs), 'input matrix');
  const columns = await readColumns(matrix, blobs, ['size', 'level', 'sales']);
  return Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, [...values]]));
}

async function version({ registry }: Houses, number: number): Promise<PipelineVersion> {
  const found = asPipelineVersion(await registry.findVersion({ model: 'street-price', version: number }));
  if (found) return found;
  throw new Error(`No version ${number}`);
}

/** The mean price of the street's sales before a sale's day. */
function levelBefore(sales: readonly Sale[], { street, sold }: Sale): number {
  const before = sales.filter((sale) => sale.street === street && sale.sold < sold);
  return before.reduce((sum, { price }) => sum + price, 0) / before.length;
}

test('features look strictly before the day of their row, and every row stays', async () => {
  await using houses = await openHouses({ text: salesCsv() });
  const { failures } = await houses.run(streetsProject());
  expect(failures).toEqual([]);
  const sales = streetSales();
  const matrix = await matrixOf(houses);
  expect(matrix['level']).toHaveLength(sales.length);
  for (const [row, sale] of sales.entries())
    expect(Math.fround(Number(matrix['level']?.[row]))).toBe(Math.fround(levelBefore(sales, sale)));
});

test('a view whose step looks ahead to the day of the row does not reach its features', async () => {
  await using houses = await openHouses({ text: salesCsv() });
  // Each row has the price of the very sale that it is dated with.
  const leaking: StreetsOptions['levels'] = async ({ in: { sales }, out }) => {
    const ownPrices = new Map<string, number>();
    for await (const { street, sold, price } of sales) ownPrices.set(`${street}|${sold}`, price);
    for (const [name, level] of ownPrices) {
      const [street = '', day = ''] = name.split('|');
      await out.rows.write([{ street, day, level, sales: 1 }]);
    }
  };
  const { failures } = await houses.run(streetsProject({ levels: leaking }));
  expect(failures).toEqual([]);
  const sales = streetSales();
  const levels = (await matrixOf(houses))['level'] ?? [];
  const leaks = sales.filter(({ price }, row) => levels[row] === price);
  expect(leaks).toEqual([]);
  expect(levels.filter((level) => typeof level === 'number' && !Number.isNaN(level)).length).toBeGreaterThan(
    150,
  );
});

test('initial values fill in before the first row of a key', async () => {
  await using houses = await openHouses({ text: salesCsv() });
  await houses.run(streetsProject({ initial: { level: 77, sales: 0 } }));
  const matrix = await matrixOf(houses);
  const [first] = streetSales();
  expect(first && matrix['level']?.[0]).toBe(77);
  expect(matrix['level']?.some((level) => Number.isNaN(level))).toBe(false);
});

test('a version keeps its lookups', async () => {
  await using houses = await openHouses({ text: salesCsv() });
  await houses.run(streetsProject());
  const first = await version(houses, 1);
  const { manifest } = await readVersionFolder(first.folder, houses.blobs);
  expect(manifest.lookups).toEqual([
    {
      name: 'usual',
      view: 'level',
      key: ['street'],
      on: ['street'],
      at: 'day',
      knownAt: null,
      before: 'sold',
      columns: [
        { name: 'level', type: 'number', nullable: false },
        { name: 'sales', type: 'integer', nullable: false },
      ],
      initial: null,
    },
  ]);
});

test('other values in a view, or another lookup, train again; an unchanged project does not', async () => {
  await using houses = await openHouses({ text: salesCsv() });
  const ran = async (options: StreetsOptions): Promise<readonly string[]> => {
    houses.launched.length = 0;
    const { failures } = await houses.run(streetsProject(options));
    expect(failures).toEqual([]);
    return houses.launched.map(({ task }) => task);
  };
  await ran({});
  expect(await ran({})).toEqual(['sales.fetch']);
  const doubled: StreetsOptions['levels'] = (context) => {
    const write = context.out.rows.write.bind(context.out.rows);
    const rows = { ...context.out.rows, write: async (levels: never) => write(levels) };
    return meanLevels({ ...context, out: { rows } });
  };
  expect(await ran({ levels: doubled }), 'other code with the same rows').toEqual(['sales.fetch', 'levels']);
  expect(await ran({ initial: { level: 1, sales: 1 } })).toContain('street-price.train');
});

test('the live version is measured with its own lookups', async () => {
  await using houses = await openHouses({ text: salesCsv() });
  await houses.run(streetsProject());
  const trainer = boostedTrees({ trees: 3, depth: 2, minLeafRows: 5 });
  const { outcomes, failures } = await houses.run(streetsProject({ change: { trainer } }));
  expect(failures).toEqual([]);
  const live = await version(houses, 1);
  expect(outcomes.get('street-price')?.verdict?.facts.champion).toEqual({
    version: 1,
    metrics: live.metrics,
  });
});

test('a live version that looks up what the new one does not is incomparable', async () => {
  await using houses = await openHouses({ text: salesCsv() });
  await houses.run(streetsProject());
  const features = ({ size }: { readonly size: number }): Features => ({ size });
  const { outcomes, failures } = await houses.run(streetsProject({ change: { lookups: {}, features } }));
  expect(failures).toEqual([]);
  expect(outcomes.get('street-price')?.verdict?.facts.champion).toMatchObject({
    version: 1,
    reason: expect.stringContaining('The version looks it up'),
  });
});

test('a view that lost a column of the live version makes it incomparable', async () => {
  await using houses = await openHouses({ text: salesCsv() });
  await houses.run(streetsProject());
  const bare: StreetsOptions['levels'] = (context) => {
    const rows = {
      ...context.out.rows,
      write: (levels: readonly { street: string; day: string; level: number }[]) =>
        context.out.rows.write(levels.map(({ street, day, level }) => ({ street, day, level })) as never),
    };
    return meanLevels({ ...context, out: { rows } } as never);
  };
  const { outcomes, failures } = await houses.run(streetsProject({ isBare: true, levels: bare }));
  expect(failures).toEqual([]);
  expect(outcomes.get('street-price')?.verdict?.facts.champion).toMatchObject({
    version: 1,
    reason: expect.stringContaining('table of view level, column sales: "it has no such column"'),
  });
});

test('a row without the time of its lookup is named', async () => {
  await using houses = await openHouses({ text: salesCsv() });
  const [model] = streetsProject().models;
  const usual = { ...model?.lookups['usual'], before: 'street' } as Lookup;
  const { failures } = await houses.run(
    defineProject('streets', { models: [{ ...model, lookups: { usual } } as Model] }),
  );
  expect(failures[0]?.error.message).toContain(
    'row 1, street must be a date or a time, because lookups look strictly before it',
  );
});
