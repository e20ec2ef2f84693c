import { formatShare, formatNumber, type MetricView, titleOf } from '../../../src/client/index.ts';

const meanings: Readonly<Record<string, string>> = {
  mae: 'How far off on average',
  rmse: 'How far off, with large misses weighing more',
  r2: 'Share of the differences that the model explains: 1 is all, 0 none',
  bias: 'Whether it is too high or too low on average: 0 is neither',
  intervalCoverage: 'Share of outcomes that fell within the range given',
  intervalWidth: 'How wide the ranges are on average',
  accuracy: 'Share of the rows whose most probable class happened',
  logLoss: 'How surprising the outcomes were: 0 is never, and sure mistakes weigh most',
  brier: 'Mean squared distance of the probabilities from what happened: 0 is best',
  auc: 'How often a yes gets a higher probability than a no: 0.5 is chance',
  calibrationError: 'How far probabilities are from how often it happens',
  smape: 'How far off on average, in percent of truth and forecast',
  mase: 'The error as a multiple of that of repeating the last season',
};

const titles: Readonly<Record<string, string>> = {
  r2: 'R²',
  brier: 'Brier score',
  smape: 'sMAPE',
  macroF1: 'Macro F1',
  bias: 'Bias',
};

/** What a metric means, for newcomers; undefined for a metric that is not ours. */
export function metricMeaning(name: string): string | undefined {
  return meanings[name];
}

/** A metric's name as people write it: 'MAE', 'R²', 'Interval coverage'. */
export function metricTitle(name: string): string {
  return Object.hasOwn(titles, name) ? (titles[name] ?? name) : titleOfWord(name);
}

function titleOfWord(name: string): string {
  return name.length <= 5 ? name.toUpperCase() : titleOf(name);
}

/** A metric's number without its unit; a share of outcomes as a percentage. */
export function formatMetric(
  { name, value }: Pick<MetricView, 'name' | 'value'>,
  format = formatNumber,
): string {
  return name === 'intervalCoverage' ? formatShare(value) : format(value);
}
