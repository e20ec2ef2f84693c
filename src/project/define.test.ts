import { expect, test } from 'vitest';
import { z } from 'zod';
import { formatDetail, type PlatformError } from '../kernel/errors.ts';
import { defineProject, type ProjectOptions } from './define.ts';
import { model, type Model } from './models/model.ts';
import { higher, lower } from './models/promotion.ts';
import { type Reader, source } from './tables/source.ts';
import { step } from './tables/step.ts';
import { table } from './tables/table.ts';
import { defineTrainer } from './models/trainer.ts';
import { stumps, untried } from './models/trainer.fixture.ts';

const Row = z.object({ id: z.string(), date: z.iso.date(), rooms: z.int().min(0), price: z.number() });
const reader: Reader<z.infer<typeof Row>> = {
  kind: 'test',
  version: 1,
  from: 'houses.csv',
  options: {},
  table: table(Row),
  read: () => [],
};
const raw = source('raw', reader);
const clean = step('clean', { in: { raw }, out: { rows: table(Row) } }, async () => {});
const price = model('price', {
  rows: clean.out.rows,
  request: z.object({ rooms: z.int() }),
  features: ({ rooms }) => ({ rooms }),
  target: 'price',
  split: { by: 'date', group: 'id', test: 0.2 },
  trainer: stumps(),
  metrics: ['mae', 'r2'],
  promote: { alias: 'prod', when: lower('mae'), atLeast: { r2: 0.5 } },
});
const remedyOf = (name: string, options: ProjectOptions): string => {
  try {
    defineProject(name, options);
    return 'no error';
  } catch (error) {
    const { message, detail } = error as PlatformError;
    return [message, ...(detail.more ?? []).map(formatDetail)].join('\n');
  }
};

test('a root names everything that it is made from, once and in order', () => {
  const project = defineProject('houses', { models: [price], steps: [clean] });
  expect(project.sources.map(({ name }) => name)).toEqual(['raw']);
  expect(project.steps.map(({ name }) => name)).toEqual(['clean']);
});

test.each<[string, object, string]>([
  [
    'a target that is no column',
    { target: 'cost' },
    'target is "cost", which is not a column of its rows (id, date, rooms, price)',
  ],
  ['a text target', { target: 'id' }, 'target "id" is a string column'],
  [
    'a gate on what is not measured',
    { promote: { alias: 'prod', when: lower('rmse') } },
    'promote uses "rmse", which is not in metrics (mae, r2)',
  ],
  [
    'a gate the wrong way round',
    { promote: { alias: 'prod', when: higher('mae') } },
    'a better mae is lower',
  ],
  [
    'a gate on a metric without a direction',
    { metrics: ['mae', 'r2', 'bias'], promote: { alias: 'prod', when: lower('bias') } },
    'promote.when uses bias, of which neither a lower nor a higher value is better',
  ],
  [
    'a gate that promotes a worse version',
    { promote: { alias: 'prod', when: lower('mae', { by: -50 }) } },
    "promote.when.by is -50: give a finite number from 0 or 'standardError'",
  ],
  [
    'a gate with a margin that is no number',
    { promote: { alias: 'prod', when: lower('mae', { by: Number.NaN }) } },
    "promote.when.by is NaN: give a finite number from 0 or 'standardError'",
  ],
  [
    'a gate without a margin',
    { promote: { alias: 'prod', when: { metric: 'mae', better: 'lower' } } },
    "promote.when.by is missing: give a finite number from 0 or 'standardError'",
  ],
  [
    'a gate with a margin in an unknown word',
    { promote: { alias: 'prod', when: { metric: 'mae', better: 'lower', by: 'noise' } } },
    `promote.when.by is "noise": give a finite number from 0 or 'standardError'`,
  ],
  [
    'a maximum that is no number',
    { promote: { alias: 'prod', when: lower('mae'), atMost: { mae: Number.NaN } } },
    'promote.atMost.mae is NaN: give a finite number',
  ],
  [
    'a minimum that is infinite',
    { promote: { alias: 'prod', when: lower('mae'), atLeast: { r2: -Infinity } } },
    'promote.atLeast.r2 is -Infinity: give a finite number',
  ],
  [
    'a maximum that is a text',
    { promote: { alias: 'prod', when: lower('mae'), atMost: { mae: '20' as never } } },
    'promote.atMost.mae is "20": give a finite number',
  ],
  [
    'a split without order or group',
    { split: { test: 0.2 } as unknown as Model['split'] },
    'a random split of rows leaks',
  ],
  ['a share of nothing', { split: { by: 'date', test: 1.5 } }, 'split.test is 1.5'],
  [
    'an option that the trainer lacks',
    { search: { trials: 2, space: { leaves: [1, 2] } as object } },
    'search.space has "leaves"',
  ],
  [
    'a range from a logarithm of zero',
    { search: { trials: 2, space: { learningRate: [0, 1, 'log'] } as object } },
    'above 0 for "log"',
  ],
  [
    'a request field without a column',
    { request: z.object({ garden: z.boolean() }) },
    'request field "garden" is not a column',
  ],
  ['a request that gives the answer', { request: z.object({ price: z.number() }) }, '"price" is the target'],
  [
    'a range beyond what the trainer takes',
    { search: { trials: 2, space: { depth: [3, 40] } as object } },
    'search.space.depth is [3,40]: depth must be a whole number from 1 to 16 (got 40)',
  ],
  [
    'an unknown option of the trainer',
    { trainer: stumps({ dept: 3 } as object) },
    'model price: trainer.dept is not an option of stumps: did you mean depth? (depth, learningRate, loss)',
  ],
  [
    'an option outside its limits',
    { trainer: stumps({ depth: 2.5 }) },
    'trainer.depth must be a whole number from 1 to 16 (got 2.5)',
  ],
  [
    'an option of another type',
    { trainer: stumps({ learningRate: 'fast' as never }) },
    'trainer.learningRate must be a number above 0 and of at most 1 (got "fast")',
  ],
  [
    'an option that is no number',
    { trainer: stumps({ learningRate: Number.NaN }) },
    'trainer.learningRate must be a number above 0 and of at most 1 (got NaN)',
  ],
  [
    'a value that the trainer does not list',
    { trainer: stumps({ loss: 'cubic' as never }) },
    'trainer.loss must be one of "squared", "absolute" (got "cubic")',
  ],
  [
    'a trainer that does not learn numbers',
    { trainer: defineTrainer({ ...stumps.definition, learns: ['class'] })() },
    'trainer stumps does not learn a number target: it learns class',
  ],
  [
    'a trainer of trainers without any',
    { trainer: { ...untried(), parts: [] } },
    'trainer stumps needs at least one trainer',
  ],
  [
    'an inner trainer that does not learn numbers',
    { trainer: { ...untried(), parts: [defineTrainer({ ...stumps.definition, learns: ['class'] })()] } },
    'trainer stumps in stumps does not learn a number target: it learns class',
  ],
  [
    'an option of an inner trainer',
    { trainer: { ...untried(), parts: [stumps({ learningRate: 2 })] } },
    'trainer.learningRate must be a number above 0 and of at most 1 (got 2)',
  ],
  [
    'a trainer of trainers of trainers',
    { trainer: { ...untried(), parts: [{ ...stumps(), parts: [stumps()] }] } },
    'trainer stumps has stumps inside: give the trainers that it is made of',
  ],
  [
    'a search with a trainer that cannot try options',
    {
      trainer: untried(),
      search: { trials: 2, space: { depth: [2, 3] } as object },
    },
    'search needs a trainer that can try options: stumps does not define `trial`',
  ],
  [
    'a trainer with a name that no path can hold',
    { trainer: defineTrainer({ ...stumps.definition, name: 'My Stumps' })() },
    'trainer name "My Stumps": use lower-case letters',
  ],
  ['an alias with spaces', { promote: { alias: 'in use', when: lower('mae') } }, 'promote.alias is "in use"'],
])('%s is refused by name', (_case, change, says) => {
  const changed: Model = { ...price, ...change };
  expect(remedyOf('houses', { models: [changed] })).toContain(says);
});

test('every mistake in the options of a trainer is listed, and the others get their defaults', () => {
  const wrong = stumps({ depth: 0, learningRate: 2, seeds: 1 } as object);
  const says = remedyOf('houses', { models: [{ ...price, trainer: wrong }] });
  for (const part of [
    'trainer.depth must be',
    'trainer.learningRate must be',
    'trainer.seeds is not an option',
  ])
    expect(says).toContain(part);
  expect(stumps({ depth: 3 }).options).toEqual({ depth: 3, learningRate: 0.1, loss: 'squared' });
  expect(stumps().type).toBe(stumps);
});

test('every problem is named at once', () => {
  const twice = remedyOf('My Houses', { models: [price, { ...price, target: 'cost' }] });
  expect(twice.split('\n')).toHaveLength(3);
  expect(twice).toContain('project name "My Houses"');
  expect(twice).toContain('"price" is used twice');
});

test.each<[string, z.ZodObject, string]>([
  ['a nested object', z.object({ inner: z.object({ a: z.string() }) }), 'column inner'],
  ['a union of types', z.object({ either: z.union([z.string(), z.number()]) }), 'a union'],
  [
    'a refinement',
    z.object({ even: z.number().refine((value) => value % 2 === 0) }),
    'a refinement or transform',
  ],
])('%s is no column', (_case, schema, says) => {
  expect(() => table(schema)).toThrow(says);
});

test('a column keeps what its values must be', () => {
  const { columns } = table(
    z.object({
      team: z.enum(['a', 'b']).nullable(),
      overs: z.int().min(0).max(20).optional(),
      when: z.iso.date(),
      rate: z.number().meta({ title: 'Run rate', unit: 'runs an over' }),
      code: z
        .string()
        .regex(/^[A-Z]+$/)
        .max(3),
      won: z.boolean(),
      share: z.number().gt(0).lt(1),
      note: z.string().nullable(),
      bonus: z.number().nullish(),
    }),
  ).schema;
  expect(columns).toEqual([
    { name: 'team', type: 'string', nullable: true, oneOf: ['a', 'b'] },
    { name: 'overs', type: 'integer', nullable: true, optional: true, minimum: 0, maximum: 20 },
    { name: 'when', type: 'date', nullable: false },
    { name: 'rate', type: 'number', nullable: false, title: 'Run rate', unit: 'runs an over' },
    { name: 'code', type: 'string', nullable: false, pattern: '^[A-Z]+$', maxLength: 3 },
    { name: 'won', type: 'boolean', nullable: false },
    { name: 'share', type: 'number', nullable: false, above: 0, below: 1 },
    { name: 'note', type: 'string', nullable: true },
    { name: 'bonus', type: 'number', nullable: true },
  ]);
});
