import { expect, test } from 'vitest';
import { z } from 'zod';
import type { BlobStore } from '../data/blob-store.ts';
import { openTemporaryBlobStore } from '../data/temporary-blob-store.contract.ts';
import { seededRandom } from '../kernel/random.ts';
import { table } from '../project/tables/table.ts';
import { timeOf } from './event-time.ts';
import { writeTable } from './table.fixture.ts';
import { openView, type View, type ViewDefinition, type ViewValues } from './view.ts';

const Form = z.object({
  team: z.string(),
  date: z.iso.date(),
  elo: z.number().nullable(),
  rested: z.boolean().nullable(),
  coach: z.string().nullable(),
});
type Form = z.infer<typeof Form>;
const form = (team: string, date: string, over: Partial<Form> = {}): Form => ({
  team,
  date,
  elo: 1500,
  rested: true,
  coach: 'Kerr',
  ...over,
});
const byTeam: ViewDefinition = { view: 'form', key: ['team'], at: 'date', knownAt: null };

async function formView(rows: readonly Form[], blobs: BlobStore): Promise<View> {
  return openView(byTeam, await writeTable(table(Form), rows, blobs), blobs);
}

function valuesAt(view: View, position: number): ViewValues {
  return view.select(view.columns.map(({ name }) => name))(position);
}

function found(view: View, key: readonly unknown[], time: string): unknown {
  const position = view.find(key, timeOf(time) ?? Number.NaN);
  return position < 0 ? undefined : { at: view.timeAt(position), ...valuesAt(view, position) };
}

test('finds the latest row strictly before a date, whatever the order of the rows', async () => {
  await using blobs = await openTemporaryBlobStore();
  const view = await formView(
    [form('BOS', '2024-01-09', { elo: 1520 }), form('LAL', '2024-01-01'), form('BOS', '2024-01-02')],
    blobs,
  );
  expect(found(view, ['BOS'], '2024-01-09')).toMatchObject({ at: '2024-01-02', elo: 1500 });
  expect(found(view, ['BOS'], '2024-01-10')).toMatchObject({ at: '2024-01-09', elo: 1520 });
  expect(found(view, ['BOS'], '2024-01-02')).toBeUndefined();
  expect(found(view, ['LAL'], '2999-12-31')).toMatchObject({ at: '2024-01-01' });
});

test('finds nothing for an unknown or missing key', async () => {
  await using blobs = await openTemporaryBlobStore();
  const view = await formView([form('BOS', '2024-01-02')], blobs);
  for (const key of ['DEN', null, undefined, 1]) expect(found(view, [key], '2025-01-01')).toBeUndefined();
  expect(found(await formView([], blobs), ['BOS'], '2025-01-01')).toBeUndefined();
});

test('returns numbers, booleans and text, and null for a missing value', async () => {
  await using blobs = await openTemporaryBlobStore();
  const view = await formView(
    [form('BOS', '2024-01-02', { elo: null, rested: null, coach: null }), form('LAL', '2024-01-02')],
    blobs,
  );
  const values = { elo: null, rested: null, coach: null };
  expect(found(view, ['BOS'], '2025-01-01')).toStrictEqual({ at: '2024-01-02', ...values });
  expect(found(view, ['LAL'], '2025-01-01')).toStrictEqual({
    at: '2024-01-02',
    elo: 1500,
    rested: true,
    coach: 'Kerr',
  });
});

test('a time during a day does not see the rows of that day if the view has dates', async () => {
  await using blobs = await openTemporaryBlobStore();
  const view = await formView([form('BOS', '2024-01-01'), form('BOS', '2024-01-02')], blobs);
  expect(found(view, ['BOS'], '2024-01-02T23:59:59Z')).toMatchObject({ at: '2024-01-01' });
  expect(found(view, ['BOS'], '2024-01-03T00:00:00Z')).toMatchObject({ at: '2024-01-02' });
});

const Reading = z.object({
  site: z.string(),
  meter: z.int(),
  at: z.iso.datetime(),
  seen: z.iso.datetime(),
  value: z.number().optional(),
});
type Reading = z.infer<typeof Reading>;
const byMeter: ViewDefinition = { view: 'meters', key: ['site', 'meter'], at: 'at', knownAt: 'seen' };

test('sees a correction only once it is known', async () => {
  await using blobs = await openTemporaryBlobStore();
  const at = '2024-01-01T10:00:00Z';
  const rows: Reading[] = [
    { site: 'a', meter: 1, at, seen: '2024-01-05T00:00:00Z', value: 2 },
    { site: 'a', meter: 1, at, seen: '2024-01-01T11:00:00Z', value: 1 },
    { site: 'a', meter: 2, at, seen: '2024-01-01T11:00:00Z', value: 7 },
  ];
  const view = await openView(byMeter, await writeTable(table(Reading), rows, blobs), blobs);
  expect(found(view, ['a', 1], '2024-01-01T11:00:00Z')).toBeUndefined();
  expect(found(view, ['a', 1], '2024-01-02')).toMatchObject({ value: 1 });
  expect(found(view, ['a', 1], '2024-01-05')).toMatchObject({ value: 1 });
  expect(found(view, ['a', 1], '2024-01-05T00:00:00.001Z')).toMatchObject({ value: 2 });
  expect(found(view, ['a', 2], '2024-01-06')).toMatchObject({ value: 7 });
});

test('leaves out an absent optional value', async () => {
  await using blobs = await openTemporaryBlobStore();
  const rows: Reading[] = [{ site: 'a', meter: 1, at: '2024-01-01T10:00:00Z', seen: '2024-01-01T10:00:00Z' }];
  const view = await openView(byMeter, await writeTable(table(Reading), rows, blobs), blobs);
  expect(valuesAt(view, view.find(['a', 1], Date.UTC(2025, 0)))).toStrictEqual({
    seen: '2024-01-01T10:00:00.000Z',
  });
});

test('refuses two rows of a key with one time, naming both', async () => {
  await using blobs = await openTemporaryBlobStore();
  const rows = [form('BOS', '2024-01-02'), form('LAL', '2024-01-02'), form('BOS', '2024-01-02')];
  await expect(formView(rows, blobs)).rejects.toThrow(
    'view form, rows 1 and 3 must differ in team, date: a key has one row for each time, so merge them in the step that writes them (got "team BOS")',
  );
});

const Loose = z.object({ team: z.string().nullable(), date: z.string().nullable() });

test.each([
  [{ team: null, date: '2024-01-01' }, 'view form, row 2, team must have a value'],
  [{ team: 'BOS', date: null }, 'view form, row 2, date must have a value'],
  [{ team: 'BOS', date: '1 May' }, 'view form, row 2, date must be a date'],
  [{ team: 'BOS', date: '2024-01-01T00:00:00Z' }, 'view form, row 2, date must be a date'],
])('refuses a row without a key or a time: %j', async (row, message) => {
  await using blobs = await openTemporaryBlobStore();
  const rows = [{ team: 'LAL', date: '2024-01-01' }, row];
  const dataset = await writeTable(table(Loose), rows, blobs);
  await expect(openView(byTeam, dataset, blobs)).rejects.toThrow(message);
});

test('refuses a table without the key', async () => {
  await using blobs = await openTemporaryBlobStore();
  const dataset = await writeTable(table(z.object({ date: z.iso.date() })), [], blobs);
  await expect(openView(byTeam, dataset, blobs)).rejects.toThrow('Its table has no such column; it has date');
});

test.each([1, 2, 3, 4, 5, 6])('agrees with a search of all rows, seed %i', async (seed) => {
  await using blobs = await openTemporaryBlobStore();
  const random = seededRandom(seed);
  const draw = (most: number): number => Math.floor(random() * most);
  const time = (): string => new Date(Date.UTC(2024, 0, 1 + draw(20), draw(3) * 8)).toISOString();
  const drawn = Array.from({ length: 400 }, (_, value): Reading => {
    const at = time();
    const seen = seed % 2 === 0 ? at : new Date(Date.parse(at) + draw(10) * 28_800_000).toISOString();
    return { site: 'ab'[draw(2)] ?? '', meter: draw(4), at, seen, value };
  });
  const nameOf = ({ site, meter, at, seen }: Reading): string => JSON.stringify([site, meter, at, seen]);
  const rows = [...new Map(drawn.map((row) => [nameOf(row), row])).values()];
  const view = await openView(byMeter, await writeTable(table(Reading), rows, blobs), blobs);
  for (let query = 0; query < 2000; query++) {
    const [site, meter, before] = ['abc'[draw(3)] ?? '', draw(5), time()];
    const [expected] = rows
      .filter((row) => row.site === site && row.meter === meter && row.at < before && row.seen < before)
      .toSorted((a, b) => (a.at + a.seen < b.at + b.seen ? 1 : -1));
    const position = view.find([site, meter], Date.parse(before));
    expect(position < 0 ? undefined : valuesAt(view, position)['value']).toBe(expected?.value);
  }
});
