import { expect, test } from 'vitest';
import { housesProject } from '../lifecycle/houses.fixture.ts';
import { openHousesApp } from './houses-app.fixture.ts';

test('the tables of a project have its declared columns before the first run, and profiles after it', async () => {
  await using host = await openHousesApp(housesProject());
  const { app } = host;
  const before = await app.listTables({ project: 'houses' });
  expect(before.tables).toMatchObject([
    { id: 'houses.rows', name: 'houses', kind: 'step', models: [{ name: 'house-price' }], latest: null },
    { id: 'listings.rows', name: 'listings', kind: 'source', models: [], latest: null, rejected: 0 },
  ]);
  const declared = await app.getTable({ project: 'houses', table: 'houses.rows' });
  expect(declared.details.map(({ name, profile, warnings }) => [name, profile, warnings])).toEqual(
    ['id', 'sold', 'size', 'garden', 'price'].map((name) => [name, null, []]),
  );

  const { run } = await host.run({ project: 'houses', by: 'person' });
  const table = await app.getTable({ project: 'houses', table: 'houses.rows' });
  expect(table).toMatchObject({ columns: 5, latest: { rows: 200, run: { id: run?.id } }, reading: null });
  expect(
    Object.fromEntries(table.details.map(({ name, roles }) => [name, roles?.map(({ role }) => role)])),
  ).toEqual({ id: ['group'], sold: ['time'], size: ['feature'], garden: ['feature'], price: ['target'] });
  const [, sold, size] = table.details;
  expect(sold?.profile?.span).toEqual(['2020-01-01', '2020-07-18']);
  expect(size?.profile?.histogram?.reduce((sum, count) => sum + count, 0)).toBe(200);
  const source = await app.getTable({ project: 'houses', table: 'listings.rows' });
  expect(source.details[0]?.roles).toBeNull();
});

test('a failed run leaves the table of the run before', async () => {
  await using host = await openHousesApp(housesProject());
  await host.run({ project: 'houses', by: 'person' });
  const fail = (() => {
    throw new RangeError('mine');
  }) as never;
  await host.host(housesProject({ features: fail }, 60));
  await host.run({ project: 'houses', by: 'person' });
  const { latest } = await host.app.getTable({ project: 'houses', table: 'houses.rows' });
  expect(latest?.rows, 'written before the features failed').toBeLessThan(200);
});

test('an unknown table is refused by name, with those that there are', async () => {
  await using host = await openHousesApp(housesProject());
  await expect(host.app.getTable({ project: 'houses', table: 'other' })).rejects.toMatchObject({
    status: 404,
    detail: { field: 'table', value: 'other', remedy: 'Choose from houses.rows, listings.rows.' },
  });
});
