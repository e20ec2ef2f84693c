import { formatList } from '../kernel/format-list.ts';
import type { PromotionRule } from '../project/models/promotion.ts';
import { amount, type MetricFormat } from './format-metric.ts';

/**
 * A promotion rule for people.
 * @example formatRule(rule, metricFormat('runs')) // "MAE is lower than the live version's, with R² at least 0.5"
 */
export function formatRule(rule: PromotionRule, format: MetricFormat): string {
  const { metric, better, by } = rule.when;
  const margin = by > 0 ? ` by more than ${amount(by, metric, format)}` : '';
  return `${format.metricTitle(metric)} is ${better} than the live version's${margin}${othersOf(rule, format)}`;
}

/**
 * The rule for a first version.
 * @param constant what it must beat, 'always predicting the median'
 */
export function formatFirstRule(rule: PromotionRule, format: MetricFormat, constant: string): string {
  const { metric, better } = rule.when;
  const start =
    rule.first === 'always'
      ? 'it is the first'
      : `${format.metricTitle(metric)} is ${better} than ${constant}`;
  return `${start}${othersOf(rule, format)}`;
}

function othersOf(rule: PromotionRule, format: MetricFormat): string {
  const { better } = rule.when;
  const limits = [...limitsOf(rule.atLeast, 'at least', format), ...limitsOf(rule.atMost, 'at most', format)];
  const beats = rule.beats?.length
    ? ` and ${better} than ${formatList(rule.beats.map((name) => `${name}'s`))}`
    : '';
  return `${beats}${limits.length ? `, with ${formatList(limits)}` : ''}`;
}

function limitsOf(limits: PromotionRule['atLeast'], bound: string, format: MetricFormat): readonly string[] {
  return Object.entries(limits ?? {}).flatMap(([metric, limit]) =>
    limit === undefined ? [] : [`${format.metricTitle(metric)} ${bound} ${amount(limit, metric, format)}`],
  );
}
