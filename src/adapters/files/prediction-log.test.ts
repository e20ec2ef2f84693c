import { appendFile, mkdtemp, readFile, readdir, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { newPredictionId } from '../../kernel/ids.ts';
import { predictionLogContract, predictionRecord } from '../../serving/prediction-log.contract.ts';
import { openPredictionLog } from './prediction-log.ts';

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-log-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const start = 1_700_000_000_000;

predictionLogContract('files, async', async () => openPredictionLog(await temporaryFolder()));
predictionLogContract('files, sync', async () =>
  openPredictionLog(await temporaryFolder(), { durability: 'sync' }),
);
predictionLogContract('files, small segments', async () =>
  openPredictionLog(await temporaryFolder(), { segmentBytes: 1000, durability: 'sync' }),
);

test('under sync a record is in the file when its append returns', async () => {
  const folder = await temporaryFolder();
  await using log = await openPredictionLog(folder, { durability: 'sync' });
  const record = predictionRecord(start);
  expect(await log.append(record)).toBe(true);
  const [name = ''] = await readdir(folder);
  expect(name).toBe(`${record.id}.jsonl`);
  expect(JSON.parse(await readFile(join(folder, name), 'utf8'))).toEqual(record);
});

test('under async records wait for company and are written when the log closes', async () => {
  const folder = await temporaryFolder();
  const log = await openPredictionLog(folder, { flushMs: 60_000 });
  const records = Array.from({ length: 10 }, (_, at) => predictionRecord(start + at));
  for (const record of records) expect(await log.append(record)).toBe(true);
  expect(await readdir(folder)).toEqual([]);
  await log[Symbol.asyncDispose]();
  await using after = await openPredictionLog(folder);
  expect(await after.find(records[9]?.id ?? newPredictionId(0))).toEqual(records[9]);
  expect(await log.append(predictionRecord(start))).toBe(false);
  expect(log.dropped).toBe(1);
});

test('segments follow each other, named by their first prediction; one that ended late is found', async () => {
  const folder = await temporaryFolder();
  await using log = await openPredictionLog(folder, { segmentBytes: 1000, durability: 'sync' });
  const late = predictionRecord(start + 44);
  const records = Array.from({ length: 40 }, (_, at) => predictionRecord(start + at * 10));
  for (const [at, record] of records.entries()) {
    await log.append(record);
    if (at === 6) await log.append(late);
  }
  const names = (await readdir(folder)).toSorted();
  expect(names.length).toBeGreaterThan(5);
  expect(names[0]).toBe(`${records[0]?.id}.jsonl`);
  for (const name of names) expect((await stat(join(folder, name))).size).toBeLessThan(1500);
  for (const record of [...records, late]) expect(await log.find(record.id)).toEqual(record);
});

test('many segments of one millisecond are all looked at', async () => {
  const folder = await temporaryFolder();
  await using log = await openPredictionLog(folder, { segmentBytes: 300, durability: 'sync' });
  const records = Array.from({ length: 40 }, () => predictionRecord(start));
  for (const record of records) await log.append(record);
  expect((await readdir(folder)).length).toBeGreaterThan(10);
  for (const record of records) expect(await log.find(record.id)).toEqual(record);
});

test('a line that a crash cut off is passed over, those before it are there', async () => {
  const folder = await temporaryFolder();
  const records = [predictionRecord(start), predictionRecord(start + 1)] as const;
  {
    await using log = await openPredictionLog(folder);
    for (const record of records) await log.append(record);
  }
  const path = join(folder, `${records[0].id}.jsonl`);
  await truncate(path, (await stat(path)).size - 5);
  await using log = await openPredictionLog(folder, { durability: 'sync' });
  expect(await log.find(records[0].id)).toEqual(records[0]);
  expect(await log.find(records[1].id)).toBeUndefined();
  const next = predictionRecord(start + 2);
  await log.append(next);
  expect(await log.find(next.id)).toEqual(next);
});

test('a line in the middle that is no JSON does not hide what comes after it', async () => {
  const folder = await temporaryFolder();
  const record = predictionRecord(start);
  const first = newPredictionId(start - 1);
  await appendFile(join(folder, `${first}.jsonl`), `{"id":"${record.id}","fea\n${JSON.stringify(record)}\n`);
  await using log = await openPredictionLog(folder);
  expect(await log.find(record.id)).toEqual(record);
});

test('a disk that refuses never fails a prediction: the oldest waiting go, and the rest is written when it is back', async () => {
  const folder = join(await temporaryFolder(), 'log');
  const size = JSON.stringify(predictionRecord(start)).length + 1;
  await using log = await openPredictionLog(folder, { durability: 'sync', waitingBytes: size * 10 });
  await rm(folder, { recursive: true });
  const records = Array.from({ length: 25 }, (_, at) => predictionRecord(start + at));
  const kept = await Promise.all(records.map((record) => log.append(record)));
  expect(kept.every((isKept) => !isKept)).toBe(true);
  expect(log.dropped).toBe(15);
  await openPredictionLog(folder);
  expect(await log.append(predictionRecord(start + 100))).toBe(true);
  const found = await Promise.all(records.map((record) => log.find(record.id)));
  expect(found.map((record) => record?.at)).toEqual(
    records.map((record, at) => (at < 16 ? undefined : record.at)),
  );
});
