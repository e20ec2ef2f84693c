import type { PredictionId } from '../../kernel/ids.ts';
import type { PredictionRecord } from '../../serving/prediction-log.ts';

/** A record as a line of a segment; a missing feature is null. */
export function formatRecord(record: PredictionRecord): string {
  return `${JSON.stringify(record)}\n`;
}

/** @returns undefined for an incomplete line */
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

/** Finds a record by id in a segment's bytes. Only lines that contain the id are parsed. */
export function findLine(segment: Buffer, id: PredictionId): PredictionRecord | undefined {
  for (let at = segment.indexOf(id); at >= 0;) {
    const start = segment.lastIndexOf(newline, at) + 1;
    const end = segment.indexOf(newline, at);
    if (end < 0) return undefined;
    const record = parseRecord(segment.toString('utf8', start, end));
    if (record?.predictionId === id) return record;
    at = segment.indexOf(id, end);
  }
  return undefined;
}

/** The last id of a complete line; undefined if no line is complete. */
export function lastId(bytes: Buffer): PredictionId | undefined {
  let end = bytes.lastIndexOf(newline);
  while (end > 0) {
    const start = bytes.lastIndexOf(newline, end - 1) + 1;
    const record = parseRecord(bytes.toString('utf8', start, end));
    if (record) return record.predictionId;
    end = start - 1;
  }
  return undefined;
}
