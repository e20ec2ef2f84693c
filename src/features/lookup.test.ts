import { expect, test } from 'vitest';
import { z } from 'zod';
import type { BlobStore } from '../data/blob-store.ts';
import { openTemporaryBlobStore } from '../data/temporary-blob-store.contract.ts';
import { table } from '../project/tables/table.ts';
import { timeOf } from './event-time.ts';
import { type LookupDefinition, openLookups, viewsOf } from './lookup.ts';
import { writeTable } from './table.fixture.ts';
import { openView, type View } from './view.ts';

const Form = z.object({
  team: z.string(),
  date: z.iso.date(),
  elo: z.number(),
  coach: z.string().nullable(),
});

const host: LookupDefinition = {
  name: 'host',
  view: 'form',
  key: ['team'],
  on: ['host'],
  at: 'date',
  knownAt: null,
  before: 'date',
  columns: [{ name: 'elo', type: 'number', nullable: false }],
  initial: { elo: 1300 },
};
const guest: LookupDefinition = { ...host, name: 'guest', on: ['guest'], initial: null };

async function views(
  blobs: BlobStore,
  rows = z.array(Form).parse(games),
): Promise<ReadonlyMap<string, View>> {
  const dataset = await writeTable(table(Form), rows, blobs);
  const [definition] = viewsOf([host, guest]);
  return new Map(definition && [['form', await openView(definition, dataset, blobs)]]);
}

const games = [
  { team: 'BOS', date: '2024-01-02', elo: 1510, coach: null },
  { team: 'LAL', date: '2024-01-05', elo: 1490, coach: 'Ham' },
];
const request = { host: 'BOS', guest: 'LAL', date: '2024-01-04' };
const before = (field: string): number => timeOf(request[field as 'date']) ?? Number.NaN;

test('finds the columns of the version by the fields of the request, and initial values or undefined', async () => {
  await using blobs = await openTemporaryBlobStore();
  const lookups = openLookups([host, guest], await views(blobs));
  expect(lookups.find(request, before)).toStrictEqual({ host: { elo: 1510 }, guest: undefined });
  const other = { ...request, host: 'DEN' };
  expect(lookups.find(other, before)).toStrictEqual({ host: { elo: 1300 }, guest: undefined });
});

test('describes what was found, and since when it is true', async () => {
  await using blobs = await openTemporaryBlobStore();
  const lookups = openLookups([host, guest], await views(blobs));
  expect(lookups.describe(request, before)).toEqual([
    {
      lookup: 'host',
      view: 'form',
      key: { team: 'BOS' },
      before: Date.UTC(2024, 0, 4),
      at: '2024-01-02',
      values: { elo: 1510 },
    },
    {
      lookup: 'guest',
      view: 'form',
      key: { team: 'LAL' },
      before: Date.UTC(2024, 0, 4),
      at: null,
      values: null,
    },
  ]);
});

test('the feature function cannot change initial values for the next request', async () => {
  await using blobs = await openTemporaryBlobStore();
  const lookups = openLookups([host], await views(blobs, []));
  const { host: initial } = lookups.find(request, before);
  expect(Object.isFrozen(initial)).toBe(true);
});

test.each([
  [{ name: 'rest', type: 'number', nullable: false }, 'column rest: "it has no such column"'],
  [{ name: 'coach', type: 'string', nullable: false }, 'column coach: "it may be null now"'],
  [{ name: 'elo', type: 'boolean', nullable: false }, 'column elo: "it is number, and was boolean"'],
] as const)('refuses a view whose table lost what the version needs: %j', async (column, message) => {
  await using blobs = await openTemporaryBlobStore();
  const opened = await views(blobs);
  expect(() => openLookups([{ ...host, columns: [column] }], opened)).toThrow(message);
});

test('refuses a view that nothing fills', () => {
  expect(() => openLookups([host], new Map())).toThrow('lookup host');
});
