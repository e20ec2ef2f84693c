import { expect, test } from 'vitest';
import { z } from 'zod';
import { asTable, type Dataset, readDataset } from '../data/dataset.ts';
import { refusedRowsOf } from '../lifecycle/features/refused-requests.ts';
import { changedLevels, sizeTimes, streetSales } from '../lifecycle/streets.fixture.ts';
import { measureSkew, type Skew, type SkewInput } from './skew.ts';
import type { Features } from '../project/models/model.ts';
import { openServedStreets, type ServedStreets } from './streets.fixture.ts';

async function outputOf({ houses }: ServedStreets, task: string, output: string): Promise<Dataset> {
  const digest = (await houses.results.last(task))?.outputs[output];
  if (digest) return readDataset(digest, houses.blobs);
  throw new Error(`no ${output}`);
}

async function learnedOf(streets: ServedStreets): Promise<Omit<SkewInput, 'served'>> {
  return {
    rows: asTable(await outputOf(streets, 'sales', 'rows'), 'rows'),
    matrix: asTable(await outputOf(streets, 'street-price.features', 'matrix'), 'matrix'),
    refused: refusedRowsOf(await outputOf(streets, 'street-price.features', 'refused')),
    blobs: streets.houses.blobs,
  };
}

async function skewOf(streets: ServedStreets, most?: number): Promise<Skew> {
  const served = streets.endpoint.current();
  if (!served) throw new Error('no version');
  return measureSkew({ served, ...(await learnedOf(streets)), most });
}

/** As `skewOf`, where serving holds rows to this schema. */
async function skewWith(
  streets: ServedStreets,
  schema: (trained: z.ZodObject) => z.ZodObject,
): Promise<Skew> {
  const served = streets.endpoint.current();
  if (!served) throw new Error('no version');
  const requestSchema = schema(served.predictor.requestSchema);
  return measureSkew({
    served: { ...served, predictor: { ...served.predictor, requestSchema } },
    ...(await learnedOf(streets)),
  });
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
  const skew = await skewWith(streets, (trained) =>
    trained.extend({}).refine(({ size }) => Number(size) < 100, { path: ['size'], message: 'is too large' }),
  );
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

test.each([
  ['with no feature', Number.NaN],
  ['with one feature', 1],
])('a row that training used %s is a difference if serving refuses it', async (_, constant) => {
  const features = ({ size }: { readonly size: number }): Features =>
    size < 100 ? { size, constant: 1 } : { size: Number.NaN, constant };
  await using streets = await openServedStreets({ change: { features } });
  await streets.run();
  const skew = await skewWith(streets, (trained) => trained.extend({ size: z.number().max(99) }));
  const refused = streetSales().filter(({ size }) => size > 99).length;
  expect(refused).toBeGreaterThan(0);
  expect(skew).toMatchObject({ differingRows: refused, differences: refused });
});
