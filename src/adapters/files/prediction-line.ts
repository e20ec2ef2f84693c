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
  for (const record of recordsWithPrefix(segment, id)) return record;
  return undefined;
}

/** The records whose ids start with a prefix, from the last line back. No other line is parsed: a segment has megabytes. */
export function* recordsWithPrefix(segment: Buffer, prefix: string): Generator<PredictionRecord> {
  const text = `{"predictionId":"${prefix}`;
  for (let start = lastLine(segment, text); start >= 0; start = lastLine(segment, text, start)) {
    const end = segment.indexOf(newline, start);
    const record = end < 0 ? undefined : parseRecord(segment.toString('utf8', start, end));
    if (record) yield record;
  }
}

/** Where the last line begins that starts with a text, and begins before `until`; -1 for none. */
function lastLine(segment: Buffer, text: string, until = segment.length): number {
  // A negative offset would count from the end.
  const at = until < 2 ? -1 : segment.lastIndexOf(`\n${text}`, until - 2);
  if (at >= 0) return at + 1;
  return until > 0 && segment.toString('utf8', 0, text.length) === text ? 0 : -1;
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
