import { expect, test } from 'vitest';
import { z } from 'zod';
import { readDataset, type TableDataset } from '../data/dataset.ts';
import { changedLevels, sizeTimes, streetSales } from '../lifecycle/streets.fixture.ts';
import { measureSkew, type Skew } from './skew.ts';
import { openServedStreets, type ServedStreets } from './streets.fixture.ts';

async function tableOf({ houses }: ServedStreets, task: string, output: string): Promise<TableDataset> {
  const digest = (await houses.results.last(task))?.outputs[output];
  const table = digest && (await readDataset(digest, houses.blobs));
  if (table?.kind === 'table') return table;
  throw new Error(`no ${output}`);
}

async function skewOf(streets: ServedStreets, most?: number): Promise<Skew> {
  const served = streets.endpoint.current();
  if (!served) throw new Error('no version');
  const rows = await tableOf(streets, 'sales', 'rows');
  const matrix = await tableOf(streets, 'street-price.features', 'matrix');
  return measureSkew({ served, rows, matrix, blobs: streets.houses.blobs, most });
}

test('serving computes what training did', async () => {
  await using streets = await openServedStreets();
  await streets.run();
  const rows = streetSales().length;
  expect(await skewOf(streets)).toEqual({
    rows,
    compared: rows,
    differingRows: 0,
    differences: 0,
    first: [],
  });
  expect(await skewOf(streets, 50)).toMatchObject({ rows, compared: 50 });
});

test('finds a feature function that depends on more than its input', async () => {
  let factor = 1;
  const features = sizeTimes(() => factor);
  await using streets = await openServedStreets({ change: { features } });
  await streets.run();
  factor = 2;
  const [sale] = streetSales();
  const rows = streetSales().length;
  const skew = await skewOf(streets);
  expect(skew).toMatchObject({ compared: rows, differingRows: rows, differences: rows });
  expect(skew.first[0]).toEqual({
    row: 1,
    feature: 'size',
    trained: sale?.size,
    served: 2 * (sale?.size ?? 0),
  });
  expect(skew.first).toHaveLength(20);
});

test('finds values of a view that were corrected after training', async () => {
  await using streets = await openServedStreets();
  await streets.run();
  const corrected = changedLevels((row) =>
    row.street === 'street 1' ? { ...row, level: row.level + 1 } : row,
  );
  await streets.run({ levels: corrected, target: 'levels' });
  const { differingRows, first } = await skewOf(streets);
  const sales = streetSales();
  const [firstOfStreet] = sales.filter(({ street }) => street === 'street 1');
  const later = sales.filter(
    ({ street, sold }) => street === 'street 1' && sold > (firstOfStreet?.sold ?? ''),
  );
  expect(differingRows).toBe(later.length);
  expect(new Set(first.map(({ feature }) => feature))).toEqual(new Set(['level']));
});

test('finds a request schema that serving holds a row to, and training did not', async () => {
  await using streets = await openServedStreets();
  await streets.run();
  const served = streets.endpoint.current();
  const strict = served?.predictor.requestSchema.extend({});
  if (!served || !strict) throw new Error('no version');
  const rows = await tableOf(streets, 'sales', 'rows');
  const matrix = await tableOf(streets, 'street-price.features', 'matrix');
  const refusing = strict.refine(({ size }) => Number(size) < 100, {
    path: ['size'],
    message: 'is too large',
  });
  const skew = await measureSkew({
    served: { ...served, predictor: { ...served.predictor, requestSchema: refusing } },
    rows,
    matrix,
    blobs: streets.houses.blobs,
  });
  expect(skew.differingRows).toBe(streetSales().filter(({ size }) => size >= 100).length);
  expect(skew.first[0]).toMatchObject({ feature: null, refused: expect.stringContaining('size') });
});

test('a row that training set aside because its schema refuses it is no difference', async () => {
  const sizes = streetSales()
    .map(({ size }) => size)
    .toSorted((a, b) => a - b);
  const size = z.number().max(sizes.at(-4) ?? 0);
  const request = z.object({ street: z.string(), size, sold: z.iso.date().optional() });
  await using streets = await openServedStreets({ change: { request } });
  await streets.run();
  const { facts } = (await streets.houses.results.last('street-price.features')) ?? {};
  expect(Number((facts as { refused?: { rows: number } }).refused?.rows)).toBeGreaterThan(0);
  expect(await skewOf(streets)).toMatchObject({ compared: streetSales().length, differences: 0 });
});
