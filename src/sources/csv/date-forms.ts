import { daysOf } from '../../data/calendar.ts';
import { monthNumber, monthPattern, weekdayPattern } from './month-names.ts';
import { type ClockTime, readClock } from './clock.ts';

export type DateFormName =
  | 'ISO'
  | 'Y/M/D'
  | 'YYYYMMDD'
  | 'month name'
  | 'month'
  | 'quarter'
  | 'D/M/Y'
  | 'M/D/Y'
  | 'D.M.Y'
  | 'epoch s'
  | 'epoch ms'
  | 'year';

/** A form in which a column writes its dates or times. */
export interface DateForm {
  readonly name: DateFormName;
  readonly example: string;
  /** Whether `dates` of `csv()` must name it, because the same text can mean something else. */
  readonly asked: boolean;
  /** The day as 2024-01-31; a month, quarter or year is its first day. Undefined for a text of another form. */
  day(text: string): string | undefined;
  /** The time as 2024-01-31T12:00:00Z, in UTC if the text names no zone. Undefined for a text without a time of day. */
  time(text: string): string | undefined;
}

interface Moment {
  readonly day: string;
  readonly clock?: ClockTime | undefined;
}

/** Forms of dates; a column has those that all its cells fit. */
export const dateForms: readonly DateForm[] = [
  form('ISO', '2024-01-31', dated(/^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)/)),
  form('Y/M/D', '2024/1/31', dated(/^(?<year>\d{4})([./-])(?<month>\d{1,2})\2(?<day>\d{1,2})/)),
  form('YYYYMMDD', '20240131', dated(/^(?<year>(?:1[6-9]|2[01])\d\d)(?<month>\d\d)(?<day>\d\d)/)),
  form('month name', '31 January 2024', namedMonth),
  form('month', '2024-01', monthStart),
  form('quarter', '2024Q1', quarterStart),
  asked(form('D/M/Y', '31/01/2024', dated(/^(?<day>\d{1,2})([/-])(?<month>\d{1,2})\2(?<year>\d{4}|\d\d)/))),
  asked(form('M/D/Y', '01/31/2024', dated(/^(?<month>\d{1,2})([/-])(?<day>\d{1,2})\2(?<year>\d{4}|\d\d)/))),
  asked(form('D.M.Y', '31.01.2024', dated(/^(?<day>\d{1,2})\.\s?(?<month>\d{1,2})\.\s?(?<year>\d{4}|\d\d)/))),
  asked(form('epoch s', '1706659200', epoch(/^-?\d{9,10}(?:\.\d+)?$/, 1000))),
  asked(form('epoch ms', '1706659200000', epoch(/^-?\d{12,13}$/, 1))),
  asked(form('year', '2024', (text) => momentOf({ year: /^\d{4}$/.exec(text)?.[0] }))),
];

/** The forms that a column needs no option for. */
export const plainDateForms: readonly DateForm[] = dateForms.filter((each) => !each.asked);

export function dateForm(name: string): DateForm | undefined {
  return dateForms.find((each) => each.name === name);
}

function form(name: DateFormName, example: string, read: (text: string) => Moment | undefined): DateForm {
  return {
    name,
    example,
    asked: false,
    day: (text) => read(text.trim())?.day,
    time(text) {
      const moment = read(text.trim());
      return moment?.clock && `${moment.day}T${moment.clock.time}${moment.clock.zone}`;
    },
  };
}

function asked(plain: DateForm): DateForm {
  return { ...plain, asked: true };
}

interface DateParts {
  readonly year?: string | undefined;
  readonly month?: string | undefined;
  readonly day?: string | undefined;
}

/** A date at the start of the text and, after it, nothing or a time of day. */
function dated(pattern: RegExp): (text: string) => Moment | undefined {
  return (text) => {
    const match = pattern.exec(text);
    return match ? momentOf(match.groups ?? {}, text.slice(match[0].length)) : undefined;
  };
}

/** @param rest what follows the date */
function momentOf({ year, month = '1', day = '1' }: DateParts, rest = ''): Moment | undefined {
  if (year === undefined) return undefined;
  const iso = `${fullYear(year)}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  if (daysOf(iso) === undefined) return undefined;
  if (rest === '') return { day: iso };
  const clock = readClock(rest);
  return clock && { day: iso, clock };
}

/** Two digits are a year from 1969 to 2068, as POSIX has it. */
function fullYear(year: string): string {
  if (year.length > 2) return year;
  return `${Number(year) < 69 ? 20 : 19}${year}`;
}

const weekday = `(?:(?:${weekdayPattern})\\.?,?\\s+)?`;
const ordinal = '(?<day>\\d{1,2})(?:st|nd|rd|th)?';
const month = `(?<month>${monthPattern})\\.?`;
const namedMonths = [
  `^${weekday}${ordinal}[\\s-]*${month},?[\\s-]*(?<year>\\d{4}|\\d\\d(?![\\d:]))`,
  `^${weekday}${month}[\\s-]*${ordinal},?[\\s-]+(?<year>\\d{4})`,
  `^(?<year>\\d{4})[\\s-]*${month}[\\s-]*${ordinal}`,
].map((pattern) => new RegExp(pattern, 'i'));

function namedMonth(text: string): Moment | undefined {
  for (const pattern of namedMonths) {
    const match = pattern.exec(text);
    if (!match) continue;
    const { month: name = '', ...parts } = match.groups ?? {};
    return momentOf({ ...parts, month: monthNumber(name) }, text.slice(match[0].length));
  }
  return undefined;
}

/** Numbers alone are a year from 1600 to 2199 and a month: 1000-01 is a code. */
const months = [
  /^(?<year>(?:1[6-9]|2[01])\d\d)[-/ ](?<month>\d{1,2})$/,
  /^(?<month>\d{1,2})[-/ ](?<year>(?:1[6-9]|2[01])\d\d)$/,
  new RegExp(`^(?<year>\\d{4})[\\s/-]*${month}$`, 'i'),
  new RegExp(`^${month}[\\s/-]*(?<year>\\d{4})$`, 'i'),
];

function monthStart(text: string): Moment | undefined {
  for (const pattern of months) {
    const { year, month: name = '' } = pattern.exec(text)?.groups ?? {};
    if (year !== undefined) return momentOf({ year, month: monthNumber(name) });
  }
  return undefined;
}

function quarterStart(text: string): Moment | undefined {
  const { year, quarter } =
    (
      /^(?<year>\d{4})[-\s/]?Q(?<quarter>[1-4])$/i.exec(text) ??
      /^Q(?<quarter>[1-4])[-\s/]?(?<year>\d{4})$/i.exec(text)
    )?.groups ?? {};
  return momentOf({ year, month: String(Number(quarter) * 3 - 2) });
}

/** @param unit milliseconds of one */
function epoch(pattern: RegExp, unit: number): (text: string) => Moment | undefined {
  return (text) => {
    if (!pattern.test(text)) return undefined;
    const [day = '', time = ''] = new Date(Math.round(Number(text) * unit)).toISOString().split('T');
    return { day, clock: { time: time.replace(/(?:\.000)?Z$/, ''), zone: 'Z' } };
  };
}
