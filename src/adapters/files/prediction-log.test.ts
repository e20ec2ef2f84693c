import { appendFile, mkdtemp, readFile, readdir, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { newPredictionId } from '../../kernel/ids.ts';
import { seededRandom } from '../../kernel/random.ts';
import { predictionLogContract, predictionRecord } from '../../serving/prediction-log.contract.ts';
import type { PredictionRecord } from '../../serving/prediction-log.ts';
import { openPredictionLog } from './prediction-log.ts';

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-log-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const start = 1_700_000_000_000;

predictionLogContract('files', async () => openPredictionLog(await temporaryFolder()));
predictionLogContract('files, small segments', async () =>
  openPredictionLog(await temporaryFolder(), { segmentBytes: 1000 }),
);

test('under sync a record is in the file when its append returns', async () => {
  const folder = await temporaryFolder();
  await using log = await openPredictionLog(folder);
  const record = predictionRecord(start);
  expect(await log.append([record], 'sync')).toBe(true);
  const [name = ''] = await readdir(folder);
  expect(name).toBe(`${record.predictionId}.jsonl`);
  expect(JSON.parse(await readFile(join(folder, name), 'utf8'))).toEqual(record);
});

test('under async records wait for company and are written when the log closes', async () => {
  const folder = await temporaryFolder();
  const log = await openPredictionLog(folder, { flushMs: 60_000 });
  const records = Array.from({ length: 10 }, (_, at) => predictionRecord(start + at));
  for (const record of records) expect(await log.append([record], 'async')).toBe(true);
  expect(await readdir(folder)).toEqual([]);
  await log[Symbol.asyncDispose]();
  await using after = await openPredictionLog(folder);
  expect(await after.find(records[9]?.predictionId ?? newPredictionId(0))).toEqual(records[9]);
  expect(await log.append([predictionRecord(start)], 'async')).toBe(false);
  expect(log.lost).toBe(1);
});

test('segments follow each other, named by their first prediction; one that ended late is found', async () => {
  const folder = await temporaryFolder();
  await using log = await openPredictionLog(folder, { segmentBytes: 1000 });
  const late = predictionRecord(start + 44);
  const records = Array.from({ length: 40 }, (_, at) => predictionRecord(start + at * 10));
  for (const [at, record] of records.entries()) {
    await log.append([record], 'sync');
    if (at === 6) await log.append([late], 'sync');
  }
  const names = (await readdir(folder)).toSorted();
  expect(names.length).toBeGreaterThan(5);
  expect(names[0]).toBe(`${records[0]?.predictionId}.jsonl`);
  for (const name of names) expect((await stat(join(folder, name))).size).toBeLessThan(1500);
  for (const record of [...records, late]) expect(await log.find(record.predictionId)).toEqual(record);
});

test('many segments of one millisecond are all looked at', async () => {
  const folder = await temporaryFolder();
  await using log = await openPredictionLog(folder, { segmentBytes: 300 });
  const records = Array.from({ length: 40 }, () => predictionRecord(start));
  for (const record of records) await log.append([record], 'sync');
  expect((await readdir(folder)).length).toBeGreaterThan(10);
  for (const record of records) expect(await log.find(record.predictionId)).toEqual(record);
});

test('a line that a crash cut off is passed over, those before it are there', async () => {
  const folder = await temporaryFolder();
  const records = [predictionRecord(start), predictionRecord(start + 1)] as const;
  {
    await using log = await openPredictionLog(folder);
    for (const record of records) await log.append([record], 'async');
  }
  const path = join(folder, `${records[0].predictionId}.jsonl`);
  await truncate(path, (await stat(path)).size - 5);
  await using log = await openPredictionLog(folder);
  expect(await log.find(records[0].predictionId)).toEqual(records[0]);
  expect(await log.find(records[1].predictionId)).toBeUndefined();
  const next = predictionRecord(start + 2);
  await log.append([next], 'sync');
  expect(await log.find(next.predictionId)).toEqual(next);
});

test('a line in the middle that is no JSON does not hide what comes after it', async () => {
  const folder = await temporaryFolder();
  const record = predictionRecord(start);
  const first = newPredictionId(start - 1);
  await appendFile(
    join(folder, `${first}.jsonl`),
    `{"predictionId":"${record.predictionId}","fea\n${JSON.stringify(record)}\n`,
  );
  await using log = await openPredictionLog(folder);
  expect(await log.find(record.predictionId)).toEqual(record);
});

test('a disk that refuses fails no async prediction: the oldest waiting are lost, the rest is written when it is back', async () => {
  const folder = join(await temporaryFolder(), 'log');
  const size = JSON.stringify(predictionRecord(start)).length + 1;
  const heard: string[] = [];
  await using log = await openPredictionLog(folder, {
    waitingBytes: size * 10,
    lost: (project, records) => heard.push(`${project} lost ${records}`),
    failing: () => heard.push('failing'),
    recovered: () => heard.push('recovered'),
  });
  await rm(folder, { recursive: true });
  const records = Array.from({ length: 25 }, (_, at) => predictionRecord(start + at));
  const refused = predictionRecord(start + 50);
  for (const record of records) expect(await log.append([record], 'async')).toBe(true);
  expect(await log.append([refused], 'sync'), 'a sync one fails').toBe(false);
  expect(log.lost).toBe(16);
  await openPredictionLog(folder);
  expect(await log.append([predictionRecord(start + 100)], 'sync')).toBe(true);
  const found = await Promise.all(records.map((record) => log.find(record.predictionId)));
  expect(found.map((record) => record?.at)).toEqual(
    records.map((record, at) => (at < 16 ? undefined : record.at)),
  );
  expect(await log.find(refused.predictionId), 'what failed is not in the log').toBeUndefined();
  expect(heard).toEqual([...Array(16).fill('t20 lost 1'), 'failing', 'recovered']);
});

test('records that cannot be written when the log closes are an error of the close', async () => {
  const folder = join(await temporaryFolder(), 'log');
  const lost: number[] = [];
  const log = await openPredictionLog(folder, { lost: (_project, records) => lost.push(records) });
  await rm(folder, { recursive: true });
  await log.append([predictionRecord(start), predictionRecord(start)], 'async');
  await expect(log[Symbol.asyncDispose]()).rejects.toMatchObject({
    code: 'PREDICTIONS_LOST',
    detail: { field: folder, value: expect.stringMatching(/^2 records, .*ENOENT/) },
  });
  expect([lost, log.lost]).toEqual([[2], 2]);
});

test('lines that were cut off are written again, into a file that may end within one', async () => {
  const folder = await temporaryFolder();
  const record = predictionRecord(start);
  await appendFile(join(folder, `${record.predictionId}.jsonl`), '{"predictionId":"cut');
  await using log = await openPredictionLog(folder);
  expect(await log.append([record], 'sync')).toBe(true);
  expect(await log.find(record.predictionId)).toEqual(record);
});

const hour = 3_600_000;

test('a clock that steps back loses no prediction, within a file and across restarts', async () => {
  const folder = await temporaryFolder();
  const random = seededRandom(3);
  const records: PredictionRecord[] = [];
  let at = start;
  for (const step of [0, -5, +9, -7, -1, +30, -48, 0, +2]) {
    await using log = await openPredictionLog(folder, { segmentBytes: 2000 });
    at += step * hour;
    for (let count = 0; count < 25; count++) {
      // Now and then the clock is set within a process too, far or by a few milliseconds.
      at += random() < 0.2 ? Math.round((random() - 0.6) * 3 * hour) : Math.round(random() * 20) - 5;
      const record = predictionRecord(at);
      records.push(record);
      await log.append([record], count % 2 === 0 ? 'sync' : 'async');
    }
    for (const record of records) expect(await log.find(record.predictionId)).toEqual(record);
  }
  await using log = await openPredictionLog(folder);
  for (const record of records) expect(await log.find(record.predictionId)).toEqual(record);
  expect(await log.find(newPredictionId(start))).toBeUndefined();
});

test('a batch within which the clock steps back is found whole', async () => {
  const folder = await temporaryFolder();
  const records = [0, 1, -3 * hour, -3 * hour + 1, 2, 5 * hour, 3].map((ms) => predictionRecord(start + ms));
  {
    await using log = await openPredictionLog(folder, { flushMs: 60_000 });
    for (const record of records) await log.append([record], 'async');
  }
  await using log = await openPredictionLog(folder);
  for (const record of records) expect(await log.find(record.predictionId)).toEqual(record);
  expect((await readdir(folder)).length, 'a file for each step back').toBe(3);
});
