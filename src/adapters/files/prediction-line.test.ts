import { expect, test } from 'vitest';
import { newPredictionId } from '../../kernel/ids.ts';
import { predictionRecord } from '../../serving/prediction-log.contract.ts';
import { findLine, formatRecord, recordsWithPrefix } from './prediction-line.ts';

const start = 1_700_000_000_000;

test('records are read from the last line back, one at a time', () => {
  const records = Array.from({ length: 50 }, (_, at) => predictionRecord(start + at));
  const segment = Buffer.from(records.map(formatRecord).join(''));
  const prefix = (records[0]?.predictionId ?? '').slice(0, 8);
  const found = recordsWithPrefix(segment, prefix);
  expect(found.next().value).toEqual(records[49]);
  // Lines before the last are not read yet.
  segment.fill('x', 0, segment.length - formatRecord(records[49] ?? predictionRecord(0)).length - 1);
  expect([...found]).toEqual([]);
  const all = recordsWithPrefix(Buffer.from(records.map(formatRecord).join('')), prefix);
  expect([...all]).toEqual(records.toReversed());
});

test('neither an id in the request of another record nor an incomplete line is found', () => {
  const id = newPredictionId(start);
  const quoting = predictionRecord(start + 1, { request: { note: `{"predictionId":"${id}"` } });
  const line = formatRecord(predictionRecord(start, { predictionId: id }));
  for (const segment of ['', '\n', line.slice(0, -1), formatRecord(quoting), `${line.slice(0, 60)}\n`])
    expect(findLine(Buffer.from(segment), id)).toBeUndefined();
  expect(findLine(Buffer.from(`\n${formatRecord(quoting)}${line}`), id)?.predictionId).toBe(id);
  expect(findLine(Buffer.from(line), id)?.predictionId).toBe(id);
});
