import { expect, test } from 'vitest';
import { newPredictionId, type PredictionId } from '../kernel/ids.ts';
import type { PredictionLog, PredictionRecord } from './prediction-log.ts';

/** A record made at a time; what is not given is the same in all of them. */
export function predictionRecord(at: number, change: Partial<PredictionRecord> = {}): PredictionRecord {
  return {
    predictionId: newPredictionId(at),
    at,
    project: 't20',
    endpoint: 'score',
    model: 't20-score',
    version: 3,
    request: { battingTeam: 'India', wickets: 2 },
    features: { wicketsLeft: 8, runRate: 7.5 },
    kind: 'number',
    prediction: 171.25,
    interval: { low: 150, high: 190, level: 0.8 },
    latencyMs: 0.4,
    ...change,
  } as PredictionRecord;
}

/** What every prediction log must do; each adapter's test is one call of this. `open` makes an empty log. */
export function predictionLogContract(label: string, open: () => Promise<PredictionLog>): void {
  test(`${label}: finds each record that was appended, and nothing else`, async () => {
    await using log = await open();
    const records = Array.from({ length: 200 }, (_, at) =>
      predictionRecord(1_700_000_000_000 + at * 10, { latencyMs: at }),
    );
    expect(await Promise.all(records.map((record) => log.append([record], 'async')))).not.toContain(false);
    for (const record of [records[0], records[117], records[199]]) {
      expect(record && (await log.find(record.predictionId))).toEqual(record);
    }
    expect(await log.find(newPredictionId(1_700_000_000_500))).toBeUndefined();
    expect(await log.find('0' as PredictionId)).toBeUndefined();
    expect(log.lost).toBe(0);
  });

  test(`${label}: records are found by the first characters of their ids, the latest first`, async () => {
    await using log = await open();
    const at = 1_700_000_000_000;
    const times = [at, at + 1, at + 70_000, at + 40_000_000_000];
    const ids = times.map((time) => newPredictionId(time));
    for (const predictionId of ids) {
      const request = { prefix: ids[0]?.slice(0, 8) ?? '' };
      await log.append([predictionRecord(0, { predictionId, request })], 'async');
    }
    const idsOf = async (prefix: string, limit: number): Promise<readonly PredictionId[]> =>
      (await log.findByPrefix(prefix, limit)).map(({ predictionId }) => predictionId);
    const [first = '', second, third, last = ''] = ids;
    expect(await idsOf(first, 9)).toEqual([first]);
    expect(await idsOf(first.slice(0, 12), 9)).toEqual([second, first]);
    expect(await idsOf(first.slice(0, 5), 9)).toEqual([third, second, first]);
    expect(await idsOf(first.slice(0, 5), 1)).toEqual([third]);
    expect(await idsOf(last.slice(0, 9), 9)).toEqual([last]);
    expect(await idsOf('ffff', 9)).toEqual([]);
    expect(await log.findByPrefix(first, 9)).toEqual([await log.find(ids[0] as PredictionId)]);
  });

  test(`${label}: the records of one append are found each`, async () => {
    await using log = await open();
    const records = Array.from({ length: 30 }, () => predictionRecord(1_700_000_000_000));
    expect(await log.append(records, 'sync')).toBe(true);
    for (const record of records) expect(await log.find(record.predictionId)).toEqual(record);
  });

  test(`${label}: a class and a forecast come back as they were`, async () => {
    await using log = await open();
    const yes = {
      kind: 'class',
      prediction: true,
      probability: 0.8,
      probabilities: { true: 0.8, false: 0.2 },
    };
    const days = { kind: 'forecast', points: [{ time: '2026-01-01', prediction: 3, low: 2, high: 5 }] };
    for (const fields of [yes, days]) {
      const record = { ...predictionRecord(1_700_000_000_000), ...fields } as PredictionRecord;
      await log.append([record], 'async');
      expect(await log.find(record.predictionId)).toEqual(record);
    }
  });

  test(`${label}: a missing feature stays NaN, and a request may hold any JSON`, async () => {
    await using log = await open();
    const other = newPredictionId(5);
    const request = { id: other, note: 'a "quoted"\nline', nested: { id: other, list: [null, 1] } };
    const record = predictionRecord(1_700_000_000_000, {
      request,
      features: { rooms: 1, missing: Number.NaN },
    });
    await log.append([record], 'sync');
    expect(await log.find(record.predictionId)).toEqual(record);
    expect(await log.find(other)).toBeUndefined();
  });
}
