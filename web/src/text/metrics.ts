import type { MetricView } from '../../../src/client/index.ts';
import { titleOfName } from '../form/fields.ts';
import { formatNumber, formatShare } from './numbers.ts';

const meanings: Readonly<Record<string, string>> = {
  mae: 'How far off on average',
  rmse: 'How far off, with large misses weighing more',
  r2: 'Share of the differences that the model explains: 1 is all, 0 none',
  bias: 'Whether it is too high or too low on average: 0 is neither',
  intervalCoverage: 'Share of outcomes that fell within the range given',
  intervalWidth: 'How wide the ranges are on average',
};

/** What a metric means, for newcomers; undefined for a metric that is not ours. */
export function metricMeaning(name: string): string | undefined {
  return meanings[name];
}

/** A metric's name as people write it: 'MAE', 'R²', 'Interval coverage'. */
export function metricTitle(name: string): string {
  if (name === 'r2') return 'R²';
  return name.length <= 5 && name !== 'bias' ? name.toUpperCase() : titleOfName(name);
}

/** A metric's number without its unit; a share of outcomes as a percentage. */
export function formatMetric({ name, value }: MetricView): string {
  return name === 'intervalCoverage' ? formatShare(value) : formatNumber(value);
}
