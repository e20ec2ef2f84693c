import { PlatformError } from '../../kernel/errors.ts';
import { ordinalOf, seasonOf, type Time, timeAfter, type Unit, unitOf } from './frequency.ts';

/** A series without gaps, in the order of time. */
export interface Series {
  readonly name: string;
  readonly values: Float64Array;
  readonly first: Time;
  readonly last: Time;
  /** Values that were missing and are interpolated. */
  readonly filled: number;
}

export interface SeriesSet {
  readonly unit: Unit;
  /** Values in a season. */
  readonly period: number;
  readonly series: readonly Series[];
}

export interface Observation {
  readonly series: string;
  readonly time: Time | null;
  /** A null or NaN value is missing. */
  readonly value: number | null;
}

/** Values of all series that were missing and are interpolated. */
export function filledOf({ series }: Pick<SeriesSet, 'series'>): number {
  return series.reduce((sum, { filled }) => sum + filled, 0);
}

interface ReadOptions {
  /** The forecast, for messages. */
  readonly name: string;
  /** @default what is usual for the unit */
  readonly season?: number | undefined;
  /** The unit that the times must have. @default found from the times */
  readonly unit?: Unit | undefined;
}

/** More missing values than this are not filled. */
const mostFilled = 0.2;

/**
 * Groups values by series, orders them by time, and fills single gaps by a straight line.
 * @throws PlatformError DATA_INVALID naming the series: two values for one time, infinite values, times of different
 * frequencies, times that are not evenly spaced, many gaps, no value at all
 */
export function readSeries(
  observations: Iterable<Observation>,
  { name, season, unit: given }: ReadOptions,
): SeriesSet {
  const groups = new Map<string, { time: Time; value: number }[]>();
  for (const { series, time, value } of observations) {
    if (time === null) throw wrong(name, series, { value: 'null', remedy: 'Give each value a time.' });
    if (value === Infinity || value === -Infinity)
      throw wrong(name, series, { value: `${value} at ${time}`, remedy: 'Give finite values.' });
    const group = groups.get(series);
    if (group) group.push({ time, value: value ?? Number.NaN });
    else groups.set(series, [{ time, value: value ?? Number.NaN }]);
  }
  for (const group of groups.values())
    group.sort((one, other) => (sortable(one.time) < sortable(other.time) ? -1 : 1));
  const unit = given ?? commonUnit(name, groups);
  const series = [...groups].flatMap(([of, group]) => seriesOf(name, of, { group, unit }) ?? []);
  if (series.length === 0)
    throw new PlatformError('DATA_INVALID', {
      field: `${name}: rows`,
      value: 0,
      remedy: 'There is no series with a value: give the forecast rows.',
    });
  return { unit, period: season ?? seasonOf[unit], series };
}

function sortable(time: Time): number {
  return typeof time === 'number' ? time : Date.parse(time);
}

type Group = readonly { readonly time: Time; readonly value: number }[];

function commonUnit(name: string, groups: ReadonlyMap<string, Group>): Unit {
  let found: { readonly unit: Unit; readonly series: string } | undefined;
  for (const [series, group] of groups) {
    if (group.length < 2) continue;
    const times = group.map(({ time }) => time);
    const repeated = times.find((time, index) => time === times[index - 1]);
    if (repeated !== undefined) throw duplicate(name, series, repeated);
    const unit = unitOf(times);
    if (!unit)
      throw wrong(name, series, {
        value: `${times.slice(0, 3).join(', ')} …`,
        remedy:
          'The times are not evenly spaced: give one value an hour, day, week, month, quarter or year, or number the values.',
      });
    // A few days can all be weekdays by chance.
    const same = unit === found?.unit || (isDaily(unit) && isDaily(found?.unit));
    if (found && !same)
      throw wrong(name, series, {
        value: `a value each ${unit}`,
        remedy: `Series "${found.series}" has one each ${found.unit}: forecast the two kinds of series separately.`,
      });
    found = { unit: found?.unit === 'day' ? 'day' : unit, series };
  }
  return found?.unit ?? (typeof [...groups.values()][0]?.[0]?.time === 'number' ? 'number' : 'day');
}

function isDaily(unit: Unit | undefined): boolean {
  return unit === 'day' || unit === 'weekday';
}

/** @returns undefined for a series without values */
function seriesOf(
  name: string,
  series: string,
  { group, unit }: { readonly group: Group; readonly unit: Unit },
): Series | undefined {
  const from = group.findIndex(({ value }) => !Number.isNaN(value));
  if (from < 0) return undefined;
  const to = group.findLastIndex(({ value }) => !Number.isNaN(value));
  const present = group.slice(from, to + 1);
  const [first, last] = [present[0], present.at(-1)] as [Group[number], Group[number]];
  const start = ordinalOf(first.time, unit);
  const values = new Float64Array(ordinalOf(last.time, unit) - start + 1).fill(Number.NaN);
  let before = Number.NaN;
  for (const { time, value } of present) {
    const at = ordinalOf(time, unit) - start;
    if (!Number.isInteger(at))
      throw wrong(name, series, { value: time, remedy: 'Number its values 1, 2, 3 …' });
    if (at === before) throw duplicate(name, series, time);
    before = at;
    values[at] = value;
  }
  const gaps = values.filter(Number.isNaN).length;
  if (gaps > mostFilled * values.length) {
    const gap = values.findIndex(Number.isNaN);
    throw wrong(name, series, {
      value: `no value at ${timeAfter(first.time, gap, unit)} and ${gaps - 1} more of ${values.length} times (one each ${unit})`,
      remedy: 'Add the missing rows: 0 if there was nothing, or leave the series out.',
    });
  }
  return { name: series, values: interpolated(values), first: first.time, last: last.time, filled: gaps };
}

/** The first and the last value are present. */
function interpolated(values: Float64Array): Float64Array {
  let before = 0;
  for (let at = 1; at < values.length; at++) {
    if (Number.isNaN(values[at] as number)) continue;
    const [low, high] = [values[before] as number, values[at] as number];
    for (let gap = before + 1; gap < at; gap++)
      values[gap] = low + ((high - low) * (gap - before)) / (at - before);
    before = at;
  }
  return values;
}

function duplicate(name: string, series: string, time: Time): PlatformError {
  return wrong(name, series, {
    value: `two values for ${time}`,
    remedy: 'Keep one row for each series and time, or sum them in a step.',
  });
}

function wrong(
  name: string,
  series: string,
  { value, remedy }: { readonly value: string | number; readonly remedy: string },
): PlatformError {
  return new PlatformError('DATA_INVALID', { field: `${name}: series "${series}"`, value, remedy });
}
