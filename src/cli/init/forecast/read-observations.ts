import { PlatformError } from '../../../kernel/errors.ts';
import { NumberCells } from '../../../sources/csv/cells.ts';
import { missingValues } from '../../../sources/csv/number-unit.ts';
import { isMissing } from '../../../sources/csv/values.ts';
import {
  filledOf,
  type Observation,
  readSeries,
  type SeriesSet,
} from '../../../training/forecasting/series.ts';
import type { InferredColumn } from '../column.ts';
import type { CsvFile } from '../read-csv.ts';
import type { TimeColumns, TimeReading } from './choose-time.ts';

/** Which columns of a CSV make its series. */
export interface SeriesColumns {
  readonly time: TimeColumns;
  readonly value: InferredColumn;
  /** Their texts together name a series. @default one series */
  readonly series: readonly InferredColumn[];
}

/** The series of a CSV, and how its times are read. */
export interface CsvSeries extends SeriesSet {
  readonly reading: TimeReading;
  /** Whether another way to read them fits as well. */
  readonly isTied: boolean;
  /** Whether the time of day counts. */
  readonly timed: boolean;
  /** Lines without a time or a value. */
  readonly blank: number;
}

/** The texts of two columns as one name. */
export const seriesSeparator = ' / ';

/**
 * Reads the series as a run will. Of two ways to read 01/02/2024 the one is taken with which times are evenly spaced.
 * @throws PlatformError DATA_INVALID for two values of one time, by their lines, and for times that are not evenly spaced
 */
export function readCsvSeries(csv: CsvFile, columns: SeriesColumns): CsvSeries {
  const faults: unknown[] = [];
  const [first, ...others] = columns.time.readings.flatMap((reading) => {
    try {
      return [readAs(csv, columns, reading)];
    } catch (fault) {
      if (!(fault instanceof PlatformError)) throw fault;
      faults.push(fault);
      return [];
    }
  });
  if (!first) throw faults[0];
  const best = others.reduce((one, other) => (filledOf(other) < filledOf(one) ? other : one), first);
  const isTied = [first, ...others].some((each) => each !== best && filledOf(each) === filledOf(best));
  return { ...best, isTied };
}

function readAs(csv: CsvFile, columns: SeriesColumns, reading: TimeReading): Omit<CsvSeries, 'isTied'> {
  const byDay = observe(csv, columns, (texts) => reading.day(texts));
  const twice = firstTwice(byDay.observations);
  if (!twice) return { ...read(byDay.observations, columns), reading, timed: false, blank: byDay.blank };
  const byTime = observe(csv, columns, (texts) => reading.time(texts) ?? reading.day(texts));
  const twiceTimed = firstTwice(byTime.observations);
  if (twiceTimed) throw duplicate(csv, columns, { ...byTime, twice: twiceTimed });
  return { ...read(byTime.observations, columns), reading, timed: true, blank: byTime.blank };
}

function read(observations: readonly Observation[], { value }: SeriesColumns): SeriesSet {
  return readSeries(observations, { name: value.name });
}

interface Observed {
  readonly observations: readonly Observation[];
  /** By observation. */
  readonly lines: readonly number[];
  readonly blank: number;
}

function observe(
  csv: CsvFile,
  { time, value, series }: SeriesColumns,
  timeOf: (texts: readonly string[]) => string | number | undefined,
): Observed {
  const { decimal } = csv.format;
  const missing = missingValues(csv.missing, decimal);
  const values = new NumberCells({ decimal, missing, unit: value.numbers?.unit });
  const indexOf = ({ index }: InferredColumn): number => index;
  const [timeAt, seriesAt, valueAt] = [time.columns.map(indexOf), series.map(indexOf), indexOf(value)];
  const observations: Observation[] = [];
  const lines: number[] = [];
  let blank = 0;
  for (const { fields, line } of csv.records()) {
    const written = timeAt.map((at) => fields[at] ?? '');
    const number = values.read(fields[valueAt] ?? '') ?? undefined;
    const names = seriesAt.map((at) => fields[at] ?? '');
    const at = timeOf(written);
    if (
      [...written, ...names].some((text) => isMissing(text, missing.marks)) ||
      number === undefined ||
      at === undefined
    ) {
      blank += 1;
      continue;
    }
    observations.push({
      series: series.length === 0 ? value.name : names.join(seriesSeparator),
      time: at,
      value: number,
    });
    lines.push(line);
  }
  return { observations, lines, blank };
}

/** The indexes of the first two observations of one series and time, and how many more there are. */
interface Twice {
  readonly first: number;
  readonly second: number;
  readonly count: number;
}

function firstTwice(observations: readonly Observation[]): Twice | undefined {
  const seen = new Map<string, Map<Observation['time'], number>>();
  let twice: Twice | undefined;
  for (const [index, { series, time }] of observations.entries()) {
    const times = seen.get(series) ?? new Map<Observation['time'], number>();
    seen.set(series, times);
    const first = times.get(time);
    if (first === undefined) times.set(time, index);
    else twice = { ...(twice ?? { first, second: index }), count: (twice?.count ?? 0) + 1 };
  }
  return twice;
}

function duplicate(
  { file }: CsvFile,
  { series }: SeriesColumns,
  {
    twice: { first, second, count },
    observations,
    lines,
  }: { readonly twice: Twice } & Pick<Observed, 'observations' | 'lines'>,
): PlatformError {
  const { series: name, time } = observations[first] as Observation;
  const of = series.length > 0 ? ` of "${name}"` : '';
  const more = count > 1 ? `, and ${count - 1} more such lines` : '';
  return new PlatformError('DATA_INVALID', {
    field: file,
    value: `lines ${lines[first]} and ${lines[second]} both have ${time}${of}${more}`,
    remedy:
      series.length > 0
        ? 'Keep one line for each series and time.'
        : 'Keep one line for each time, or name the column that says whose value it is with --series.',
  });
}
