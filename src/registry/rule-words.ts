import type { PromotionRule } from '../project/promotion.ts';
import { amount, type MetricWords } from './metric-words.ts';

/**
 * A promotion rule as a person would say it.
 * @example ruleWords(rule, metricWords('runs')) // 'lower MAE than the live version, with R² at least 0.5'
 */
export function ruleWords(rule: PromotionRule, words: MetricWords): string {
  const { metric, better, by } = rule.when;
  const margin = by > 0 ? ` by more than ${amount(by, metric, words)}` : '';
  const limits = [...limitsOf(rule.atLeast, 'at least', words), ...limitsOf(rule.atMost, 'at most', words)];
  return `${better} ${words.metricTitle(metric)} than the live version${margin}${limits.length ? `, with ${listed(limits)}` : ''}`;
}

function limitsOf(limits: PromotionRule['atLeast'], bound: string, words: MetricWords): readonly string[] {
  return Object.entries(limits ?? {}).flatMap(([metric, limit]) =>
    limit === undefined ? [] : [`${words.metricTitle(metric)} ${bound} ${amount(limit, metric, words)}`],
  );
}

/** 'a, b and c' */
function listed(items: readonly string[]): string {
  return [...(items.length > 2 ? [items.slice(0, -2).join(', ')] : []), items.slice(-2).join(' and ')].join(
    ', ',
  );
}
