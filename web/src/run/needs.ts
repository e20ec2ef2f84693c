import {
  formatNumber,
  formatList,
  isOutdated,
  type VerdictView,
  titleOf,
  uncapitalized,
} from '../../../src/client/index.ts';

export const baselineTitles = {
  median: 'Always the median',
  mean: 'Always the mean',
  yes: 'Always yes',
  shares: 'The shares of the classes',
  'seasonal-naive': 'The last season',
} as const;

/** What the rule asks of a metric: 'lower than v6 by 0.1 and at most 20'; empty for nothing. */
export function needsOf(name: string, facts: VerdictView['facts']): string {
  const { when, atLeast = {}, atMost = {}, beats = [] } = facts.rule;
  const [floor, ceiling] = [atLeast[name], atMost[name]];
  const before = mustBeat(facts);
  const others = beats.map((beaten) => {
    const isKnown = facts.standardErrors?.baselines?.[beaten] !== undefined;
    return `${uncapitalized(titleOf(beaten))}${when.by === 'standardError' && isKnown ? byError : ''}`;
  });
  const all = before === undefined ? others : [before, ...others];
  return formatList([
    ...(name === when.metric && all.length > 0 ? [`${when.better} than ${formatList(all)}`] : []),
    ...(floor === undefined ? [] : [`at least ${formatNumber(floor)}`]),
    ...(ceiling === undefined ? [] : [`at most ${formatNumber(ceiling)}`]),
  ]);
}

const byError = ' by more than one standard error';

/** 'v6 by 0.1', 'always the median by more than two standard errors'; undefined if a first version is always promoted. */
function mustBeat({ rule, champion, baseline, standardErrors }: VerdictView['facts']): string | undefined {
  const { by } = rule.when;
  if (champion !== null && !isOutdated(champion)) {
    const isKnown = standardErrors?.champion !== undefined;
    const margin =
      by === 'standardError' ? (isKnown ? byError : '') : by > 0 ? ` by ${formatNumber(by)}` : '';
    return `v${champion.version}${margin}`;
  }
  if (baseline === null || rule.first === 'always') return undefined;
  const margin = standardErrors?.baseline === undefined ? '' : ' by more than two standard errors';
  return `${uncapitalized(baselineTitles[baseline.predicts])}${margin}`;
}
