import { formatList } from '../kernel/format-list.ts';
import { formatCount } from '../kernel/units.ts';
import { formatLeak, isFullLeak, type Leak } from '../training/leaks.ts';
import { gainOver, type GateFacts, isWithinNoise, type TestedRows } from './gate.ts';
import { isOutdated } from '../kernel/is-outdated.ts';
import { amount, amountsApart, amountWithError, type MetricFormat } from './format-metric.ts';
import type { Verdict } from './model.ts';

/**
 * A verdict for people.
 * @example formatVerdict(verdict, metricFormat('runs')) // 'promoted: MAE is 0.31 runs lower than version 2 on the same 12,480 rows'
 */
export function formatVerdict(
  verdict: Pick<Verdict, 'model' | 'decision' | 'facts'>,
  format: MetricFormat,
): string {
  const { model, decision, facts } = verdict;
  const beside =
    decision.kind === 'hold' ? `${liveUnbeaten(facts, format)}${liveLeak(model, facts)}` : openLeaks(facts);
  return `${formatDecision(verdict, format)}${beside}${onLastPeriod(facts)}`;
}

function formatDecision(
  { model, decision, facts }: Pick<Verdict, 'model' | 'decision' | 'facts'>,
  format: MetricFormat,
): string {
  switch (decision.because) {
    case 'first':
      return `promoted: ${isOutdated(facts.champion) ? `${champion(facts)} does not forecast these values` : 'the first version'}${firstGain(facts, format)}${beaten(facts, format)}`;
    case 'below-baseline':
      return `held: ${comparison(decision, facts, format)}${onRows(facts)}; ${isOutdated(facts.champion) ? `it must beat that, because ${champion(facts)} does not forecast these values` : 'the first version must beat that'}: improve it and run again, ${byHand(model, facts)}`;
    case 'within-noise':
      return `held: ${comparison(decision, facts, format)}${onRows(facts)}; that is within the noise, and ${isOutdated(facts.champion) ? `a version after ${champion(facts)}, which does not forecast these values,` : 'the first version'} must be better by more than two standard errors: add rows or better features and run again, ${byHand(model, facts)}`;
    case 'baseline-not-measured':
      return `held: ${format.titleWithin(decision.metric)} of ${constant(facts)} was not measured${onRows(facts)}, so nothing shows that the first version is better: measure it by another metric, ${byHand(model, facts)}`;
    case 'leak':
      return `held: ${leaking(decision.leak)}, ${isFirst(facts) ? 'and the first version' : 'and a version'} that one feature explains fully is only promoted by hand: if callers know it before, ${promoteCommand(model, facts)}; if not, remove it and run again`;
    case 'better':
      return `promoted: ${comparison(decision, facts, format)}${noise(decision.gain, facts)}${onRows(facts)}${unknownNoise(facts)}${leftOut(facts)}${beaten(facts, format)}`;
    case 'newer-values':
      return `promoted: ${format.titleWithin(decision.metric)} is equal to ${champion(facts)}, and it continues newer values, until ${decision.until}`;
    case 'not-better':
      return `held: ${comparison(decision, facts, format)}${onRows(facts)}${shortfall(decision.gain, facts, format)}${leftOut(facts)}${anyway(decision.gain, model, facts)}`;
    case 'outside-limit': {
      const { metric, value, limit } = decision;
      const [valueText, limitText] = amountsApart([value, limit], metric, format);
      return `held: ${format.titleWithin(metric)} ${valueText} is ${value < limit ? 'below' : 'above'} ${limitText}`;
    }
    case 'not-better-than-baseline':
      return `held: ${notBetterThanBaseline(decision, facts, format)}`;
    case 'not-measured':
      return `held: ${format.titleWithin(decision.metric)} ${decision.baseline === undefined ? '' : `of the baseline ${decision.baseline} `}was not measured`;
    case 'incomparable':
      return `held: ${champion(facts)} could not be scored on these rows (${decision.reason}); if it never can be, promote version ${facts.candidate.version} by hand: ${promoteCommand(model, facts)}`;
    case 'rolled-back':
      return `held: ${movedAway(facts)}; only a person can promote it again`;
  }
}

/** The ways past a baseline. */
function byHand(model: string, facts: GateFacts): string {
  return `promote version ${facts.candidate.version} by hand with ${promoteCommand(model, facts)}, or set \`first: 'always'\` in \`promote\``;
}

function isFirst({ champion: live }: GateFacts): boolean {
  return live === null || isOutdated(live);
}

/** 'feature alive alone predicts the target (AUC 1.000)' */
function leaking(leak: Leak): string {
  return formatLeak(leak).split(':', 1)[0] ?? '';
}

/** '; feature total alone predicts the target (AUC 0.995): is it known before? …' of a version that is promoted */
function openLeaks({ leaks = [] }: GateFacts): string {
  return leaks.map((leak) => `; ${formatLeak(leak)}`).join('');
}

/** What to do if the live version is only better because of a feature that is not known before. */
function liveLeak(model: string, facts: GateFacts): string {
  const { leaks = [], championLeaks = [] } = facts;
  const leak = championLeaks.find(
    (each) => isFullLeak(each) && leaks.every(({ feature }) => feature !== each.feature),
  );
  if (!leak) return '';
  return `; of ${champion(facts)}, which is live, ${leaking(leak)}: if callers do not know it before, replace it by hand: ${promoteCommand(model, facts)}`;
}

/** The command that makes the version of a verdict live, for a text: '`modelyard models promote houses 2`' */
export function promoteCommand(model: string, facts: GateFacts): string {
  return `\`${promoteCommandLine(model, facts)}\``;
}

/** The same command, to be copied: 'modelyard models promote houses 2' */
export function promoteCommandLine(model: string, { rule, candidate }: GateFacts): string {
  const name = /^[\w.-]+$/.test(model) ? model : `'${model.replaceAll("'", String.raw`'\''`)}'`;
  const alias = rule.alias === 'prod' ? '' : ` --alias ${rule.alias}`;
  return `modelyard models promote ${name} ${candidate.version}${alias}`;
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
  const title = format.titleWithin(metric);
  const other = isFirst(facts) ? constant(facts) : champion(facts);
  if (gain === 0) return `${title} is equal to ${other}`;
  const { better } = facts.rule.when;
  const way = gain > 0 === (better === 'lower') ? 'lower' : 'higher';
  return `${title} is ${amountWithError(Math.abs(gain), errorOf(facts), { metric, format })} ${way} than ${other}`;
}

/** The standard error of the difference to the live version, or before there is one to the constant. */
function errorOf(facts: GateFacts): number | undefined {
  const error = facts.standardErrors?.[isFirst(facts) ? 'baseline' : 'champion'];
  return error !== undefined && Number.isFinite(error) ? error : undefined;
}

/** ', within its standard error,' of an improvement that decides although chance explains it. */
function noise(gain: number, facts: GateFacts): string {
  return isWithinNoise(gain, errorOf(facts)) ? ', within its standard error,' : '';
}

/** Says why a rule that asks for more than one standard error took any improvement. */
function unknownNoise(facts: GateFacts): string {
  return facts.rule.when.by === 'standardError' && errorOf(facts) === undefined
    ? '; the standard error of this difference is not known, so any improvement counts'
    : '';
}

/** '; MAE is 3.1 runs lower than always predicting the median on 420 test rows' */
function firstGain(facts: GateFacts, format: MetricFormat): string {
  const { metric } = facts.rule.when;
  const [value, baseline] = [facts.candidate.metrics[metric], facts.baseline?.metrics[metric]];
  if (value === undefined || baseline === undefined || !Number.isFinite(baseline)) return '';
  const gain = gainOver(baseline, value, facts.rule);
  return `; ${comparison({ metric, gain }, facts, format)}${noise(gain, facts)}${onRows(facts)}${unknownNoise(facts)}`;
}

function constant({ baseline }: GateFacts): string {
  if (baseline?.predicts === 'seasonal-naive') return 'repeating the last season';
  if (baseline?.predicts === 'yes') return 'always predicting yes';
  if (baseline?.predicts === 'shares') return 'always predicting the shares of the classes';
  return `always predicting the ${baseline?.predicts ?? 'median'}`;
}

/**
 * 'log loss 0.6931 is not lower than 0.6925 of the baseline alwaysUp; the difference has a standard error of 0.0004', or
 * 'log loss is 0.0001 ± 0.0004 lower than the baseline alwaysUp, and must be more than one standard error lower'
 */
function notBetterThanBaseline(
  {
    metric,
    baseline,
    value,
    baselineValue,
  }: Extract<Verdict['decision'], { readonly because: 'not-better-than-baseline' }>,
  { rule, standardErrors }: GateFacts,
  format: MetricFormat,
): string {
  const [valueText, baselineText] = amountsApart([value, baselineValue], metric, format);
  const error = standardErrors?.baselines?.[baseline];
  const gain = gainOver(baselineValue, value, rule);
  const { better } = rule.when;
  if (gain > 0)
    return `${format.titleWithin(metric)} is ${amountWithError(gain, error, { metric, format })} ${better} than the baseline ${baseline}, and must be more than one standard error ${better}`;
  const errorText =
    error === undefined || !Number.isFinite(error)
      ? ''
      : `; the difference has a standard error of ${amount(error, metric, format)}`;
  return `${format.titleWithin(metric)} ${valueText} is not ${better} than ${baselineText} of the baseline ${baseline}${errorText}`;
}

/** '; better than the baselines alwaysUp (0.693, by 0.002 ± 0.0004) and elo (0.641)' */
function beaten(
  { rule, candidate, baselines = {}, standardErrors }: GateFacts,
  format: MetricFormat,
): string {
  const { metric } = rule.when;
  const each = (rule.beats ?? []).flatMap((name) => {
    const value = baselines[name]?.[metric];
    if (value === undefined) return [];
    const error = standardErrors?.baselines?.[name];
    const gain = gainOver(value, candidate.metrics[metric] ?? Number.NaN, rule);
    const apart =
      error !== undefined && Number.isFinite(error)
        ? `, by ${amountWithError(Math.abs(gain), error, { metric, format })}${isWithinNoise(gain, error) ? ', within its standard error' : ''}`
        : '';
    return [`${name} (${amount(value, metric, format)}${apart})`];
  });
  if (each.length === 0) return '';
  return `; better than the ${each.length === 1 ? 'baseline' : 'baselines'} ${formatList(each)}`;
}

/** '; version 1 is live and no better than the baseline alwaysUp (0.6925)', on the same rows */
function liveUnbeaten({ rule, champion: live, baselines = {} }: GateFacts, format: MetricFormat): string {
  if (!live || 'reason' in live) return '';
  const { metric } = rule.when;
  const value = live.metrics[metric] ?? Number.NaN;
  const unbeaten = (rule.beats ?? []).flatMap((name) => {
    const baseline = baselines[name]?.[metric] ?? Number.NaN;
    return gainOver(baseline, value, rule) <= 0 ? [`${name} (${amount(baseline, metric, format)})`] : [];
  });
  if (unbeaten.length === 0) return '';
  return `; version ${live.version} is live and no better than the ${unbeaten.length === 1 ? 'baseline' : 'baselines'} ${formatList(unbeaten)}`;
}

/** ' (judged on 2025 alone: version 2 cannot be trained again for the periods before)' */
function onLastPeriod({ lastPeriod }: GateFacts): string {
  if (!lastPeriod) return '';
  return ` (judged on ${lastPeriod.name} alone: version ${lastPeriod.version} cannot be trained again for the ${lastPeriod.before ?? 'periods'} before)`;
}

/** ' on the same 12,480 rows, date from 2024-01-01 to 2024-12-31' */
function onRows({ champion: live, testRows, tested }: GateFacts): string {
  const which =
    live && !('reason' in live) ? `the same ${formatCount(testRows)}` : `${formatCount(testRows)} test`;
  return ` on ${which} ${testRows === 1 ? 'row' : 'rows'}${chosen(tested)}`;
}

function chosen(tested: TestedRows | undefined): string {
  if (!tested) return '';
  switch (tested.by) {
    case 'time':
      return `, ${tested.column} from ${tested.from} to ${tested.to}`;
    case 'group':
      return `, drawn by ${tested.column}`;
    case 'row':
      return ', drawn row by row';
  }
}

/** ' (125 test rows are left out: version 2 learned from them; 3 test rows are left out: version 2 cannot predict them: …)' */
function leftOut(facts: GateFacts): string {
  const { leftOut: learned, refused } = facts;
  const reasons = [
    ...(learned === 0 ? [] : [`${rowsLeftOut(learned)}: ${champion(facts)} learned from ${them(learned)}`]),
    ...(refused
      ? [
          `${rowsLeftOut(refused.rows)}: ${champion(facts)} cannot predict ${them(refused.rows)}: ${refused.reason}`,
        ]
      : []),
  ];
  return reasons.length === 0 ? '' : ` (${reasons.join('; ')})`;
}

function rowsLeftOut(count: number): string {
  return `${formatCount(count)} test ${count === 1 ? 'row is' : 'rows are'} left out`;
}

function them(count: number): string {
  return count === 1 ? 'it' : 'them';
}

/** How far an improvement is below the one that the rule requires; empty if there was no improvement. */
function shortfall(gain: number, { rule }: GateFacts, format: MetricFormat): string {
  const { by, metric } = rule.when;
  if (gain <= 0) return '';
  return `, and must be more than ${by === 'standardError' ? 'one standard error' : amount(by, metric, format)}`;
}

/** '; to promote it all the same: `modelyard models promote houses 2`' of a version that is better, and by too little. */
function anyway(gain: number, model: string, facts: GateFacts): string {
  return gain > 0 ? `; to promote it all the same: ${promoteCommand(model, facts)}` : '';
}

function champion({ champion: measured }: GateFacts): string {
  return measured ? `version ${measured.version}` : 'the live version';
}
