import { formatCount } from '../kernel/units.ts';
import type { GateFacts } from './gate.ts';
import { amount, amountsApart, type MetricFormat } from './format-metric.ts';
import type { Verdict } from './model.ts';

/**
 * A verdict as a person would say it.
 * @example formatVerdict(verdict, metricFormat('runs')) // 'promoted: MAE is 0.31 runs lower than version 2 on the same 12,480 rows'
 */
export function formatVerdict(verdict: Pick<Verdict, 'decision' | 'facts'>, format: MetricFormat): string {
  const { decision, facts } = verdict;
  switch (decision.because) {
    case 'first':
      return 'promoted: the first version';
    case 'better':
      return `promoted: ${comparison(decision, facts, format)} on the same ${formatCount(facts.testRows)} rows`;
    case 'not-better':
      return `held: ${comparison(decision, facts, format)}${shortfall(decision.gain, facts, format)}`;
    case 'outside-limit': {
      const { metric, value, limit } = decision;
      const [valueText, limitText] = amountsApart([value, limit], metric, format);
      return `held: ${format.metricTitle(metric)} ${valueText} is ${value < limit ? 'below' : 'above'} ${limitText}`;
    }
    case 'not-measured':
      return `held: ${format.metricTitle(decision.metric)} was not measured`;
    case 'incomparable':
      return `held: ${champion(facts)} could not be scored on these rows (${decision.reason})`;
  }
}

interface Compared {
  readonly metric: string;
  readonly gain: number;
}

/** 'MAE is 0.31 runs lower than version 2' */
function comparison({ metric, gain }: Compared, facts: GateFacts, format: MetricFormat): string {
  const title = format.metricTitle(metric);
  if (gain === 0) return `${title} is equal to ${champion(facts)}`;
  const { better } = facts.rule.when;
  const way = gain > 0 === (better === 'lower') ? 'lower' : 'higher';
  return `${title} is ${amount(Math.abs(gain), metric, format)} ${way} than ${champion(facts)}`;
}

/** What an improvement lacks of the one that the rule asks; nothing where there was no improvement. */
function shortfall(gain: number, { rule }: GateFacts, format: MetricFormat): string {
  const { by, metric } = rule.when;
  return gain > 0 ? `, and must be more than ${amount(by, metric, format)}` : '';
}

function champion({ champion: measured }: GateFacts): string {
  return measured ? `version ${measured.version}` : 'the live version';
}
