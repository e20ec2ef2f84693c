import type { MetricPoint } from '../../tracking/model.ts';
import type { KeyValue } from '../../tracking/record.ts';
import type { Tally } from './left-out.ts';

/** Of a key, in characters: what an index of every database takes. */
const longestKey = 250;
/** Of a value, in characters. */
const longestValue = 1_000_000;

/** The params or tags that we can keep; the others are told. */
export function fittingTexts(
  what: 'param' | 'tag',
  entries: readonly KeyValue[],
  tally: Tally,
): readonly KeyValue[] {
  return entries.filter(({ key, value }) => {
    const why = faultOf(key, value);
    if (why === undefined) tally.count(what);
    else tally.leave(what, why, key.slice(0, longestKey).replaceAll('\0', '␀'));
    return why === undefined;
  });
}

/** The same for the tags of models and versions. */
export function fittingTags(
  tags: Readonly<Record<string, string>>,
  tally: Tally,
): Readonly<Record<string, string>> {
  const entries = Object.entries(tags).map(([key, value]) => ({ key, value }));
  return Object.fromEntries(fittingTexts('tag', entries, tally).map(({ key, value }) => [key, value]));
}

/** A text that every database keeps. */
export function fittingText(text: string): string {
  return text.replaceAll('\0', '␀');
}

/** The points that we can keep: steps and times beyond 2^53 are told. Infinities become the largest doubles, as in MLflow. */
export function fittingPoints<Point extends MetricPoint>(
  points: readonly Point[],
  tally: Tally,
): readonly Point[] {
  const kept = points.flatMap((point) => {
    const why = pointFault(point);
    if (why !== undefined) tally.leave('metric point', why, fittingText(point.key));
    return why === undefined ? [{ ...point, value: finite(point.value) }] : [];
  });
  tally.count('metric point', kept.length);
  return kept;
}

function faultOf(key: string, value: string): string | undefined {
  if (key.length > longestKey) return `its key is longer than ${longestKey} characters`;
  if (value.length > longestValue) return `it is longer than ${longestValue} characters`;
  return key.includes('\0') || value.includes('\0')
    ? 'it has the character U+0000, which no database keeps'
    : undefined;
}

function pointFault({ key, step, timestamp }: MetricPoint): string | undefined {
  if (!Number.isSafeInteger(step)) return `its step ${step} is beyond 2^53`;
  if (!Number.isSafeInteger(timestamp)) return `its time ${timestamp} is beyond 2^53`;
  return faultOf(key, '');
}

function finite(value: number): number {
  return Number.isNaN(value) ? value : Math.max(-Number.MAX_VALUE, Math.min(value, Number.MAX_VALUE));
}
