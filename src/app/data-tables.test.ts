import { expect, test } from 'vitest';
import { csv } from '../sources/csv/csv.ts';
import { z } from 'zod';
import { defineProject } from '../project/define.ts';
import { model } from '../project/models/model.ts';
import { lower } from '../project/models/promotion.ts';
import { source } from '../project/tables/source.ts';
import { step } from '../project/tables/step.ts';
import { table } from '../project/tables/table.ts';
import { boostedTrees } from '../training/boosted-trees/trainer.ts';
import { dataTables, leftOutOf } from './data-tables.ts';

const Question = z.object({ size: z.number() });
const Row = z.object({ id: z.string(), sold: z.iso.date(), ...Question.shape, price: z.number() });

test('reasons that a source declares are those of the tables that are made of it', () => {
  const leftOut = {
    id: 'an id says nothing about other lines',
    sold: 'left out by --without',
    size: 'it is a feature all the same',
    note: 'nearly every line has another text',
    ['__proto__']: 'code cannot use this name',
  };
  const sales = source('sales', csv({ from: 'sales.csv', row: Row }), { leftOut });
  const clean = step('clean', { in: { sales }, out: { rows: table(Row) } }, async () => {});
  const price = model('price', {
    rows: clean.out.rows,
    request: Question,
    features: ({ size }) => ({ size }),
    target: 'price',
    split: { by: 'sold', test: 0.2 },
    trainer: boostedTrees(),
    metrics: ['mae'],
    promote: { alias: 'prod', when: lower('mae') },
  });
  const [learned, raw] = dataTables(defineProject('sales-of-houses', { models: [price] }));
  expect(learned && leftOutOf(learned).map(({ name }) => name)).toEqual(['id', 'sold', 'note', '__proto__']);
  expect(raw && leftOutOf(raw)).toEqual([
    { name: 'note', reason: 'nearly every line has another text' },
    { name: '__proto__', reason: 'code cannot use this name' },
  ]);
});
