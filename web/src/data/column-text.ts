import {
  formatShare,
  type ColumnProfile,
  type DataColumnView,
  type DataTableDetails,
  formatCount,
  numberForm,
} from '../../../src/client/index.ts';
import { formatWithin } from '../text/numbers.ts';
import { formatDay } from '../text/times.tsx';

const types: Readonly<Record<DataColumnView['type'], string>> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'yes or no',
  date: 'date',
  timestamp: 'time',
};

/** 'whole number, runs' */
export function formatType({ type, unit }: Pick<DataColumnView, 'type' | 'unit'>): string {
  return unit === null ? types[type] : `${types[type]}, ${unit}`;
}

/** 'target', 'time and feature'; with several models each role names its model; 'not used' for none. */
export function formatRoles(roles: NonNullable<DataColumnView['roles']>, models: number): string {
  if (roles.length === 0) return 'not used';
  const roleTexts = roles.map(({ role, model }) => (models > 1 ? `${role} of ${model}` : role));
  return models > 1 ? roleTexts.join(', ') : roleTexts.join(' and ');
}

const mostValues = 3;

/** '−1 to 129, median 54', 'Bergen 9%, Oslo 8%, Aarhus 6%', '3 Jan 2017 to 29 Nov 2026', 'yes 14%'; empty without values. */
export function formatValues(
  { name, type, unit, profile }: Pick<DataColumnView, 'name' | 'type' | 'unit' | 'profile'>,
  rows: number,
): string {
  if (!profile) return '';
  const given = rows - profile.nulls;
  const { quantiles, span, common, mean } = profile;
  if (type === 'boolean') return mean === undefined ? '' : `yes ${formatShare(mean)}`;
  if (span)
    return span[0] === span[1] ? formatDay(span[0]) : `${formatDay(span[0])} to ${formatDay(span[1])}`;
  if (common)
    return common
      .slice(0, mostValues)
      .map(([value, count]) => `${value} ${formatShare(count / given)}`)
      .join(', ');
  const [low, , , median, , , high] = quantiles ?? [];
  if (low === undefined || high === undefined || median === undefined) return '';
  const text = formatWithin({ low, high }, numberForm({ name, unit, range: [low, high] }));
  return low === high ? text(low) : `${text(low)} to ${text(high)}, median ${text(median)}`;
}

/** The bars of a column: its histogram, its most common values, or no and yes; undefined if there is nothing to draw. */
export function barsOf(
  { type, profile }: Pick<DataColumnView, 'type' | 'profile'>,
  rows: number,
): readonly number[] | undefined {
  if (!profile || rows === profile.nulls) return undefined;
  if (type === 'boolean') return profile.mean === undefined ? undefined : [1 - profile.mean, profile.mean];
  return profile.histogram ?? profile.common?.map(([, count]) => count);
}

/** '0', '37 (6%)' */
export function formatMissing({ nulls }: ColumnProfile, rows: number): string {
  return nulls === 0 ? '0' : `${formatCount(nulls)} (${formatShare(nulls / rows)})`;
}

export interface LeftOut {
  readonly name: string;
  readonly why: string;
}

type LeftOutOf = Pick<DataTableDetails, 'details' | 'reading' | 'leftOut'>;

/** How many more columns of the file are not read than `leftOut` lists. */
export function unlisted({ details, reading, leftOut: declared }: LeftOutOf): number {
  if (!reading) return 0;
  const read = new Set(details.map(({ name }) => name));
  const listed = new Set([
    ...reading.unread,
    ...declared.flatMap(({ name }) => (read.has(name) ? [] : [name])),
  ]);
  return Math.max(0, reading.unreadTotal - listed.size);
}

/** Columns that no model uses, and columns of the file that are not read, each with the reason. */
export function leftOut({ details, reading, leftOut: declared }: LeftOutOf): readonly LeftOut[] {
  const declaredNames = new Set(declared.map(({ name }) => name));
  const unread = reading?.unread ?? [];
  return [
    ...declared.map(({ name, reason }) => ({ name, why: reason })),
    ...details
      .filter(({ name, roles }) => roles?.length === 0 && !declaredNames.has(name))
      .map(({ name, warnings }) => ({
        name,
        why: warnings.length > 0 ? warnings.join('; ') : 'No field of the request, and no split uses it.',
      })),
    ...unread
      .filter((name) => !declaredNames.has(name))
      .map((name) => ({ name, why: 'In the file, but the row schema does not name it.' })),
  ];
}
