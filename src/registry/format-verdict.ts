import { formatCount } from '../kernel/units.ts';
import type { GateFacts } from './gate.ts';
import { amount, amountsApart, type MetricFormat } from './format-metric.ts';
import type { Verdict } from './model.ts';

/**
 * A verdict for people.
 * @example formatVerdict(verdict, metricFormat('runs')) // 'promoted: MAE is 0.31 runs lower than version 2 on the same 12,480 rows'
 */
export function formatVerdict(verdict: Pick<Verdict, 'decision' | 'facts'>, format: MetricFormat): string {
  const { decision, facts } = verdict;
  switch (decision.because) {
    case 'first':
      return `promoted: the first version${firstGain(facts, format)}`;
    case 'below-baseline':
      return `held: ${comparison(decision, facts, format)}; the first version must beat that`;
    case 'better':
      return `promoted: ${comparison(decision, facts, format)} on the same ${formatCount(facts.testRows)} rows${leftOut(facts)}`;
    case 'not-better':
      return `held: ${comparison(decision, facts, format)}${shortfall(decision.gain, facts, format)}${leftOut(facts)}`;
    case 'outside-limit': {
      const { metric, value, limit } = decision;
      const [valueText, limitText] = amountsApart([value, limit], metric, format);
      return `held: ${format.metricTitle(metric)} ${valueText} is ${value < limit ? 'below' : 'above'} ${limitText}`;
    }
    case 'not-measured':
      return `held: ${format.metricTitle(decision.metric)} was not measured`;
    case 'incomparable':
      return `held: ${champion(facts)} could not be scored on these rows (${decision.reason})`;
    case 'rolled-back':
      return `held: ${movedAway(facts)}; only a person can promote it again`;
  }
}

/** 'ada moved @prod from version 2 to version 1' */
function movedAway({ movedAway: move, rule }: GateFacts): string {
  if (!move) return 'a person moved the alias away from it';
  return move.to === null
    ? `${move.by} removed @${rule.alias} from version ${move.from}`
    : `${move.by} moved @${rule.alias} from version ${move.from} to version ${move.to}`;
}

interface Compared {
  readonly metric: string;
  readonly gain: number;
}

/** 'MAE is 0.31 runs lower than version 2' */
function comparison({ metric, gain }: Compared, facts: GateFacts, format: MetricFormat): string {
  const title = format.metricTitle(metric);
  const other = facts.champion ? champion(facts) : constant(facts);
  if (gain === 0) return `${title} is equal to ${other}`;
  const { better } = facts.rule.when;
  const way = gain > 0 === (better === 'lower') ? 'lower' : 'higher';
  return `${title} is ${amount(Math.abs(gain), metric, format)} ${way} than ${other}`;
}

/** '; MAE is 3.1 runs lower than always predicting the median' */
function firstGain(facts: GateFacts, format: MetricFormat): string {
  const { metric, better } = facts.rule.when;
  const [value, baseline] = [facts.candidate.metrics[metric], facts.baseline?.metrics[metric]];
  if (value === undefined || baseline === undefined || !Number.isFinite(baseline)) return '';
  const gain = better === 'lower' ? baseline - value : value - baseline;
  return `; ${comparison({ metric, gain }, facts, format)}`;
}

function constant({ baseline }: GateFacts): string {
  if (baseline?.predicts === 'seasonal-naive') return 'repeating the last season';
  return `always predicting the ${baseline?.predicts === 'majority' ? 'commonest class' : 'median'}`;
}

/** ' (125 test rows are left out: version 2 learned from them)' */
function leftOut(facts: GateFacts): string {
  const { leftOut: count } = facts;
  if (count === 0) return '';
  return ` (${formatCount(count)} test ${count === 1 ? 'row is' : 'rows are'} left out: ${champion(facts)} learned from ${count === 1 ? 'it' : 'them'})`;
}

/** How far an improvement is below the one that the rule requires; empty if there was no improvement. */
function shortfall(gain: number, { rule }: GateFacts, format: MetricFormat): string {
  const { by, metric } = rule.when;
  return gain > 0 ? `, and must be more than ${amount(by, metric, format)}` : '';
}

function champion({ champion: measured }: GateFacts): string {
  return measured ? `version ${measured.version}` : 'the live version';
}
