import { text } from 'node:stream/consumers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { PlatformError } from '../kernel/errors.ts';
import { type BatchId, newBatchId } from '../serving/batch/batch.ts';
import { coming, create, finish, many, openTrained, outputOf, piecesOf } from './batches.fixture.ts';

test('a process that wakes after another took over overwrites none of its rows', async () => {
  await using opened = await openTrained();
  const [whole, cut] = [await create(opened, many), await create(opened, many, { start: true })];
  await finish(opened, whole);
  const { batches, files } = opened.batches;
  // The first process has stored 200 rows and freezes before it writes the next part, which has more rows than that of the other.
  let wake = (): void => {};
  const woken = new Promise<void>((resolve) => (wake = resolve));
  let freeze = (): void => {};
  const frozen = new Promise<void>((resolve) => (freeze = resolve));
  const sleeper = opened.openBatchWorker('sleeper', {
    partEvery: 0,
    files: {
      ...files,
      async putPart(id, part, content) {
        if (part.part === 2) {
          freeze();
          await woken;
          content = Buffer.from('rows of a frozen process\n'.repeat(9));
        }
        return files.putPart(id, part, content);
      },
    },
  });
  const slept = sleeper.perform(cut.id as BatchId);
  await frozen;
  await opened.batchWorker.perform(cut.id as BatchId);
  wake();
  await slept;
  const ended = await opened.app.getBatch({ batch: cut.id });
  expect(ended).toMatchObject({ status: 'finished', rows: { total: 2000, done: 2000 } });
  expect(await outputOf(opened, ended)).toBe(await outputOf(opened, whole));
  expect((await batches.find(cut.id as BatchId))?.writers).toHaveLength(2);
});

test('a batch that continues counts each unlike row once, and its output names the part of its writer', async () => {
  await using opened = await openTrained();
  const unlike = many.replaceAll(/^1(\d\d),/gm, '9$1,');
  const [whole, cut] = [await create(opened, unlike), await create(opened, unlike, { start: true })];
  const { warnings } = await finish(opened, whole);
  expect(warnings).toMatchObject([{ field: 'size', title: 'Size', unlike: 'outside' }]);
  expect(warnings[0]?.message).toMatch(/^Size: outside \d+ to \d+ in [\d,]+ rows\.$/);
  const sizes = unlike.split('\n').flatMap((line) => (/^\d/.test(line) ? [Number.parseInt(line, 10)] : []));
  const { seen } = await opened.app.getEndpoint({ endpoint: 'house-price' });
  const size = seen['size'];
  if (size?.kind !== 'number') throw new TypeError('size is a number');
  expect(warnings[0]?.rows).toBe(sizes.filter((each) => each < size.low || each > size.high).length);
  const { batches } = opened.batches;
  let parts = 0;
  const dying = opened.openBatchWorker('dying', {
    partEvery: 0,
    batches: {
      ...batches,
      async advance(id, owner, progress) {
        if (parts++ === 9) throw new Error('killed');
        return batches.advance(id, owner, progress);
      },
      end: async () => false,
    },
  });
  await dying.perform(cut.id as BatchId);
  await opened.batchWorker.perform(cut.id as BatchId);
  expect((await opened.app.getBatch({ batch: cut.id })).warnings).toEqual(warnings);
});

test('files that no batch names are removed after a day, and no others', async () => {
  await using opened = await openTrained();
  const named = await create(opened, coming);
  const { files } = opened.batches;
  const lost = newBatchId();
  await files.putInput(lost, piecesOf(coming));
  const at = (time: number): Promise<void> => opened.openBatchWorker('later', { now: () => time }).expire();
  await at(Date.now());
  expect(new Set(await files.stored())).toEqual(new Set([named.id, lost]));
  await at(Date.now() + 2 * 86_400_000);
  expect(await files.stored()).toEqual([named.id]);
  expect(await finish(opened, named)).toMatchObject({ status: 'finished' });
});

test('a batch that is started while it expires keeps its files', async () => {
  await using opened = await openTrained();
  const batch = await create(opened, coming);
  const { batches } = opened.batches;
  const time = Date.now() + 8 * 86_400_000;
  const late = opened.openBatchWorker('late', {
    now: () => time,
    batches: {
      ...batches,
      async expired(now) {
        const found = await batches.expired(now);
        await opened.app.startBatch({ batch: batch.id });
        return found;
      },
    },
  });
  await late.expire();
  await opened.batchWorker.perform(batch.id as BatchId);
  expect(await opened.app.getBatch({ batch: batch.id })).toMatchObject({ status: 'finished' });
});

test('a file is not copied to its end after a cancellation', async () => {
  await using opened = await openTrained();
  const batch = await create(opened, many, { start: true });
  const { files } = opened.batches;
  let pieces = 0;
  const worker = opened.openBatchWorker('one', {
    every: 1,
    files: {
      ...files,
      async *readInput() {
        for (; ; pieces++) {
          yield Buffer.from('size,garden\n');
          if (pieces === 3) {
            await opened.app.cancelBatch({ batch: batch.id });
            worker.wake();
          }
          if (pieces >= 3) await nextTurn();
        }
      },
    },
  });
  await worker.perform(batch.id as BatchId);
  expect(await opened.app.getBatch({ batch: batch.id })).toMatchObject({
    status: 'cancelled',
    rows: { total: null, done: 0 },
  });
});

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

test('a full disk ends the batch with a reason, and it continues once there is room', async () => {
  await using opened = await openTrained();
  const batch = await create(opened, many, { start: true });
  const { files } = opened.batches;
  const full = opened.openBatchWorker('one', {
    partEvery: 0,
    files: {
      ...files,
      async putPart(id, part, content) {
        if (part.part === 2)
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
