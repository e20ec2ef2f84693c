import { formatDetail, PlatformError } from '../../../kernel/errors.ts';
import { datesQuestion } from '../choose/choose-model.ts';
import { formatValues } from '../choose/format-values.ts';
import type { Question } from '../choose/question.ts';
import { columnNamed } from '../choose/column-named.ts';
import { isInformative } from '../choose/roles.ts';
import { type InferredColumn, isNumeric, isReadable } from '../column.ts';
import type { InferredTable } from '../infer.ts';
import type { CsvFile } from '../read-csv.ts';
import { canName, findKey, mostInKey } from './find-key.ts';
import { type TimeColumns, timeNamed, timesOf } from './choose-time.ts';
import { type CsvSeries, readCsvSeries, type SeriesColumns } from './read-observations.ts';

export interface ForecastWish {
  /** @default a forecast if the columns are a time, a number, and possibly whose number it is */
  readonly kind?: 'model' | 'forecast' | undefined;
  readonly target?: string | undefined;
  readonly time?: string | undefined;
  readonly series?: readonly string[] | undefined;
  /** Of a model: with one of these, no forecast is found. */
  readonly without?: readonly string[] | undefined;
  readonly with?: readonly string[] | undefined;
  readonly group?: string | undefined;
}

/** What the columns of a forecast are for. */
export interface ForecastChoice extends SeriesColumns {
  readonly read: CsvSeries;
  /** Columns that the forecast does not use. */
  readonly unused: readonly InferredColumn[];
}

interface Given {
  readonly table: InferredTable;
  readonly csv: CsvFile;
}

/** A forecast, questions first, or none: the file has other columns to predict from, no time, or times that are not evenly spaced. */
export interface ForecastDecision {
  readonly choice?: ForecastChoice | undefined;
  /** What a person must decide first. */
  readonly questions?: readonly Question[] | undefined;
  /** Why the times of a file with nothing but times and numbers cannot be forecast. */
  readonly reason?: string | undefined;
}

/** @throws PlatformError DATA_INVALID if a forecast is asked for, and its times are not evenly spaced */
export function chooseForecast(given: Given, wish: ForecastWish): ForecastDecision {
  if (wish.kind === 'model') return {};
  if (wish.kind === 'forecast') return namedForecast(given, wish);
  return foundForecast(given, wish);
}

function namedForecast({ table, csv }: Given, wish: ForecastWish): ForecastDecision {
  const times = timesOf(table);
  const [first] = times;
  const time = wish.time === undefined ? first : timeNamed(wish.time, table, csv.file);
  if (!time)
    throw new PlatformError('DATA_INVALID', {
      field: `columns of ${csv.file}`,
      value: table.columns.map(({ name }) => name),
      remedy:
        'A forecast needs a column of dates, such as 2024-01-31, 31/01/2024, 2024-01 or 2024: name it with --time.',
    });
  const named = wish.series?.map((name) =>
    columnNamed(name, table.columns, { file: csv.file, option: '--series' }),
  );
  const target =
    wish.target === undefined
      ? undefined
      : columnNamed(wish.target, table.columns, { file: csv.file, option: '--target' });
  const numbers = numbersOf(table, time, named ?? []);
  const value = target ?? numbers.at(-1);
  if (!value || !isNumeric(value))
    throw new PlatformError('DATA_INVALID', {
      field: value ? `column "${value.name}" of ${csv.file}` : `columns of ${csv.file}`,
      value: value?.oddField?.text ?? value?.type ?? table.columns.map(({ name }) => name),
      remedy: 'A forecast needs a column of numbers, written as 1234.5: name it with --target.',
    });
  const questions = [
    ...(target || numbers.length < 2 ? [] : [targetQuestion(numbers)]),
    ...(wish.time !== undefined || times.length < 2 ? [] : [timeQuestion(times)]),
  ];
  if (questions.length > 0) return { questions };
  const columns = { time, value };
  const others = othersOf(table, columns);
  const series = named ?? findKey(csv, columns, others);
  return chosen({ table, csv }, { ...columns, series });
}

/** A forecast where the columns leave nothing else, and the times are evenly spaced. */
function foundForecast(
  { table, csv }: Given,
  { target, time: named, ...wish }: ForecastWish,
): ForecastDecision {
  const [time, ...more] = timesOf(table);
  if (!time || more.length > 0 || wish.without || wish.with || wish.group !== undefined) return {};
  if (named !== undefined && !time.columns.some(({ name }) => name === named)) return {};
  const value =
    target === undefined
      ? numbersOf(table, time, []).at(-1)
      : table.columns.find(({ name }) => name === target);
  if (!value || !isNumeric(value) || time.columns.includes(value)) return {};
  const columns = { time, value };
  const others = othersOf(table, columns);
  const informative = others.filter(isInformative);
  // A series is named by two columns at most, so nothing has to be read to know that others are left.
  if (informative.length > mostInKey || !informative.every(canName)) return {};
  const series = findKey(csv, columns, others);
  if (!informative.every((column) => series.includes(column))) return {};
  try {
    return chosen({ table, csv }, { ...columns, series });
  } catch (fault) {
    if (fault instanceof PlatformError) return { reason: formatDetail(fault.detail) };
    throw fault;
  }
}

function chosen({ table, csv }: Given, columns: SeriesColumns): ForecastDecision {
  const read = readCsvSeries(csv, columns);
  const question = read.isTied ? datesQuestion(columns.time.columns, csv.file) : undefined;
  if (question) return { questions: [question] };
  const used = [...columns.time.columns, columns.value, ...columns.series];
  const unused = table.columns.filter((column) => !used.includes(column));
  return { choice: { ...columns, read, unused } };
}

function othersOf(
  { columns }: InferredTable,
  { time, value }: Omit<SeriesColumns, 'series'>,
): readonly InferredColumn[] {
  return columns.filter((column) => isReadable(column) && column !== value && !time.columns.includes(column));
}

/** Columns whose values can be forecast, in their order. */
function numbersOf(
  { columns }: InferredTable,
  time: TimeColumns,
  series: readonly InferredColumn[],
): readonly InferredColumn[] {
  return columns.filter(
    (column) =>
      isNumeric(column) &&
      isReadable(column) &&
      !column.countsLines &&
      column.distinct > 1 &&
      !time.columns.includes(column) &&
      !series.includes(column),
  );
}

function targetQuestion(numbers: readonly InferredColumn[]): Question {
  return {
    about: 'target',
    flag: '--target',
    text: 'Which column is to be forecast?',
    reason: `${numbers.length} columns hold numbers that can be forecast`,
    candidates: numbers.toReversed().map((column) => ({ value: column.name, hint: formatValues(column) })),
  };
}

function timeQuestion(times: readonly TimeColumns[]): Question {
  const columns = times.flatMap(({ columns: [column] }) => (column ? [column] : []));
  return {
    about: 'time',
    flag: '--time',
    text: 'Which column says when a value was?',
    reason: `${columns.length} columns hold dates`,
    candidates: columns.map(({ name, examples }) => ({ value: name, hint: `such as ${examples[0] ?? ''}` })),
  };
}
