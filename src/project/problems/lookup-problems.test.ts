import { expect, test } from 'vitest';
import { z } from 'zod';
import { formatDetail, type PlatformError } from '../../kernel/errors.ts';
import { defineProject } from '../define.ts';
import { featureView, type FeatureViewDeclaration, type Lookup } from '../tables/feature-view.ts';
import { model, type Model } from '../models/model.ts';
import { lower } from '../models/promotion.ts';
import { type Reader, source } from '../tables/source.ts';
import { table } from '../tables/table.ts';
import { stumps } from '../models/trainer.fixture.ts';

const Sale = z.object({
  id: z.string(),
  street: z.string(),
  rooms: z.int(),
  sold: z.iso.date(),
  paid: z.iso.date().nullable(),
  kind: z.enum(['flat', 'house']),
  price: z.number(),
});
const Level = z.object({
  street: z.string(),
  day: z.iso.date(),
  began: z.iso.datetime(),
  level: z.number(),
  note: z.string().nullable(),
});

function reader<Shape extends z.ZodRawShape>(row: z.ZodObject<Shape>): Reader<z.output<z.ZodObject<Shape>>> {
  return { kind: 'test', version: 1, from: 'x.csv', options: {}, table: table(row), read: () => [] };
}
const sales = source('sales', reader(Sale));
const levels = source('levels', reader(Level));
const level = featureView('level', {
  rows: levels,
  key: 'street',
  at: 'day',
  initial: { level: 100, note: null, began: '2000-01-01T00:00:00Z' },
});
const price = model('price', {
  rows: sales,
  request: z.object({ street: z.string(), rooms: z.int(), sold: z.iso.date() }),
  lookups: { usual: level.of('street', { before: 'sold' }) },
  features: ({ rooms }, { usual }) => ({ rooms, usual: usual.level }),
  target: 'price',
  split: { by: 'sold', group: 'id', test: 0.2 },
  trainer: stumps(),
  metrics: ['mae'],
  promote: { alias: 'prod', when: lower('mae') },
});

function problemsOf(...models: readonly Model[]): string {
  try {
    defineProject('houses', { models });
    return 'no problem';
  } catch (error) {
    const { message, detail } = error as PlatformError;
    return [message, ...(detail.more ?? []).map(formatDetail)].join('\n');
  }
}

function withLookup(change: Partial<Lookup>, view: Partial<FeatureViewDeclaration> = {}): Model {
  const usual: Lookup = { kind: 'lookup', view: { ...level, ...view }, on: ['street'], before: 'sold' };
  return { ...price, lookups: { usual: { ...usual, ...change } } };
}

test('a lookup that is wired right, and the table of its view is part of the project', () => {
  const project = defineProject('houses', { models: [price] });
  expect(project.sources.map(({ name }) => name)).toEqual(['sales', 'levels']);
});

test.each<[string, ...(readonly [Partial<Lookup>, Partial<FeatureViewDeclaration>, string])]>([
  ['no time', { before: '' }, {}, 'lookup "usual": before is missing: name the time column of the rows'],
  ['a time that the rows lack', { before: 'day' }, {}, 'before is "day", which is not a column of its rows'],
  ['a number as time', { before: 'rooms' }, {}, 'before "rooms" is integer; it must be a date or a time'],
  [
    'a name as time',
    { before: 'kind' },
    {},
    'before "kind" is one of flat, house; it must be a date or a time, because values are looked up strictly before it',
  ],
  ['a time that may be null', { before: 'paid' }, {}, 'before "paid" may be null; every row needs a value'],
  [
    'a field that the request lacks',
    { on: ['road'] },
    {},
    'the request has no field "road" (street, rooms, sold)',
  ],
  ['no field', { on: [] }, {}, 'no request field for the key "street" of view "level"'],
  ['a key of another type', { on: ['rooms'] }, {}, 'the request\'s "rooms" is integer, and the key "street"'],
  [
    'a date for a key of times',
    { on: ['sold'] },
    { key: ['began'] },
    'is date, and the key "began" of view "level" timestamp',
  ],
  ['a key that the view lacks', {}, { key: ['road'] }, 'key is "road", which is not a column of its rows'],
  ['no key', { on: [] }, { key: [] }, 'key is empty'],
  [
    'a number as the time of a view',
    {},
    { at: 'level' },
    'at "level" is number; it must be a date or a time',
  ],
  ['a nullable knownAt', {}, { knownAt: 'note' }, 'knownAt "note" may be null; every row needs a value'],
  [
    'initial values that lack one',
    {},
    { initial: { level: 1 } },
    'feature view "level": initial lacks "note"',
  ],
  ['a view without values', {}, { columns: [], initial: {} }, 'no columns beside the key and the times'],
  ['a name', {}, { name: 'Level!' }, 'feature view "Level!": use lower-case letters'],
])('refuses %s', (_what, ...[change, view, problem]) => {
  expect(problemsOf(withLookup(change, view))).toContain(problem);
});

test('refuses two views of one name', () => {
  const other = featureView('level', { rows: levels, key: 'street', at: 'day' });
  const second = {
    ...price,
    name: 'second',
    lookups: { usual: other.of('street', { before: 'sold' }) },
  } as Model;
  expect(problemsOf(price, second)).toContain('"level" is used by two feature views');
});

test.each<[string, readonly unknown[], string]>([
  ['no options', ['street'], "later. View \"level\" is looked up with `of('street', { before: 'sold' })`"],
  ['null as options', ['street', null], 'lookup "usual": before is missing'],
  ['options without before', ['street', {}], 'lookup "usual": before is missing'],
  ['no arguments', [], 'lookup "usual": no request field for the key "street" of view "level"'],
])('refuses a lookup with %s', (_what, given, problem) => {
  const untyped = level as unknown as { of(...given: readonly unknown[]): Lookup };
  expect(problemsOf({ ...price, lookups: { usual: untyped.of(...given) } })).toContain(problem);
});
