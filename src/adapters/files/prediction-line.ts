import type { PredictionId } from '../../kernel/ids.ts';
import type { PredictionRecord } from '../../serving/prediction-log.ts';

/** A record as a line of a segment; a missing feature is null there. */
export function formatRecord(record: PredictionRecord): string {
  return `${JSON.stringify(record)}\n`;
}

/** @returns undefined for a line that is not whole */
export function parseRecord(line: string): PredictionRecord | undefined {
  try {
    const record = JSON.parse(line) as PredictionRecord;
    const features = Object.entries(record.features).map(
      ([name, value]) => [name, value ?? Number.NaN] as const,
    );
    return { ...record, features: Object.fromEntries(features) };
  } catch {
    return undefined;
  }
}

const newline = 0x0a;

/** The record of an id in a segment's bytes. Only lines that hold the id are parsed. */
export function findLine(segment: Buffer, id: PredictionId): PredictionRecord | undefined {
  for (let at = segment.indexOf(id); at >= 0;) {
    const start = segment.lastIndexOf(newline, at) + 1;
    const end = segment.indexOf(newline, at);
    if (end < 0) return undefined;
    const record = parseRecord(segment.toString('utf8', start, end));
    if (record?.id === id) return record;
    at = segment.indexOf(id, end);
  }
  return undefined;
}
