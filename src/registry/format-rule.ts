import { formatList } from '../kernel/format-list.ts';
import type { PromotionRule } from '../project/models/promotion.ts';
import { amount, type MetricFormat } from './format-metric.ts';

/**
 * A promotion rule for people.
 * @example formatRule(rule, metricFormat('runs')) // "MAE is lower than the live version's, with R² at least 0.5"
 */
export function formatRule(rule: PromotionRule, format: MetricFormat): string {
  const { metric, better, by } = rule.when;
  const start = `${format.titleWithin(metric)} is ${better} than the live version's`;
  if (by === 'standardError') return `${start}${beatsOf(rule)}${byError}${limitsText(rule, format)}`;
  const margin = by > 0 ? ` by more than ${amount(by, metric, format)}` : '';
  return `${start}${margin}${beatsOf(rule)}${limitsText(rule, format)}`;
}

const byError = ' by more than one standard error';

/**
 * The rule for a first version.
 * @param constant what it must beat, 'always predicting the median'; whether the standard error of the difference is measured
 */
export function formatFirstRule(
  rule: PromotionRule,
  format: MetricFormat,
  constant: { readonly text: string; readonly hasStandardError: boolean },
): string {
  const { metric, better, by } = rule.when;
  const beats = `${beatsOf(rule)}${rule.beats?.length && by === 'standardError' ? byError : ''}`;
  const others = `${beats}${limitsText(rule, format)}`;
  if (rule.first === 'always') return `it is the first${others}`;
  const margin = constant.hasStandardError ? ' by more than two standard errors' : '';
  return `${format.titleWithin(metric)} is ${better} than ${constant.text}${margin}${others}`;
}

function beatsOf({ when, beats }: PromotionRule): string {
  return beats?.length ? ` and ${when.better} than ${formatList(beats.map((name) => `${name}'s`))}` : '';
}

function limitsText(rule: PromotionRule, format: MetricFormat): string {
  const limits = [...limitsOf(rule.atLeast, 'at least', format), ...limitsOf(rule.atMost, 'at most', format)];
  return limits.length > 0 ? `, with ${formatList(limits)}` : '';
}

function limitsOf(limits: PromotionRule['atLeast'], bound: string, format: MetricFormat): readonly string[] {
  return Object.entries(limits ?? {}).flatMap(([metric, limit]) =>
    limit === undefined ? [] : [`${format.titleWithin(metric)} ${bound} ${amount(limit, metric, format)}`],
  );
}
