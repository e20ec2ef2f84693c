import { formatDay } from '../kernel/format-day.ts';
import { formatWithin, numberForm } from '../kernel/format-number.ts';
import type { Json } from '../kernel/json.ts';
import type { SeenField, Unlike } from '../lifecycle/version/version-fields.ts';

const mostListed = 5;

/** The field that the values are of. */
export interface SeenOf {
  readonly name: string;
  readonly unit?: string | null | undefined;
}

/** 'seen 0 to 118': what a version learned from, for the text beside a field; undefined if a list says it. */
export function formatSeen(seen: SeenField | undefined, field: SeenOf): string | undefined {
  const range = formatSeenRange(seen, field);
  return range === undefined ? undefined : `seen ${range}`;
}

/** '0 to 118', '3 Jan 2017 to 29 Nov 2026'; undefined for what has no range. */
export function formatSeenRange(
  seen: SeenField | undefined,
  { name, unit = null }: SeenOf,
  outside?: number,
): string | undefined {
  if (seen?.kind === 'time') return `${formatDay(seen.from)} to ${formatDay(seen.to)}`;
  if (seen?.kind !== 'number') return undefined;
  const form = numberForm({ name, unit, range: [seen.low, seen.high] });
  const text = formatWithin({ ...seen, ...(outside !== undefined && { outside }) }, form);
  return `${text(seen.low)} to ${text(seen.high)}`;
}

/**
 * How a value is unlike those that a version learned from.
 * @param value of a request, or the text of a form; null, undefined and a blank text are missing
 * @returns undefined if it is like them, or cannot be compared
 */
export function howUnlike(seen: SeenField | undefined, value: Json | undefined): Unlike | undefined {
  if (!seen) return undefined;
  const text = textOf(value);
  if (text === undefined) return undefined;
  const given = text.trim();
  if (given === '') return seen.missing === 0 && seen.kind !== 'nothing' ? 'missing' : undefined;
  switch (seen.kind) {
    case 'number': {
      const number = Number(given);
      return Number.isNaN(number) || (number >= seen.low && number <= seen.high) ? undefined : 'outside';
    }
    case 'time': {
      const [at, from, to] = [timeOf(given), timeOf(seen.from), timeOf(seen.to)];
      return at < from || at > to ? 'outside' : undefined;
    }
    case 'boolean':
      return seen.values.some((each) => String(each) === given) ? undefined : 'new';
    case 'text':
      return seen.values === null || seen.values.some((each) => each === text || each.trim() === given)
        ? undefined
        : 'new';
    case 'nothing':
      return 'given';
  }
}

/** `formatUnlike` of what `howUnlike` finds. @returns undefined as `howUnlike` does */
export function unlikeSeen(
  seen: SeenField | undefined,
  value: Json | undefined,
  field: SeenOf,
): string | undefined {
  const unlike = howUnlike(seen, value);
  return seen && unlike && formatUnlike(unlike, seen, { value, field });
}

/** Why a value is unlike those that a version learned from, as a sentence. @param unlike what `howUnlike` found */
export function formatUnlike(
  unlike: Unlike,
  seen: SeenField,
  { value, field }: { readonly value: Json | undefined; readonly field: SeenOf },
): string {
  switch (unlike) {
    case 'outside':
      return `Outside what the model learned from: ${formatSeenRange(seen, field, Number(value))}.`;
    case 'new':
      return formatNew(seen);
    case 'missing':
      return 'No row that the model learned from lacked this value.';
    case 'given':
      return 'No row that the model learned from had a value here.';
  }
}

function formatNew(seen: SeenField): string {
  if (seen.kind === 'boolean')
    return `The model only learned from rows with ${seen.values[0] === true ? 'yes' : 'no'}.`;
  return seen.kind === 'text' && seen.values !== null && seen.values.length <= mostListed
    ? `The model learned from no row with this value, only from ${seen.values.join(', ')}.`
    : 'The model learned from no row with this value.';
}

/** Lists and objects are no values of a column. */
function textOf(value: Json | undefined): string | undefined {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? undefined : String(value);
}

/** Milliseconds since 1970, in UTC if the text names no zone; NaN for another text. */
function timeOf(text: string): number {
  const isLocal = /^\d{4}-\d{2}-\d{2}T[\d:.]+$/.test(text);
  return Date.parse(isLocal ? `${text}Z` : text);
}
