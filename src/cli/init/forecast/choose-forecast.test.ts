import { expect, test } from 'vitest';
import { PlatformError } from '../../../kernel/errors.ts';
import { csvText, day } from '../csv-text.fixture.ts';
import { draft, drafted, type DraftedOptions, refusal as refusalOf } from '../drafts.fixture.ts';
import { inferTable } from '../infer.ts';
import { csvFile } from '../read-csv.ts';
import { chooseForecast, type ForecastWish } from './choose-forecast.ts';
import type { ForecastDraft } from './draft-forecast.ts';

type Line = (index: number) => string;

function forecast(header: string, line: Line, options: DraftedOptions = {}): ForecastDraft {
  const drafted = draft(header, line, options);
  if (drafted.kind !== 'forecast') throw new Error(`a model of ${drafted.target.name} was drafted`);
  return drafted;
}

function refusal(header: string, line: Line, options: DraftedOptions = {}): object {
  return refusalOf(header, line, { kind: 'forecast', ...options });
}

const columnsOf = ({ time, value, series }: ForecastDraft): object => ({
  time: time.columns.map(({ name }) => name),
  value: value.name,
  series: series.map(({ name }) => name),
});

const date = (year: number, month: number, day = 1): string =>
  new Date(Date.UTC(year, month, day)).toISOString().slice(0, 10);
const sold: Line = (index) => `${100 + (index % 7) + index}`;
const monthNames =
  'January February March April May June July August September October November December'.split(' ');
const parts = (text: string): readonly string[] => text.split('-');

test.each([
  ['days', day, 'day', 7],
  ['weekdays', (index: number) => day(Math.floor(index / 5) * 7 + (index % 5)), 'weekday', 5],
  ['weeks', (index: number) => day(7 * index), 'week', 1],
  ['months', (index: number) => date(2015, index), 'month', 12],
  ['last days of months', (index: number) => date(2015, index + 1, 0), 'month', 12],
  ['quarters', (index: number) => date(2005, 3 * index), 'quarter', 4],
  ['years', (index: number) => date(1950 + index, 11, 31), 'year', 1],
  ['months as 2015-01', (index: number) => date(2015, index).slice(0, 7), 'month', 12],
  [
    'months by name',
    (index: number) => `${monthNames[index % 12]} ${2015 + Math.floor(index / 12)}`,
    'month',
    12,
  ],
  [
    'quarters as 2005Q1',
    (index: number) => `${2005 + Math.floor(index / 4)}Q${(index % 4) + 1}`,
    'quarter',
    4,
  ],
  ['days as 31/01/2024', (index: number) => parts(day(index)).toReversed().join('/'), 'day', 7],
  ['months as 01/02/2015', (index: number) => parts(date(2015, index)).toReversed().join('/'), 'month', 12],
  ['days as 01/31/2024', (index: number) => day(index).replace(/(\d+)-(\d+)-(\d+)/, '$2/$3/$1'), 'day', 7],
  ['days as 20240131', (index: number) => day(index).replaceAll('-', ''), 'day', 7],
  ['midnights', (index: number) => `${day(index)} 00:00:00`, 'day', 7],
  ['hours', (index: number) => new Date(Date.UTC(2024, 0, 1, index)).toISOString(), 'hour', 24],
  [
    'hours without a zone',
    (index: number) => new Date(Date.UTC(2024, 0, 1, index)).toISOString().slice(0, 16),
    'hour',
    24,
  ],
] as const)('a column of %s and one of numbers are forecast', (_, time, ...[unit, season]) => {
  const drafted = forecast('when,sold', (index) => `${time(index)},${sold(index)}`);
  expect(columnsOf(drafted)).toEqual({ time: ['when'], value: 'sold', series: [] });
  expect(drafted.read.unit).toBe(unit);
  expect(drafted.season ?? drafted.read.period).toBe(season);
  expect(drafted.read.series).toMatchObject([{ name: 'sold', filled: 0 }]);
});

test('years, and years with months, are times too', () => {
  const years = forecast('year,sold', (index) => `${1950 + index},${sold(index)}`);
  expect(years).toMatchObject({ from: 1950, to: 2009, horizon: 3, read: { unit: 'number' } });
  for (const month of [(index: number) => monthNames[index], (index: number) => index + 1])
    expect(
      forecast(
        'year,month,sold',
        (index) => `${1950 + Math.floor(index / 12)},${month(index % 12)},${sold(index)}`,
      ),
    ).toMatchObject({ from: '1950-01-01', to: '1954-12-01', read: { unit: 'month' } });
});

test('names of series are found where a time alone is not enough, whatever their number', () => {
  for (const names of [3, 30]) {
    const drafted = forecast(
      'day,shop,sold',
      (index) => `${day(Math.floor(index / names))},s${index % names},${sold(index)}`,
      {
        rows: 40 * names,
      },
    );
    expect(columnsOf(drafted)).toEqual({ time: ['day'], value: 'sold', series: ['shop'] });
    expect(drafted.read.series).toHaveLength(names);
  }
  const pairs = forecast(
    'day,shop,item,sold',
    (index) => `${day(Math.floor(index / 4))},${index % 2},${Math.floor(index / 2) % 2},${sold(index)}`,
    { rows: 200 },
  );
  expect(columnsOf(pairs)).toMatchObject({ series: ['shop', 'item'] });
  expect(pairs.read.series.map(({ name }) => name)).toEqual(['0 / 0', '1 / 0', '0 / 1', '1 / 1']);
});

test('other columns make a model, unless a forecast is asked for', () => {
  const header = 'day,rain,sold,visits';
  const line: Line = (index) => `${day(index)},${index % 2 ? 'yes' : 'no'},${sold(index)},${index % 5}`;
  expect(draft(header, line, { target: 'visits' })).toMatchObject({
    kind: 'number',
    target: { name: 'visits' },
    split: { by: { name: 'day' } },
  });
  const drafted = forecast(header, line, { kind: 'forecast', target: 'sold' });
  expect(columnsOf(drafted)).toEqual({ time: ['day'], value: 'sold', series: [] });
  expect(drafted.unused.map(({ name }) => name)).toEqual(['rain', 'visits']);
  expect(
    draft('day,shop,sold', (index) => `${day(index >> 1)},s${index % 2},${sold(index)}`, { kind: 'model' }),
  ).toMatchObject({
    kind: 'number',
    split: { by: { name: 'day' } },
    features: [{ name: 'day' }, { name: 'shop' }],
  });
});

test.each([
  ['texts and numbers', {}, 1],
  ['texts and numbers, for a forecast', { kind: 'forecast', target: 'sold', time: 'day' }, 4],
] as const)('a wide file with a date is read a few times, whatever its width: %s', (_, options, most) => {
  const readings = [10, 40, 120].map((width) => {
    const cell = (index: number, at: number): string =>
      at % 2 ? `${(index * 7 + at) % 10}` : `t${(index + at) % 8}`;
    const columns = Array.from({ length: width }, (__, at) => at);
    const text = csvText(
      `day,${columns.map((at) => `c${at}`).join(',')},sold`,
      (index) => `${day(index >> 1)},${columns.map((at) => cell(index >> 1, at)).join(',')},${sold(index)}`,
    );
    const csv = csvFile('wide.csv', text);
    const table = inferTable(csv);
    let count = 0;
    const counted = {
      ...csv,
      records() {
        count += 1;
        return csv.records();
      },
    };
    try {
      chooseForecast({ table, csv: counted }, options);
    } catch (fault) {
      if (!(fault instanceof PlatformError)) throw fault;
    }
    return count;
  });
  expect(Math.max(...readings)).toBeLessThanOrEqual(most);
  expect(new Set(readings).size).toBe(1);
});

const asking: readonly (readonly [string, string, Line, ForecastWish, readonly string[]])[] = [
  [
    'two numbers',
    'day,sales,price',
    (index) => `${day(index)},${sold(index)},${index % 9}`,
    {},
    ['--target'],
  ],
  [
    'two dates',
    'day,paid,sales',
    (index) => `${day(index)},${day(index + 9)},${sold(index)}`,
    {},
    ['--time'],
  ],
  [
    'two of both, with series',
    'day,paid,shop,sales,price',
    (index) => `${day(index >> 1)},${day((index >> 1) + 9)},s${index % 2},${sold(index)},${index % 9}`,
    { series: ['shop'] },
    ['--target', '--time'],
  ],
  [
    'two numbers, of which one is named',
    'day,paid,sales,price',
    (index) => `${day(index)},${day(index + 9)},${sold(index)},${index % 9}`,
    { target: 'sales' },
    ['--time'],
  ],
];

test.each(asking)('a forecast of %s asks', (...[, header, line, wish, flags]) => {
  const { questions } = drafted(header, line, { kind: 'forecast', ...wish });
  expect(questions?.map(({ flag }) => flag)).toEqual(flags);
  const named = { target: 'sales', ...wish, kind: 'forecast', time: 'day' } as const;
  expect(columnsOf(forecast(header, line, named))).toMatchObject({ time: ['day'], value: 'sales' });
});

test('dates that can be read in two ways that fit alike are a question, and --dates answers it', () => {
  const line: Line = (index) => `0${(index % 9) + 1}/01/2024,s${Math.floor(index / 9)},${sold(index)}`;
  for (const kind of ['forecast', undefined] as const) {
    const { questions } = drafted('when,shop,sold', line, { kind, rows: 54 });
    expect(questions).toMatchObject([{ about: 'dates', candidates: [{}, {}] }]);
  }
  const read = (form: 'D/M/Y' | 'M/D/Y'): unknown =>
    forecast('when,shop,sold', line, { rows: 54, dates: new Map([['when', form]]) }).read.unit;
  expect([read('D/M/Y'), read('M/D/Y')]).toEqual(['day', 'month']);
});

test('what cannot tell values apart does not stop a forecast', () => {
  const drafted = forecast(
    'row,day,unit,sold,note',
    (index) => `${index},${day(index)},kg,${sold(index)},text ${index}`,
  );
  expect(columnsOf(drafted)).toEqual({ time: ['day'], value: 'sold', series: [] });
});

test('lines without a value are left out, and their times are filled in', () => {
  const { read, rows } = forecast(
    'day,sold',
    (index) => `${day(index)},${index % 10 === 5 ? '' : sold(index)}`,
  );
  expect([rows, read.blank, read.series[0]?.filled]).toEqual([60, 6, 6]);
});

test.each([
  [20, 'month', { horizon: 7, folds: 1, season: 1 }],
  [30, 'month', { horizon: 5, folds: 1, season: undefined }],
  [36, 'month', { horizon: 5, folds: 1, season: undefined }],
  [60, 'month', { horizon: 12, folds: 1, season: undefined }],
  [97, 'month', { horizon: 12, folds: 3, season: undefined }],
] as const)('%s months are tested as well as they can be', (rows, unit, plan) => {
  const drafted = forecast('month,sold', (index) => `${date(2000, index)},${sold(index)}`, { rows });
  expect(drafted).toMatchObject({ read: { unit } });
  expect({ horizon: drafted.horizon, folds: drafted.folds, season: drafted.season }).toEqual(plan);
});

test.each([
  [
    'two values for a day',
    (index: number) => `${day(index === 9 ? 8 : index)},${sold(index)}`,
    { field: 'sales.csv', value: 'lines 10 and 11 both have 2024-01-09' },
  ],
  [
    'irregular days',
    (index: number) => `${day(index * index)},${sold(index)}`,
    {
      field: 'sold: series "sold"',
      remedy: expect.stringMatching(/^The times are not evenly spaced: give one/),
    },
  ],
  [
    'days with large gaps',
    (index: number) => `${day(index < 30 ? index : index + 40)},${sold(index)}`,
    { field: 'sold: series "sold"', value: expect.stringContaining('no value at 2024-01-31 and 39 more') },
  ],
] as const)('%s are refused', (_, line, error) => {
  expect(refusal('day,sold', line)).toMatchObject({ code: 'DATA_INVALID', ...error });
});

test('columns that are named must be there and be of use', () => {
  const line: Line = (index) => `${day(index)},${index % 2 ? 'a' : 'b'},${sold(index)}`;
  const named = (wish: ForecastWish): unknown =>
    refusal('day,shop,sold', line, { kind: 'forecast', ...wish });
  expect(named({ time: 'month' })).toMatchObject({ code: 'CONFIG_INVALID', field: '--time', value: 'month' });
  expect(named({ series: ['store'] })).toMatchObject({
    code: 'CONFIG_INVALID',
    field: '--series',
    value: 'store',
  });
  expect(named({ time: 'shop' })).toMatchObject({
    code: 'DATA_INVALID',
    field: 'column "shop" of sales.csv',
  });
  expect(named({ target: 'shop' })).toMatchObject({
    code: 'DATA_INVALID',
    field: 'column "shop" of sales.csv',
  });
  expect(refusal('shop,sold', (index) => `${index % 2},${index}`, { kind: 'forecast' })).toMatchObject({
    code: 'DATA_INVALID',
    remedy: expect.stringContaining('A forecast needs a column of dates'),
  });
});

test('series that are too short to be tested are refused', () => {
  expect(refusal('day,sold', (index) => `${day(index)},${sold(index)}`, { rows: 6 })).toMatchObject({
    code: 'DATA_INVALID',
    value: '6 values',
  });
});
