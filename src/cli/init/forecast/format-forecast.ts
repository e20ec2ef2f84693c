import { formatCount } from '../../../kernel/units.ts';
import { countOf } from '../../../pipeline/facts.ts';
import { seasonOf, type Unit } from '../../../training/forecasting/frequency.ts';
import type { ForecastDraft } from './draft-forecast.ts';
import { isYears } from './choose-time.ts';

/** '12 months'. */
export function formatSteps(count: number, draft: Pick<ForecastDraft, 'read'>): string {
  return countOf(count, stepOf(unitOf(draft)));
}

function stepOf(unit: Unit): string {
  return unit === 'number' ? 'value' : unit;
}

/** What was found in the times: 'month, a value each month from 1949-01-01 to 1960-12-01, a season of 12'. */
export function formatTimes(draft: ForecastDraft): string {
  const { time, from, to, read, season } = draft;
  const period = season ?? seasonOf[read.unit];
  const columns = time.columns.map(({ name }) => name).join(' and ');
  const ambiguous = time.readings.length > 1 ? `, read as ${read.reading.form?.name}` : '';
  return `${columns}${ambiguous}: a value each ${stepOf(unitOf(draft))} from ${from} to ${to}, ${period > 1 ? `a season of ${period}` : 'no season'}`;
}

function unitOf({ read: { reading, unit } }: Pick<ForecastDraft, 'read'>): Unit {
  return isYears(reading) ? 'year' : unit;
}

/** 'passengers, 12 months ahead'. */
export function formatForecast(draft: ForecastDraft): string {
  return `${draft.value.name}, ${formatSteps(draft.horizon, draft)} ahead`;
}

/** 'one', or '10 series, by store'. */
export function formatSeries({ series, read }: ForecastDraft): string {
  if (series.length === 0) return 'one';
  const names = series.map(({ name }) => name).join(' and ');
  return `${formatCount(read.series.length)}, by ${names}`;
}

/** 'the last 12 months of each series, 3 times'. */
export function formatTests(draft: ForecastDraft): string {
  const { horizon, folds, series } = draft;
  const last = horizon === 1 ? `last ${stepOf(unitOf(draft))}` : `last ${formatSteps(horizon, draft)}`;
  const of = series.length === 0 ? '' : ' of each series';
  const each = folds > 1 ? `, and the ${formatSteps(horizon, draft)} before, ${folds} times in all` : '';
  return `the ${last}${of}${each}`;
}
