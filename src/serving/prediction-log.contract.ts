import { expect, test } from 'vitest';
import { newPredictionId, type PredictionId } from '../kernel/ids.ts';
import type { PredictionLog, PredictionRecord } from './prediction-log.ts';

/** A record made at a time; what is not given is the same in all of them. */
export function predictionRecord(at: number, change: Partial<PredictionRecord> = {}): PredictionRecord {
  return {
    id: newPredictionId(at),
    at,
    endpoint: 'score',
    model: 't20-score',
    version: 3,
    request: { battingTeam: 'India', wickets: 2 },
    features: { wicketsLeft: 8, runRate: 7.5 },
    value: 171.25,
    interval: { low: 150, high: 190, level: 0.8 },
    latencyMs: 0.4,
    ...change,
  };
}

/** What every prediction log must do; each adapter's test is one call of this. `open` makes an empty log. */
export function predictionLogContract(label: string, open: () => Promise<PredictionLog>): void {
  test(`${label}: finds each record that was appended, and nothing else`, async () => {
    await using log = await open();
    const records = Array.from({ length: 200 }, (_, at) =>
      predictionRecord(1_700_000_000_000 + at * 10, { value: at }),
    );
    expect(await Promise.all(records.map((record) => log.append(record)))).not.toContain(false);
    for (const record of [records[0], records[117], records[199]]) {
      expect(record && (await log.find(record.id))).toEqual(record);
    }
    expect(await log.find(newPredictionId(1_700_000_000_500))).toBeUndefined();
    expect(await log.find('0' as PredictionId)).toBeUndefined();
    expect(log.dropped).toBe(0);
  });

  test(`${label}: a missing feature stays NaN, and a request may hold any JSON`, async () => {
    await using log = await open();
    const other = newPredictionId(5);
    const request = { id: other, note: 'a "quoted"\nline', nested: { id: other, list: [null, 1] } };
    const record = predictionRecord(1_700_000_000_000, {
      request,
      features: { known: 1, missing: Number.NaN },
    });
    await log.append(record);
    expect(await log.find(record.id)).toEqual(record);
    expect(await log.find(other)).toBeUndefined();
  });
}
