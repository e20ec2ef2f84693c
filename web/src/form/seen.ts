import type { EndpointView } from '../../../src/client/index.ts';
import { type Ends, formatWithin } from '../text/numbers.ts';
import { formatDay } from '../text/times.tsx';

export type Seen = EndpointView['seen'][string];

const mostListed = 5;

/** 'seen 0 to 118': what a version learned from, for the text beside a field; undefined if a list says it. */
export function formatSeen(seen: Seen | undefined, unit?: string): string | undefined {
  if (seen?.kind === 'number') return `seen ${rangeText(seen, unit)}`;
  if (seen?.kind === 'time') return `seen ${formatDay(seen.from)} to ${formatDay(seen.to)}`;
  return undefined;
}

/** Why a value is unlike those that a version learned from; undefined if it is like them, or cannot be compared. */
export function unlikeSeen(seen: Seen | undefined, text: string, unit?: string): string | undefined {
  if (!seen) return undefined;
  const given = text.trim();
  if (given === '')
    return seen.missing === 0 && seen.kind !== 'nothing'
      ? 'No row that the model learned from lacked this value.'
      : undefined;
  switch (seen.kind) {
    case 'number': {
      const value = Number(given);
      const isInside = Number.isNaN(value) || (value >= seen.low && value <= seen.high);
      return isInside ? undefined : outside(rangeText({ ...seen, outside: value }, unit));
    }
    case 'time': {
      const [at, from, to] = [given, seen.from, seen.to].map((each) => new Date(each).getTime());
      const isOutside = at !== undefined && (at < (from ?? at) || at > (to ?? at));
      return isOutside ? outside(`${formatDay(seen.from)} to ${formatDay(seen.to)}`) : undefined;
    }
    case 'boolean':
      return seen.values.some((value) => String(value) === given)
        ? undefined
        : `The model only learned from rows with ${seen.values[0] === true ? 'yes' : 'no'}.`;
    case 'text':
      return seen.values === null || seen.values.includes(given) ? undefined : newValue(seen.values);
    case 'nothing':
      return 'No row that the model learned from had a value here.';
  }
}

function rangeText(range: Ends, unit: string | undefined): string {
  const text = formatWithin(range, unit);
  return `${text(range.low)} to ${text(range.high)}`;
}

function outside(range: string): string {
  return `Outside what the model learned from: ${range}.`;
}

function newValue(values: readonly string[]): string {
  return values.length <= mostListed
    ? `The model learned from no row with this value, only from ${values.join(', ')}.`
    : 'The model learned from no row with this value.';
}
