import { dateText, dayMs } from '../../../data/calendar.ts';
import { formatCount } from '../../../kernel/units.ts';
import type { InferredColumn } from '../column.ts';

/** What a column holds, in a few words: 'numbers, 12 to 480', '3 texts: a, b, c', 'dates, 2022-01-01 to 2024-12-31'. */
export function formatValues({ type, numbers, dates, distinct, examples }: InferredColumn): string {
  if (type === undefined) return 'no values';
  if (type === 'boolean') return 'yes and no';
  if (numbers) return `numbers, ${formatNumber(numbers.least)} to ${formatNumber(numbers.greatest)}`;
  if (dates)
    return `dates, ${dateText(Math.floor(dates.from / dayMs))} to ${dateText(Math.floor(dates.to / dayMs))}`;
  const more = distinct > examples.length ? ', …' : '';
  return `${formatCount(distinct)} texts: ${examples.join(', ')}${more}`;
}

function formatNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}
