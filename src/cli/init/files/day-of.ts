import type { DayParts } from '../choose/day-parts.ts';
import { member } from './source-text.ts';

/** The function of a made project that makes the day of a year, a month and a day. @param type of the row */
export function dayOfCode({ year, month, day, isNamed }: DayParts, type: 'Raw' | 'Line'): string {
  const name = member('row', month.name);
  const number = isNamed ? `months.indexOf(${name}.trim().slice(0, 3).toLowerCase()) + 1` : name;
  const months = isNamed
    ? `\nconst months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];\n`
    : '';
  return `${months}
function dayOf(row: ${type}): string {
  const month = String(${number}).padStart(2, '0');
${day ? `  const day = String(${member('row', day.name)}).padStart(2, '0');\n` : ''}  return [${member('row', year.name)}, month, ${day ? 'day' : "'01'"}].join('-');
}
`;
}
