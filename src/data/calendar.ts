export const dayMs = 86_400_000;
/** The length of 'YYYY-MM-DD'. */
export const dateLength = 10;

const [hyphen, point, zero, colon, letterT, letterZ] = [45, 46, 48, 58, 84, 90];
const daysOfMonths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/** From 1 March of the year 0 to 1970-01-01. */
const daysTo1970 = 719_468;

/** The days since 1970-01-01 of 'YYYY-MM-DD'; undefined for any other text, and for a day that is in no calendar. */
export function daysOf(text: string): number | undefined {
  return text.length === dateLength ? startingDays(text) : undefined;
}

const isoTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/;

/** Milliseconds since 1970 of an ISO time with a date, in UTC if it names no zone; undefined for any other text. */
export function millisecondsOf(text: string): number | undefined {
  const days = startingDays(text);
  if (days === undefined) return undefined;
  const time = storedTime(text);
  if (time !== undefined) return days * dayMs + time;
  const parts = isoTime.exec(text);
  if (!parts) return undefined;
  const parsed = Date.parse(parts[1] === undefined ? `${text}Z` : text);
  return Number.isNaN(parsed) ? undefined : parsed;
}

/** @param days since 1970-01-01 @returns 'YYYY-MM-DD' */
export function dateText(days: number): string {
  return new Date(days * dayMs).toISOString().slice(0, dateLength);
}

/** The milliseconds of the day in 'YYYY-MM-DDTHH:MM:SS.sssZ', the form of stored times, and in 'YYYY-MM-DDTHH:MM:SSZ'. */
function storedTime(text: string): number | undefined {
  const { length } = text;
  if (length !== 24 && length !== 20) return undefined;
  const isOfForm =
    text.charCodeAt(10) === letterT &&
    text.charCodeAt(13) === colon &&
    text.charCodeAt(16) === colon &&
    text.charCodeAt(length - 1) === letterZ &&
    (length === 20 || text.charCodeAt(19) === point);
  if (!isOfForm) return undefined;
  const [hour, minute, second] = [twoDigits(text, 11), twoDigits(text, 14), twoDigits(text, 17)];
  const milliseconds = length === 20 ? 0 : twoDigits(text, 20) * 10 + digit(text, 22);
  if (!(hour < 24 && minute < 60 && second < 60 && milliseconds >= 0)) return undefined;
  return ((hour * 60 + minute) * 60 + second) * 1000 + milliseconds;
}

/** The days of the date that a text starts with: days_from_civil of https://howardhinnant.github.io/date_algorithms.html. */
function startingDays(text: string): number | undefined {
  if (text.charCodeAt(4) !== hyphen || text.charCodeAt(7) !== hyphen) return undefined;
  const year = 100 * twoDigits(text, 0) + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  // Another character than a digit makes NaN, which is in no range.
  if (!(year >= 0 && month >= 1 && month <= 12 && day >= 1)) return undefined;
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (day > (daysOfMonths[month - 1] ?? 0) + Number(isLeap && month === 2)) return undefined;
  const shifted = month > 2 ? year : year - 1;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - daysTo1970;
}

function twoDigits(text: string, at: number): number {
  return digit(text, at) * 10 + digit(text, at + 1);
}

/** NaN for another character. */
function digit(text: string, at: number): number {
  const value = text.charCodeAt(at) - zero;
  return value >= 0 && value <= 9 ? value : Number.NaN;
}
