const months = 'january february march april may june july august september october november december'.split(
  ' ',
);

/** Alternatives of a pattern: full names, and their first three letters. */
export const monthPattern = months
  .map((name) =>
    name.length === 3 ? name : `${name.slice(0, 3)}(?:${name === 'september' ? 't?|' : ''}${name.slice(3)})?`,
  )
  .join('|');

export const weekdayPattern =
  'mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:rs|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?';

/** '1' of January, Jan and 1. */
export function monthNumber(name: string): string {
  const at = months.findIndex((month) => month.startsWith(name.slice(0, 3).toLowerCase()));
  return at < 0 ? name : String(at + 1);
}

/** 'January' of 1. @param month 1 to 12 */
export function monthName(month: number): string {
  const name = months[month - 1] ?? '';
  return `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
}
