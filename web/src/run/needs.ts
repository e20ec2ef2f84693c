import { formatNumber, formatList, type VerdictView, titleOf } from '../../../src/client/index.ts';
import { uncapitalized } from '../text/letter-case.ts';

export const baselineTitles = {
  median: 'Always the median',
  yes: 'Always yes',
  shares: 'The shares of the classes',
  'seasonal-naive': 'The last season',
} as const;

/** What the rule asks of a metric: 'lower than v6 by 0.1 and at most 20'; empty for nothing. */
export function needsOf(name: string, { rule, champion, baseline }: VerdictView['facts']): string {
  const { when, atLeast = {}, atMost = {} } = rule;
  const [floor, ceiling] = [atLeast[name], atMost[name]];
  const margin = champion !== null && when.by > 0 ? ` by ${formatNumber(when.by)}` : '';
  const before =
    champion !== null
      ? `v${champion.version}${margin}`
      : baseline !== null && rule.first !== 'always'
        ? uncapitalized(baselineTitles[baseline.predicts])
        : undefined;
  const others = [before, ...(rule.beats ?? []).map((beaten) => uncapitalized(titleOf(beaten)))].filter(
    (other) => other !== undefined,
  );
  return formatList([
    ...(name === when.metric && others.length > 0 ? [`${when.better} than ${formatList(others)}`] : []),
    ...(floor === undefined ? [] : [`at least ${formatNumber(floor)}`]),
    ...(ceiling === undefined ? [] : [`at most ${formatNumber(ceiling)}`]),
  ]);
}
