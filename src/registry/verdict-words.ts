import { formatCount } from '../kernel/units.ts';
import type { GateFacts } from './gate.ts';
import { amount, amountsApart, type MetricWords } from './metric-words.ts';
import type { Judgement } from './model.ts';

/**
 * A verdict as a person would say it.
 * @example verdictWords(judgement, metricWords('runs')) // 'promoted: MAE is 0.31 runs lower than version 2 on the same 12,480 rows'
 */
export function verdictWords(judgement: Pick<Judgement, 'verdict' | 'facts'>, words: MetricWords): string {
  const { verdict, facts } = judgement;
  switch (verdict.because) {
    case 'first':
      return 'promoted: the first version';
    case 'better':
      return `promoted: ${comparison(verdict, facts, words)} on the same ${formatCount(facts.testRows)} rows`;
    case 'not-better':
      return `held: ${comparison(verdict, facts, words)}${shortfall(verdict.gain, facts, words)}`;
    case 'outside-limit': {
      const { metric, value, limit } = verdict;
      const [valueText, limitText] = amountsApart([value, limit], metric, words);
      return `held: ${words.metricTitle(metric)} ${valueText} is ${value < limit ? 'below' : 'above'} ${limitText}`;
    }
    case 'not-measured':
      return `held: ${words.metricTitle(verdict.metric)} was not measured`;
    case 'incomparable':
      return `held: ${champion(facts)} could not be scored on these rows (${verdict.reason})`;
  }
}

interface Compared {
  readonly metric: string;
  readonly gain: number;
}

/** 'MAE is 0.31 runs lower than version 2' */
function comparison({ metric, gain }: Compared, facts: GateFacts, words: MetricWords): string {
  const title = words.metricTitle(metric);
  if (gain === 0) return `${title} is equal to ${champion(facts)}`;
  const { better } = facts.rule.when;
  const way = gain > 0 === (better === 'lower') ? 'lower' : 'higher';
  return `${title} is ${amount(Math.abs(gain), metric, words)} ${way} than ${champion(facts)}`;
}

/** What an improvement lacks of the one that the rule asks; nothing where there was no improvement. */
function shortfall(gain: number, { rule }: GateFacts, words: MetricWords): string {
  const { by, metric } = rule.when;
  return gain > 0 ? `, and must be more than ${amount(by, metric, words)}` : '';
}

function champion({ champion: measured }: GateFacts): string {
  return measured ? `version ${measured.version}` : 'the live version';
}
