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

/** The record of an id in a segment's bytes. */
export function findLine(segment: Buffer, id: PredictionId): PredictionRecord | undefined {
  for (const record of recordsWith(segment, id)) if (record.predictionId === id) return record;
  return undefined;
}

/** The ids in a segment's bytes that start with a prefix. */
export function idsIn(segment: Buffer, prefix: string): readonly PredictionId[] {
  const ids = [...recordsWith(segment, prefix)].map(({ predictionId }) => predictionId);
  return ids.filter((id) => id.startsWith(prefix));
}

/** The records whose lines hold a text; no other line is parsed. */
function* recordsWith(segment: Buffer, text: string): Generator<PredictionRecord> {
  for (let at = segment.indexOf(text); at >= 0;) {
    const start = segment.lastIndexOf(newline, at) + 1;
    const end = segment.indexOf(newline, at);
    if (end < 0) return;
    const record = parseRecord(segment.toString('utf8', start, end));
    if (record) yield record;
    at = segment.indexOf(text, end);
  }
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
