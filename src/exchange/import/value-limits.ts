import type { MetricPoint, KeyValue } from '../../tracking/model.ts';
import type { Tally } from './tally.ts';

/** The longest key in characters: what every database can index. */
const longestKey = 250;
/** The longest value in characters. */
const longestValue = 1_000_000;

/** Keeps the params or tags that we can store, and reports the others. */
export function limitEntries(
  what: 'param' | 'tag',
  entries: readonly KeyValue[],
  tally: Tally,
): readonly KeyValue[] {
  return entries.filter(({ key, value }) => {
    const reason = faultOf(key, value);
    if (reason === undefined) tally.count(what);
    else tally.report(what, reason, limitText(key.slice(0, longestKey)));
    return reason === undefined;
  });
}

/** Does the same for the tags of models and versions. */
export function limitTags(
  tags: Readonly<Record<string, string>>,
  tally: Tally,
): Readonly<Record<string, string>> {
  const entries = Object.entries(tags).map(([key, value]) => ({ key, value }));
  return Object.fromEntries(limitEntries('tag', entries, tally).map(({ key, value }) => [key, value]));
}

/** Replaces U+0000, which no database can store. */
export function limitText(text: string): string {
  return text.replaceAll('\0', '␀');
}

/** Keeps the points that we can store, and reports the others. Infinities become the largest doubles, as in MLflow. */
export function limitPoints<Point extends MetricPoint>(
  points: readonly Point[],
  tally: Tally,
): readonly Point[] {
  const valid = points.flatMap((point) => {
    const reason = pointFault(point);
    if (reason !== undefined) tally.report('metric point', reason, limitText(point.key));
    return reason === undefined ? [{ ...point, value: finite(point.value) }] : [];
  });
  tally.count('metric point', valid.length);
  return valid;
}

/** Keeps a time in milliseconds, or reports it. @param name for the reason: 'start time' */
export function limitTime(name: string, time: number | undefined, tally: Tally): number | undefined {
  if (time === undefined || Number.isSafeInteger(time)) return time;
  tally.report('time', `${name} ${unsafe(time)}`);
  return undefined;
}

/** Limits the times of an entity, which start at 0 where they cannot be stored. */
export function limitTimes(
  { createdAt, updatedAt }: { readonly createdAt: number; readonly updatedAt: number },
  tally: Tally,
): { readonly createdAt: number; readonly updatedAt: number } {
  const created = limitTime('creation time', createdAt, tally) ?? 0;
  return { createdAt: created, updatedAt: limitTime('update time', updatedAt, tally) ?? created };
}

function unsafe(number: number): string {
  return Number.isInteger(number) ? `${number} is beyond 2^53` : `${number} is not a whole number`;
}

function faultOf(key: string, value: string): string | undefined {
  if (key.length > longestKey) return `the key is longer than ${longestKey} characters`;
  if (value.length > longestValue) return `the value is longer than ${longestValue} characters`;
  return key.includes('\0') || value.includes('\0') ? 'U+0000 cannot be stored' : undefined;
}

function pointFault({ key, step, timestamp }: MetricPoint): string | undefined {
  if (!Number.isSafeInteger(step)) return `step ${unsafe(step)}`;
  if (!Number.isSafeInteger(timestamp)) return `time ${unsafe(timestamp)}`;
  return faultOf(key, '');
}

function finite(value: number): number {
  return Number.isNaN(value) ? value : Math.max(-Number.MAX_VALUE, Math.min(value, Number.MAX_VALUE));
}
