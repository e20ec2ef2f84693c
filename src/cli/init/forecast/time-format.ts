import { daysOf } from '../../../data/calendar.ts';

/** How a column writes its times, and the code that reads them in a made project. */
export interface TimeFormat {
  readonly name: TimeFormatName;
  /** As a person would name it. */
  readonly written: string;
  /** The schema of a line's column. */
  readonly schema: string;
  /** The date, or the year as a number. @returns undefined for a text that is written otherwise */
  readonly day: (text: string) => string | number | undefined;
  /** The date and time of day, of formats that have one. */
  readonly time?: (text: string) => string;
  /** Code of the date, from code of the text. */
  readonly dayCode: (text: string) => string;
  readonly timeCode?: (text: string) => string;
  /** A function that `dayCode` calls. */
  readonly helper?: string;
}

export type TimeFormatName =
  | 'date'
  | 'timestamp'
  | 'local time'
  | 'month'
  | 'month by name'
  | 'quarter'
  | 'compact date'
  | 'year-month-day'
  | 'day-month-year'
  | 'month-day-year'
  | 'year';

const text = 'z.string()';
const helperCode = (value: string): string => `toDate(${value})`;

const patterns = {
  'year-month-day': /^(?<year>\d{4})([./-])(?<month>\d{1,2})\2(?<day>\d{1,2})$/,
  'day-month-year': /^(?<day>\d{1,2})([./-])(?<month>\d{1,2})\2(?<year>\d{4})$/,
  'month-day-year': /^(?<month>\d{1,2})([./-])(?<day>\d{1,2})\2(?<year>\d{4})$/,
} as const;

/** Formats by pattern: a column has those that all its fields match. */
export const timeFormats: readonly TimeFormat[] = [
  {
    name: 'date',
    written: '2024-01-31',
    schema: 'z.iso.date()',
    day: (value) => isoOf(/^(\d{4})-(\d\d)-(\d\d)$/.exec(value)),
    dayCode: (value) => value,
  },
  {
    name: 'timestamp',
    written: '2024-01-31T12:00:00Z',
    schema: 'z.iso.datetime({ offset: true })',
    day: (value) =>
      isoOf(/^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/.exec(value)),
    time: (value) => value,
    dayCode: (value) => `${value}.slice(0, 10)`,
    timeCode: (value) => value,
  },
  {
    name: 'local time',
    written: '2024-01-31 12:00',
    schema: text,
    day: (value) => isoOf(/^(\d{4})-(\d\d)-(\d\d)[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?$/.exec(value)),
    time: (value) => `${value.replace(' ', 'T')}Z`,
    dayCode: (value) => `${value}.slice(0, 10)`,
    timeCode: (value) => `\`\${${value}.replace(' ', 'T')}Z\``,
  },
  {
    name: 'month',
    written: '2024-01',
    schema: text,
    day: (value) => isoOf(/^(\d{4})[-/](\d\d)()$/.exec(value)),
    dayCode: (value) => `\`\${${value}.replace('/', '-')}-01\``,
  },
  {
    name: 'month by name',
    written: 'January 2024',
    schema: text,
    day: (value) => monthStart(value),
    dayCode: helperCode,
    helper: `const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** The first day of a month: 2024-01-01 of January 2024, 2024 Jan or 2024 1. */
function toDate(written: string): string {
  const year = /\\d{4}/.exec(written)?.[0] ?? '';
  const month = written.replace(year, '').replaceAll(/[^a-z0-9]/gi, '').toLowerCase();
  const number = Number(month) || months.indexOf(month.slice(0, 3)) + 1;
  return \`\${year}-\${String(number).padStart(2, '0')}-01\`;
}
`,
  },
  {
    name: 'quarter',
    written: '2024Q1',
    schema: text,
    day: (value) => quarterStart(value),
    dayCode: helperCode,
    helper: `/** The first day of a quarter: 2024-04-01 of 2024Q2. */
function toDate(quarter: string): string {
  return \`\${quarter.slice(0, 4)}-\${String(Number(quarter.slice(-1)) * 3 - 2).padStart(2, '0')}-01\`;
}
`,
  },
  {
    name: 'compact date',
    written: '20240131',
    schema: text,
    day: (value) => isoOf(/^((?:19|20)\d\d)(\d\d)(\d\d)$/.exec(value)),
    dayCode: (value) => `${value}.replace(/^(\\d{4})(\\d\\d)(\\d\\d)$/, '$1-$2-$3')`,
  },
  separated('year-month-day', '2024/1/31'),
  separated('day-month-year', '31/01/2024'),
  separated('month-day-year', '01/31/2024'),
  {
    name: 'year',
    written: '2024',
    schema: 'z.int()',
    day: (value) => (/^[12]\d{3}$/.test(value) ? Number(value) : undefined),
    dayCode: (value) => value,
  },
];

/** Years are numbers to a forecast. */
export function isYearFormat({ name }: TimeFormat): boolean {
  return name === 'year';
}

function separated(name: keyof typeof patterns, written: string): TimeFormat {
  const names = name.split('-').map((part) => `${part} = ''`);
  return {
    name,
    written,
    schema: text,
    day: (value) => {
      const { year = '', month = '', day = '' } = patterns[name].exec(value)?.groups ?? {};
      return isoOf([value, year, month, day]);
    },
    dayCode: helperCode,
    helper: `/** 2024-01-31 of ${written}. */
function toDate(written: string): string {
  const [${names.join(', ')}] = written.split(/[./-]/);
  return \`\${year}-\${month.padStart(2, '0')}-\${day.padStart(2, '0')}\`;
}
`,
  };
}

const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

function monthStart(value: string): string | undefined {
  const [, before, year = '', after] =
    /^(?:([a-z]{3,9})[ -])?(\d{4})(?:[ -]([a-z]{3,9}|\d{1,2}))?$/i.exec(value) ?? [];
  const month = before ?? after ?? '';
  if (year === '' || month === '' || (before && after)) return undefined;
  const number = Number(month) || months.indexOf(month.slice(0, 3).toLowerCase()) + 1;
  return number === 0 ? undefined : isoOf([value, year, String(number), '']);
}

function quarterStart(value: string): string | undefined {
  const [, year = '', quarter = ''] = /^(\d{4})[- ]?[Qq]([1-4])$/.exec(value) ?? [];
  return isoOf([value, year, String(Number(quarter) * 3 - 2), '']);
}

/** The date of a match with year, month and day, if there is such a day; an empty day is the first. */
function isoOf(match: readonly string[] | null): string | undefined {
  const [, year = '', month = '', day = ''] = match ?? [];
  if (year === '') return undefined;
  const iso = `${year}-${month.padStart(2, '0')}-${(day || '1').padStart(2, '0')}`;
  return daysOf(iso) === undefined ? undefined : iso;
}
