import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { BatchView, NewBatchView } from '../api/batch-views.ts';
import { PlatformError } from '../kernel/errors.ts';
import { defineProject } from '../project/define.ts';
import { forecast } from '../project/models/forecast.ts';
import { rollingOrigin, theta } from '../project/models/forecaster.ts';
import { lower } from '../project/models/promotion.ts';
import { source } from '../project/tables/source.ts';
import { table } from '../project/tables/table.ts';
import { housesProject } from '../lifecycle/houses.fixture.ts';
import type { BatchId } from '../serving/batch/batch.ts';
import { type HousesApp, openHousesApp } from './houses-app.fixture.ts';

async function openTrained(): Promise<HousesApp> {
  const opened = await openHousesApp(housesProject());
  await opened.run({ project: 'houses' });
  return opened;
}

async function* piecesOf(content: string | Uint8Array): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(content);
  for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
}

const create = (
  { app }: HousesApp,
  content: string | Uint8Array,
  more: { readonly file?: string; readonly start?: boolean } = {},
): Promise<NewBatchView> =>
  app.createBatch({ endpoint: 'house-price', file: 'coming.csv', content: piecesOf(content), ...more });

async function finish({ app, batchWorker }: HousesApp, { id }: BatchView): Promise<BatchView> {
  await app.startBatch({ batch: id });
  await batchWorker.perform(id as BatchId);
  return app.getBatch({ batch: id });
}

async function outputOf({ app }: HousesApp, { id }: BatchView): Promise<string> {
  return text((await app.downloadBatch({ batch: id })).content);
}

const coming = [
  'street,size,garden',
  '"Mill Lane, 1",80,yes',
  'High Street,-5,no',
  'Short',
  '=cmd|A1,120,true',
  '',
].join('\n');

test('a file is stored with its columns matched and its first rows predicted, and nothing starts', async () => {
  await using opened = await openTrained();
  const batch = await create(opened, coming);
  expect(batch).toMatchObject({
    endpoint: 'house-price',
    version: 1,
    file: 'coming.csv',
    size: coming.length,
    status: 'ready',
    rows: { total: null, done: 0, refused: 0 },
    matched: [
      { field: 'size', column: 'size' },
      { field: 'garden', column: 'garden' },
    ],
    ignored: ['street'],
    absent: [],
    preview: {
      columns: ['street', 'size', 'garden', 'prediction', 'low', 'high', 'version', 'error'],
      inputColumns: 3,
      refused: 2,
    },
  });
  const [first] = batch.preview.rows;
  const one = await opened.app.predict({ endpoint: 'house-price', request: { size: 80, garden: true } });
  expect(first?.slice(0, 4)).toEqual(['Mill Lane, 1', '80', 'yes', String(one.prediction)]);
  expect(await opened.app.listBatches({ endpoint: 'house-price', limit: 9 })).toMatchObject([
    { id: batch.id },
  ]);
  await expect(opened.app.downloadBatch({ batch: batch.id })).rejects.toThrow('Start the batch first');
});

test('the output has every row in order, with a prediction or a reason', async () => {
  await using opened = await openTrained();
  const ended = await finish(opened, await create(opened, coming));
  expect(ended).toMatchObject({
    status: 'finished',
    rows: { total: 4, done: 4, refused: 2 },
    endedAt: expect.any(Number),
  });
  const { app } = opened;
  const of = async (size: number): Promise<string> => {
    const { prediction, ...rest } = await app.predict({
      endpoint: 'house-price',
      request: { size, garden: true },
    });
    const { low = 0, high = 0 } = 'interval' in rest ? (rest.interval ?? {}) : {};
    return `${prediction},${low},${high},1,`;
  };
  const output = await app.downloadBatch({ batch: ended.id });
  expect(output.name).toBe('coming-house-price-v1.csv');
  expect(await text(output.content)).toBe(
    [
      'street,size,garden,prediction,low,high,version,error',
      `"Mill Lane, 1",80,yes,${await of(80)}`,
      'High Street,-5,no,,,,1,"size must be a number of at least 0 m², such as 80 (got -5)"',
      `Short,,,,,,1,"The header has 3 fields, this line 1."`,
      `'=cmd|A1,120,true,${await of(120)}`,
      '',
    ].join('\n'),
  );
});

test('a line with empty fields beyond the header is predicted, as csv() reads it', async () => {
  await using opened = await openTrained();
  const { preview } = await create(opened, 'street,size,garden\nMill Lane,80,yes,,\nShort,80,yes,,x\n');
  const errors = preview.rows.map((cells) => cells.at(-1));
  expect(errors).toEqual(['', 'The header has 3 fields, this line 5.']);
});

test('predictions of a file are not in the prediction log', async () => {
  await using opened = await openTrained();
  await finish(opened, await create(opened, coming));
  const ids = await opened.app.findIds({
    kind: 'prediction',
    prefix: Date.now().toString(16).padStart(12, '0').slice(0, 8),
  });
  expect(ids).toEqual([]);
});

test('a file without a required column is refused, and leaves nothing', async () => {
  await using opened = await openTrained();
  await expect(create(opened, 'Size (m²),street\n80,Mill Lane\n')).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    message: expect.stringContaining(
      'header of coming.csv must have the columns "size" and "garden" (got ["Size (m²)","street"])',
    ),
  });
  await expect(create(opened, '')).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  await expect(create(opened, gzipSync('size,garden\n80,yes\n').subarray(0, 30))).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    message: expect.stringContaining('gzip'),
  });
  expect(await opened.app.listBatches({ endpoint: 'house-price', limit: 9 })).toEqual([]);
});

test('a gzip file is read', async () => {
  await using opened = await openTrained();
  const packed = await create(opened, gzipSync('size,garden\n80,yes\n'), { file: 'coming.csv.gz' });
  const plain = await create(opened, 'size,garden\n80,yes\n');
  expect(packed.preview).toEqual(plain.preview);
  await finish(opened, packed);
  await finish(opened, plain);
  expect(await outputOf(opened, packed)).toBe(await outputOf(opened, plain));
});

test('every row is predicted by the version that was live when the file was sent', async () => {
  await using opened = await openTrained();
  const batch = await create(opened, 'size,garden\n80,yes\n');
  await opened.host(housesProject({}, 60));
  await opened.run({ project: 'houses' });
  await opened.followed();
  const now = await opened.app.predict({ endpoint: 'house-price', request: { size: 80, garden: true } });
  expect(now.version).toBe(2);
  await finish(opened, batch);
  const [, line] = (await outputOf(opened, batch)).split('\n');
  expect(line).toBe(batch.preview.rows[0]?.join(','));
});

const many = `size,garden\n${Array.from({ length: 2000 }, (_row, index) => `${index % 7 === 0 ? '' : 30 + (index % 200)},${index % 2 === 0}`).join('\n')}\n`;

test('a batch whose process died continues, and its output is the same bytes', async () => {
  await using opened = await openTrained();
  const [whole, cut] = [await create(opened, many), await create(opened, many)];
  await finish(opened, whole);
  await opened.app.startBatch({ batch: cut.id });
  const { batches } = opened.batches;
  // The first process stores two parts and is gone.
  let parts = 0;
  const dying = opened.openBatchWorker('dying', {
    partEvery: 0,
    batches: {
      ...batches,
      async advance(id, owner, progress) {
        if (parts++ === 3) throw new Error('killed');
        return batches.advance(id, owner, progress);
      },
      end: async () => false,
    },
  });
  await dying.perform(cut.id as BatchId);
  expect(await opened.app.getBatch({ batch: cut.id })).toMatchObject({
    status: 'running',
    rows: { total: 2000, done: 200 },
  });
  await opened.batchWorker.perform(cut.id as BatchId);
  const ended = await opened.app.getBatch({ batch: cut.id });
  expect(ended).toMatchObject({ status: 'finished', rows: { total: 2000, done: 2000, refused: 286 } });
  expect(await outputOf(opened, ended)).toBe(await outputOf(opened, whole));
  expect(ended.outputSize).toBe(Buffer.byteLength(await outputOf(opened, whole)));
});

test('rows whose processes keep dying end the batch with a reason', async () => {
  await using opened = await openTrained();
  const batch = await create(opened, many, { start: true });
  for (const owner of ['first', 'second', 'third'])
    await opened.batches.batches.claim({ projects: ['houses'], owner, now: 1, id: batch.id as BatchId });
  await opened.batchWorker.perform(batch.id as BatchId);
  expect(await opened.app.getBatch({ batch: batch.id })).toMatchObject({
    status: 'failed',
    error: { detail: { value: '3 processes ended after row 0' } },
  });
});

test('a running batch is cancelled after the rows that it works on, and continues when it is started again', async () => {
  await using opened = await openTrained();
  const batch = await create(opened, many, { start: true });
  const { batches } = opened.batches;
  let parts = 0;
  const worker = opened.openBatchWorker('one', {
    partEvery: 0,
    batches: {
      ...batches,
      async advance(id, owner, progress) {
        if (parts++ === 2) await opened.app.cancelBatch({ batch: id });
        return batches.advance(id, owner, progress);
      },
    },
  });
  await worker.perform(batch.id as BatchId);
  expect(await opened.app.getBatch({ batch: batch.id })).toMatchObject({
    status: 'cancelled',
    rows: { total: 2000, done: 200 },
  });
  const part = await opened.app.downloadBatch({ batch: batch.id });
  expect(part.name).toBe('coming-house-price-v1-incomplete.csv');
  expect((await text(part.content)).split('\n')).toHaveLength(202);
  expect(await finish(opened, batch)).toMatchObject({ status: 'finished', rows: { done: 2000 } });
});

test('a waiting batch is cancelled at once, and files that expired are removed', async () => {
  await using opened = await openTrained();
  const batch = await create(opened, many, { start: true });
  expect(await opened.app.cancelBatch({ batch: batch.id })).toMatchObject({ status: 'cancelled' });
  let time = Date.now() + 6 * 86_400_000;
  const later = opened.openBatchWorker('later', { now: () => time });
  later.start();
  await later[Symbol.asyncDispose]();
  expect(await opened.app.getBatch({ batch: batch.id })).toMatchObject({ id: batch.id });
  time += 2 * 86_400_000;
  await using muchLater = opened.openBatchWorker('much later', { now: () => time });
  await muchLater.expire();
  await expect(opened.app.getBatch({ batch: batch.id })).rejects.toMatchObject({ code: 'BATCH_NOT_FOUND' });
  expect(opened.errors).toEqual([]);
});

test('without a live version and for an unknown endpoint, a file is refused', async () => {
  await using opened = await openHousesApp(housesProject());
  const none = opened.app.createBatch({
    endpoint: 'house-price',
    content: piecesOf('size,garden\n80,yes\n'),
  });
  await expect(none).rejects.toMatchObject({ code: 'NOT_READY' });
  await expect(
    opened.app.createBatch({ endpoint: 'rent', content: piecesOf('size\n80\n') }),
  ).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
});

test('without a live version because it was held, a prediction and a file say why, and the command', async () => {
  const always = housesProject({ promote: { alias: 'prod', when: lower('mae'), atMost: { mae: 0 } } });
  await using opened = await openHousesApp(always);
  await opened.run({ project: 'houses' });
  const held = {
    code: 'VERSION_HELD',
    message: expect.stringMatching(
      /Version 1 is held: MAE .* is above 0.*To serve it all the same: `modelyard models promote house-price 1`/,
    ),
  };
  const request = { size: 80, garden: true };
  await expect(opened.app.predict({ endpoint: 'house-price', request })).rejects.toMatchObject(held);
  await expect(create(opened, coming)).rejects.toMatchObject(held);
});

test('a row whose features throw has the reason, and those beside it are predicted', async () => {
  const project = housesProject({
    features: ({ size, garden }: { readonly size: number; readonly garden: boolean }) => {
      if (size === 999) throw new Error('no such house');
      return { size: size / 10, garden: Number(garden) };
    },
  } as never);
  await using opened = await openHousesApp(project);
  await opened.run({ project: 'houses' });
  const ended = await finish(opened, await create(opened, 'size,garden\n80,yes\n999,no\n90,no\n'));
  expect(ended.rows).toEqual({ total: 3, done: 3, refused: 1 });
  const lines = (await outputOf(opened, ended)).split('\n');
  expect(lines[2]).toContain('no such house');
  expect([lines[1], lines[3]].map((line) => line?.split(',')[2] !== '')).toEqual([true, true]);
});

test('a full disk ends the batch with a reason, and it continues once there is room', async () => {
  await using opened = await openTrained();
  const batch = await create(opened, many, { start: true });
  const { files } = opened.batches;
  const full = opened.openBatchWorker('one', {
    partEvery: 0,
    files: {
      ...files,
      async putPart(id, part, content) {
        if (part === 2)
          throw new PlatformError('STATE_UNWRITABLE', {
            field: 'batches',
            value: 'ENOSPC',
            remedy: 'The disk is full: free space and run again.',
          });
        return files.putPart(id, part, content);
      },
    },
  });
  await full.perform(batch.id as BatchId);
  expect(await opened.app.getBatch({ batch: batch.id })).toMatchObject({
    status: 'failed',
    rows: { done: 200 },
    error: { code: 'STATE_UNWRITABLE' },
  });
  const whole = await finish(opened, await create(opened, many));
  const ended = await finish(opened, batch);
  expect(await outputOf(opened, ended)).toBe(await outputOf(opened, whole));
});

test('an end that the database does not take is stored later', async () => {
  await using opened = await openTrained();
  const batch = await create(opened, coming, { start: true });
  const { batches } = opened.batches;
  let tries = 0;
  const worker = opened.openBatchWorker('one', {
    every: 1,
    batches: {
      ...batches,
      async end(...args) {
        if (tries++ < 2) throw new Error('the database is away');
        return batches.end(...args);
      },
    },
  });
  await worker.perform(batch.id as BatchId);
  expect(await opened.app.getBatch({ batch: batch.id })).toMatchObject({ status: 'finished' });
});

test('a forecast takes no file, and the error says what to send', async () => {
  const Row = z.object({ shop: z.string(), month: z.iso.date(), sold: z.number() });
  const history = source('history', {
    kind: 'rows',
    version: 1,
    from: 'houses.csv',
    options: {},
    table: table(Row),
    async *read() {},
  });
  const sales = forecast('sales', {
    rows: history,
    series: 'shop',
    time: 'month',
    value: 'sold',
    horizon: 6,
    candidates: [theta()],
    evaluate: rollingOrigin({ folds: 2 }),
    metrics: ['mae'],
    promote: { alias: 'prod', when: lower('mae') },
  });
  await using opened = await openHousesApp(defineProject('shops', { models: [sales] }));
  await expect(
    opened.app.createBatch({ endpoint: 'sales', content: piecesOf('shop\nYork\n') }),
  ).rejects.toMatchObject({
    code: 'MODEL_UNSUPPORTED',
    message: expect.stringContaining('POST /predict/sales'),
  });
});
