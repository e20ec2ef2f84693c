import { expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import { defineProject } from './define.ts';
import type { Project } from './project.ts';
import { model } from './models/model.ts';
import { higher, lower } from './models/promotion.ts';
import { type Reader, source } from './tables/source.ts';
import { step, type StepContext } from './tables/step.ts';
import { table } from './tables/table.ts';
import { defineTrainer, type Trainer } from './models/trainer.ts';
import { stumps } from './models/trainer.fixture.ts';

const Raw = z.object({ id: z.string(), over: z.int(), date: z.iso.date() });
const Row = z.object({
  id: z.string(),
  date: z.iso.date(),
  rooms: z.int(),
  town: z.string().nullable(),
  price: z.number(),
});
const Request = z.object({ rooms: z.int().min(1), town: z.string().nullable() });
declare const reader: Reader<z.infer<typeof Raw>>;
const raw = source('raw', reader);
const noop = async (): Promise<void> => {};
const rows = step('rows', { in: { raw }, out: { rows: table(Row) } }, noop).out.rows;
const features = ({ rooms }: z.infer<typeof Request>): { rooms: number } => ({ rooms });
const sound = {
  rows,
  request: Request,
  features,
  target: 'price',
  split: { by: 'date', group: 'id', test: 0.2 },
  trainer: stumps(),
  metrics: ['mae', 'r2'],
  promote: { alias: 'prod', when: lower('mae') },
} as const;

test('a project that is wired rightly compiles, and its request type reaches the caller', () => {
  const price = model('price', sound);
  expectTypeOf(price['~request']).toEqualTypeOf<{ rooms: number; town: string | null } | undefined>();
  expectTypeOf(price.name).toEqualTypeOf<'price'>();
  expectTypeOf(defineProject('houses', { models: [price] })).toEqualTypeOf<Project>();
  model('price', {
    ...sound,
    search: { trials: 3, space: { depth: [2, 8], learningRate: [0.01, 0.3, 'log'] } },
  });
  model('price', { ...sound, split: { group: 'id', test: 0.2 } });
  model('price', { ...sound, split: { by: 'date', test: { from: '2020-01-01' } } });
});

test('a step sees the rows of its inputs and writes the rows of its outputs', () => {
  step(
    'good',
    { in: { raw }, out: { rows: table(Row) }, params: { least: 3 } },
    async ({ in: { raw: input }, out, params }) => {
      expectTypeOf(params.least).toEqualTypeOf<number>();
      for await (const row of input) {
        expectTypeOf(row).toEqualTypeOf<{ id: string; over: number; date: string }>();
        await out.rows.write([{ id: row.id, date: row.date, rooms: row.over, town: null, price: 1 }]);
      }
    },
  );
  step('wrong column', { in: { raw }, out: { rows: table(Row) } }, async ({ in: { raw: input } }) => {
    // @ts-expect-error: raw rows have no column "price"
    for await (const row of input) expectTypeOf(row.price);
  });
  step('wrong row', { in: { raw }, out: { rows: table(Row) } }, async ({ out }) => {
    // @ts-expect-error: the output's rows need more columns
    await out.rows.write([{ id: 'a' }]);
  });
  step('wrong output', { in: { raw }, out: { rows: table(Row) } }, async ({ out }) => {
    // @ts-expect-error: the step declares no output "rowz"
    await out.rowz.write([]);
  });
  const elsewhere = async (
    _context: StepContext<{ raw: { other: number } }, { rows: z.infer<typeof Row> }>,
  ): Promise<void> => {};
  // @ts-expect-error: a function over other rows than the input's
  step('wrong function', { in: { raw }, out: { rows: table(Row) } }, elsewhere);
});

test('a model that is wired wrongly does not compile', () => {
  // @ts-expect-error: the step has no output "rowz"
  model('a', { ...sound, rows: step('s', { in: { raw }, out: { rows: table(Row) } }, noop).out.rowz });
  // @ts-expect-error: no such column
  model('b', { ...sound, target: 'cost' });
  // @ts-expect-error: a text column cannot be predicted by these trees
  model('c', { ...sound, target: 'id' });
  // @ts-expect-error: split by a column that is not there
  model('d', { ...sound, split: { by: 'day', test: 0.2 } });
  // @ts-expect-error: neither order nor group
  model('e', { ...sound, split: { test: 0.2 } });
  // @ts-expect-error: the gate uses a metric that is not measured
  model('f', { ...sound, promote: { alias: 'prod', when: lower('rmse') } });
  // @ts-expect-error: nor may a floor
  model('g', { ...sound, promote: { alias: 'prod', when: higher('r2'), atLeast: { rmse: 1 } } });
  // @ts-expect-error: no metric has this name
  model('h', { ...sound, metrics: ['mae', 'accuracy'] });
  // @ts-expect-error: a feature function of another request
  model('i', { ...sound, features: (request: { size: number }) => ({ size: request.size }) });
  // @ts-expect-error: a feature is a number
  model('j', { ...sound, features: ({ town }: z.infer<typeof Request>) => ({ town }) });
  // @ts-expect-error: the rows have no column "garden", so training could not ask for it
  model('k', { ...sound, request: Request.extend({ garden: z.boolean() }) });
  // @ts-expect-error: this trainer takes no "leaves"
  model('l', { ...sound, search: { trials: 2, space: { leaves: [2, 8] } } });
});

test('a target may be absent from some rows', () => {
  const over = <Price extends z.ZodType>(price: Price) =>
    step('rows', { in: { raw }, out: { rows: table(Row.extend({ price })) } }, noop).out.rows;
  model('price', { ...sound, rows: over(z.number().nullable()) });
  model('price', { ...sound, rows: over(z.int().optional()) });
  model('price', { ...sound, rows: over(z.number().nullish()) });
  // @ts-expect-error: a text that may be absent is no number
  model('n', { ...sound, rows: over(z.string().nullable()) });
  // @ts-expect-error: nor is a column that is always absent
  model('o', { ...sound, rows: over(z.null()) });
  // @ts-expect-error: the split needs its column of every row
  model('p', { ...sound, rows: over(z.number().nullable()), split: { by: 'price', test: 0.2 } });
});

test('options of a trainer are typed by its schema', () => {
  expectTypeOf(stumps({ depth: 3 })).toEqualTypeOf<
    Trainer<'stumps', { depth: number; learningRate: number; loss: 'squared' | 'absolute' }, 'number'>
  >();
  // @ts-expect-error: no such option
  stumps({ dept: 3 });
  // @ts-expect-error: a number is needed
  stumps({ depth: '3' });
  // @ts-expect-error: a text option cannot be searched
  model('m', { ...sound, search: { trials: 2, space: { loss: [0, 1] } } });
  defineTrainer({
    name: 'shift',
    learns: ['number'],
    open: () => Promise.reject(new Error('never opened')),
    options: z.object({ shift: z.number().default(0) }),
    async fit({ shift }, { train, validation }, { interval }) {
      expectTypeOf(shift).toEqualTypeOf<number>();
      expectTypeOf(train.target).toEqualTypeOf<Float64Array>();
      expectTypeOf(validation).toEqualTypeOf(train);
      expectTypeOf(interval).toEqualTypeOf<number>();
      return { files: [] };
    },
  });
  // @ts-expect-error: a fit returns files
  defineTrainer({ ...stumps.definition, fit: async () => ({}) });
  // @ts-expect-error: it must say what it learns
  defineTrainer({ ...stumps.definition, learns: undefined });
  // @ts-expect-error: nothing of this kind can be learned
  defineTrainer({ ...stumps.definition, learns: ['image'] });
});
