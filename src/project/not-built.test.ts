import { expect, test } from 'vitest';
import { z } from 'zod';
import { batch } from './batch.ts';
import { command } from './command.ts';
import { postgres } from './tables/database.ts';
import { defineProject } from './define.ts';
import { model } from './models/model.ts';
import { above } from './models/monitoring.ts';
import { isFetched, isTrained, notBuilt } from './not-built.ts';
import { posts } from './tables/origin.ts';
import { lower } from './models/promotion.ts';
import { secret } from './secret.ts';
import { sink } from './tables/sink.ts';
import { type Reader, source } from './tables/source.ts';
import { step } from './tables/step.ts';
import { table } from './tables/table.ts';
import { defineTrainer } from './models/trainer.ts';
import { stumps, stumpsDefinition } from './models/trainer.fixture.ts';
import { unlistedExports } from './unlisted.ts';

const Row = z.object({ id: z.string(), date: z.iso.date(), rooms: z.int(), price: z.number() });
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
const options = {
  rows: clean.out.rows,
  request: z.object({ rooms: z.int() }),
  features: ({ rooms }: { rooms: number }) => ({ rooms }),
  target: 'price',
  split: { by: 'date', group: 'id', test: 0.2 },
  trainer: stumps(),
  metrics: ['mae'],
  promote: { alias: 'prod', when: lower('mae') },
} as const;
const price = model('price', options);
const say = ({ declared, text }: { declared: string; text: string }): string => `${declared}: ${text}`;

test('a project of which everything runs has no notices', () => {
  expect(notBuilt(defineProject('houses', { models: [price], steps: [clean] }))).toEqual([]);
});

test('a declaration without effect is named, and so is what waits for its tables', () => {
  const report = command('report', { in: { raw }, out: { rows: table(Row) } }, 'make {in.raw} {out.rows}');
  const after = step('after', { in: { rows: report.out.rows }, out: { rows: table(Row) } }, async () => {});
  const late = model('late', { ...options, rows: after.out.rows });
  const soon = batch('soon', { model: price, rows: raw });
  const load = sink('load', { rows: soon, to: postgres(secret('DATABASE_URL')), key: 'id' });
  const project = defineProject('houses', { models: [price, late], steps: [load] });
  expect(notBuilt(project).map(say)).toEqual([
    'command report: Commands do not run yet.',
    'step after: It waits for command report, which does not run yet.',
    'batch soon: Batches do not run yet; predict with `modelyard predict` or the endpoint.',
    'sink load: Sinks do not load yet; the table can be downloaded from the run.',
    'model late: It waits for step after, which does not run yet.',
  ]);
});

test.each([
  [
    's3://bucket/houses.csv',
    'Files at s3 addresses are not fetched yet: download them, and name their folder.',
  ],
  [
    ['old.csv', 'S3://bucket/new/'],
    'Files at s3 addresses are not fetched yet: download them, and name their folder.',
  ],
  [posts(), 'Posted events are not received yet.'],
] as const)('a source of %j is named, and has no tasks', (from, text) => {
  const far = source('far', { ...reader, from });
  const late = model('late', { ...options, rows: far });
  const project = defineProject('houses', { models: [price, late] });
  expect(notBuilt(project).map(say)).toEqual([
    `source far: ${text}`,
    'model late: It waits for source far, which does not run yet.',
  ]);
  expect(project.sources.filter(isFetched)).toEqual([raw]);
});

test('options without effect are named', () => {
  const watched = model('price', {
    ...options,
    serve: { canary: { weight: 0.1, for: '1h', guard: ['errors'] }, log: { without: ['rooms'] } },
    monitor: { alerts: { worse: { when: above('mae', 20) } } },
    page: './page.tsx',
  });
  const project = defineProject('houses', {
    models: [watched],
    schedules: [{ cron: '0 2 * * *' }],
  });
  expect(notBuilt(project).map(say)).toEqual([
    'model price: `serve.canary` has no effect yet: a promoted version gets every request at once.',
    'model price: `serve.log.without` has no effect yet: every field is logged.',
    'model price: Alerts are not raised yet: "worse".',
    'model price: The page ./page.tsx is not shown yet: a generated page is.',
    'project houses: Schedules do not start runs yet: start them with `modelyard run`.',
  ]);
});

test('an exported declaration that the project does not use is named once', () => {
  const forgotten = step('forgotten', { in: { raw }, out: { rows: table(Row) } }, async () => {});
  const project = defineProject('houses', { models: [price] });
  const modules = [{ raw, clean, Row, options }, { price, forgotten, default: project }, { forgotten }];
  expect(unlistedExports(project, modules).map(say)).toEqual([
    'step forgotten: It is exported, but the project does not use it: add it to `steps`, or remove the export.',
  ]);
});

test('a model whose trainer does not train yet is named, and has no tasks', () => {
  const untrained = defineTrainer({ ...stumpsDefinition, unavailable: 'Forests do not train yet.' })();
  const other = model('other', { ...options, trainer: untrained });
  const compared = model('compared', { ...options, baselines: { forest: untrained } });
  const project = defineProject('houses', { models: [price, other, compared] });
  expect(notBuilt(project).map(say)).toEqual([
    'model other: Forests do not train yet.',
    'model compared: Forests do not train yet.',
  ]);
  expect(project.models.filter(isTrained).map(({ name }) => name)).toEqual(['price']);
});
