import { expect, test } from 'vitest';
import { changedLevels, streetSales, streetsProject } from '../lifecycle/streets.fixture.ts';
import { openServedStreets, predictOne } from './streets.fixture.ts';

const higher = changedLevels((row) => ({ ...row, level: row.level + 1 }));
const bare = changedLevels(({ sales: _sales, ...row }) => row);

const street = 'street 2';
const request = { street, size: 80 };
const ofStreet = streetSales().filter((sale) => sale.street === street);

/** The mean price of the street's sales before a day. */
function levelBefore(day: string): number {
  const before = ofStreet.filter(({ sold }) => sold < day);
  return before.reduce((sum, { price }) => sum + price, 0) / before.length;
}

test('looks up as of the time of the request, and as of now if the request has none', async () => {
  await using served = await openServedStreets();
  await served.run();
  const { endpoint, clock } = served;
  const day = ofStreet[20]?.sold ?? '';
  const past = await predictOne(endpoint, { ...request, sold: day });
  expect(past.features['level']).toBeCloseTo(levelBefore(day), 6);
  const now = await predictOne(endpoint, request);
  expect(now.features['level']).toBeCloseTo(levelBefore('2026-01-01'), 6);
  clock.time = Date.parse(`${day}T18:00:00Z`);
  const then = await predictOne(endpoint, request);
  expect(then.features, 'the sales of today are not known before tomorrow').toEqual(past.features);
});

test('a cached prediction is used only while its lookups find the same', async () => {
  await using served = await openServedStreets({ change: { serve: { cache: '3d' } } });
  await served.run();
  const { endpoint, clock } = served;
  const [first = '', second = ''] = [...new Set(ofStreet.map(({ sold }) => sold))].slice(20);
  clock.time = Date.parse(`${second}T10:00:00Z`);
  const before = await predictOne(endpoint, request);
  expect(before.found).toMatchObject([{ at: first }]);
  clock.time = Date.parse(`${second}T23:00:00Z`);
  const hit = await predictOne(endpoint, request);
  expect(hit).toMatchObject({ cached: true, found: [{ at: first, before: clock.time }] });
  clock.time += 2 * 3_600_000;
  const after = await predictOne(endpoint, request);
  expect(after).toMatchObject({ cached: false, found: [{ at: second }] });
  expect(after.features['level']).not.toBe(before.features['level']);
});

test('newer tables leave no cached prediction', async () => {
  await using served = await openServedStreets({ change: { serve: { cache: '3d' } } });
  await served.run();
  await predictOne(served.endpoint, request);
  expect((await predictOne(served.endpoint, request)).cached).toBe(true);
  await served.run({ levels: higher, target: 'levels' });
  expect((await predictOne(served.endpoint, request)).cached).toBe(false);
});

test('records what was looked up, and since when it is true', async () => {
  await using served = await openServedStreets();
  await served.run();
  const { predictionId } = await predictOne(served.endpoint, { ...request, sold: '2030-01-01' });
  const record = await served.predictions.find(predictionId);
  expect(record?.lookups).toEqual([
    {
      lookup: 'usual',
      view: 'level',
      key: { street },
      before: Date.UTC(2030, 0, 1),
      at: ofStreet.at(-1)?.sold,
      values: { level: expect.closeTo(levelBefore('2030-01-01'), 6), sales: ofStreet.length },
    },
  ]);
});

test('an unknown key finds nothing, or the initial values', async () => {
  const unknown = { ...request, street: 'elsewhere' };
  await using served = await openServedStreets();
  await served.run();
  expect((await predictOne(served.endpoint, unknown)).features['level']).toBeNaN();
  await using filled = await openServedStreets({ initial: { level: 5, sales: 0 } });
  await filled.run();
  expect((await predictOne(filled.endpoint, unknown)).features).toMatchObject({ level: 5, sales: 0 });
});

test('newer tables take over without training, here and on another server', async () => {
  await using served = await openServedStreets();
  await served.run();
  const { endpoint, houses } = served;
  const other = served.openAnother();
  await other.refresh();
  const before = await predictOne(other, request);
  houses.launched.length = 0;
  await served.run({ levels: higher, target: 'levels' });
  expect(houses.launched.map(({ task }) => task)).not.toContain('street-price.train');
  const after = await predictOne(endpoint, request);
  expect(after.served.version.version).toBe(1);
  expect(after.features['level']).toBeCloseTo((before.features['level'] ?? 0) + 1, 6);
  await other.refresh();
  expect((await predictOne(other, request)).features).toEqual(after.features);
  const restarted = served.openAnother();
  await restarted.refresh();
  expect((await predictOne(restarted, request)).features).toEqual(after.features);
});

test('code that was changed back brings the tables of then back', async () => {
  await using served = await openServedStreets();
  await served.run();
  const before = await predictOne(served.endpoint, request);
  await served.run({ levels: higher, target: 'levels' });
  await served.run({ target: 'levels' });
  expect((await predictOne(served.endpoint, request)).features).toEqual(before.features);
});

test('requests during a swap are served by the old or the new tables', async () => {
  await using served = await openServedStreets();
  await served.run();
  const { endpoint } = served;
  const before = (await predictOne(endpoint, request)).features['level'] ?? 0;
  await served.houses.run(streetsProject({ levels: higher }));
  let isRefreshed = false;
  const refreshing = endpoint.refresh().then(() => (isRefreshed = true));
  const seen = new Set<number>();
  while (!isRefreshed) {
    seen.add(Math.round((await predictOne(endpoint, request)).features['level'] ?? 0));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await refreshing;
  seen.add(Math.round((await predictOne(endpoint, request)).features['level'] ?? 0));
  expect([...seen].every((level) => [Math.round(before), Math.round(before + 1)].includes(level))).toBe(true);
});

test('a table that lost a column of the version leaves the copy before in place, and the endpoint says so', async () => {
  await using served = await openServedStreets();
  await served.run();
  const { endpoint } = served;
  const before = await predictOne(endpoint, request);
  await served.run({ levels: bare, isBare: true, target: 'levels' });
  expect(endpoint.problem()?.message).toBe(
    'bad data: The version reads it: write the column as before, or train again. Version 1 serves meanwhile with the tables that it had (table of view level, column sales: "it has no such column")',
  );
  expect((await predictOne(endpoint, request)).features).toEqual(before.features);
  await served.run({ target: 'levels' });
  expect(endpoint.problem()).toBeUndefined();
});

test('a text that is not a time is refused', async () => {
  await using served = await openServedStreets();
  await served.run();
  await expect(predictOne(served.endpoint, { ...request, sold: 'soon' })).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    detail: { field: 'sold' },
  });
});
