import type { Margin, PromotionRule } from '../project/models/promotion.ts';
import { isOutdated } from '../kernel/is-outdated.ts';
import { isFullLeak, type Leak } from '../training/leaks.ts';

/** A version and its metrics. */
export interface Measured {
  readonly version: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/**
 * The best constant prediction: the median or the mean of the training rows' target, whichever is better by the rule's
 * metric, or the shares of their classes; yes, for a metric that only counts what is predicted as yes.
 */
export interface Baseline {
  readonly predicts: 'median' | 'mean' | 'shares' | 'yes' | 'seasonal-naive';
  readonly metrics: Readonly<Record<string, number>>;
}

/** Standard errors of the rule's metric, from drawing the test rows again by groups. Absent where they are not known. */
export interface StandardErrors {
  /** Of the candidate's own figure. */
  readonly candidate?: number;
  /** Of the difference between the candidate and the champion on the same rows. */
  readonly champion?: number;
  /** Of the difference to the built-in baseline, and to those of the project by name. */
  readonly baseline?: number;
  readonly baselines?: Readonly<Record<string, number>>;
}

/** Both versions are judged on the last period alone, because one of them cannot be trained again. */
export interface LastPeriod {
  /** '2025'; 'the last origin' of a forecast */
  readonly name: string;
  /** What lies before it. @default 'periods' */
  readonly before?: 'origins';
  /** The version that cannot be trained again. */
  readonly version: number;
}

/** The latest rows, rows drawn by their group, or single rows drawn by what they contain. */
export type TestedRows =
  | {
      readonly by: 'time';
      readonly column: string;
      readonly from: string | number;
      readonly to: string | number;
    }
  | { readonly by: 'group'; readonly column: string }
  | { readonly by: 'row' };

/** Why a champion could not be scored on the candidate's rows. */
export interface Incomparable {
  readonly version: number;
  readonly reason: string;
  /** Its stored forecasts do not reach these values, so that it must not hold a newer version. @default false */
  readonly isOutdated?: boolean;
}

/** A person's move of the alias from the candidate to another version. */
export interface MovedAway {
  readonly by: string;
  /** The candidate, or a copy of it. */
  readonly from: number;
  /** Null if the alias was removed. */
  readonly to: number | null;
}

/** All inputs of a verdict. */
export interface GateFacts {
  readonly rule: PromotionRule;
  readonly candidate: Measured;
  /** The version that the alias points to, scored again on the candidate's test rows; absent before the first promotion. */
  readonly champion: Measured | Incomparable | null;
  /** What a first version must beat. Null in facts of earlier releases that lack it. */
  readonly baseline: Baseline | null;
  /** Metrics of the project's baselines on the same rows, by name. @default none */
  readonly baselines?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** @default not known */
  readonly standardErrors?: StandardErrors;
  /** @default judged on all test rows */
  readonly lastPeriod?: LastPeriod;
  /** The number of rows of every measurement, and their dataset. */
  readonly testRows: number;
  readonly testData: string;
  /** How the test rows were chosen. Absent in facts of earlier releases and of forecasts. */
  readonly tested?: TestedRows;
  /** Test rows left out because the champion had learned from them. */
  readonly leftOut: number;
  /** Test rows left out because the champion cannot predict them, and why not the first of them. @default none */
  readonly refused?: { readonly rows: number; readonly reason: string };
  /** The time of the last value of a forecast's version. @default the champion has learned from values as new */
  readonly newerUntil?: string;
  /** Features that alone predict the target too well. Absent in facts of earlier releases and of forecasts. */
  readonly leaks?: readonly Leak[];
  /** Those of the champion. Absent if it was judged by an earlier release. */
  readonly championLeaks?: readonly Leak[];
  /** Absent unless the last move of the alias away from the candidate was by a person. */
  readonly movedAway?: MovedAway;
}

export type Decision =
  | { readonly kind: 'promote'; readonly because: 'first' }
  | { readonly kind: 'promote'; readonly because: 'better'; readonly metric: string; readonly gain: number }
  | {
      readonly kind: 'promote';
      readonly because: 'newer-values';
      readonly metric: string;
      readonly until: string;
    }
  | { readonly kind: 'hold'; readonly because: 'not-better'; readonly metric: string; readonly gain: number }
  | {
      readonly kind: 'hold';
      readonly because: 'below-baseline';
      readonly metric: string;
      readonly gain: number;
    }
  | {
      readonly kind: 'hold';
      /** A first version is better than the constant, and not by more than two standard errors of the difference. */
      readonly because: 'within-noise';
      readonly metric: string;
      readonly gain: number;
      readonly standardError: number;
    }
  | { readonly kind: 'hold'; readonly because: 'baseline-not-measured'; readonly metric: string }
  | { readonly kind: 'hold'; readonly because: 'leak'; readonly leak: Leak }
  | {
      readonly kind: 'hold';
      readonly because: 'not-better-than-baseline';
      readonly metric: string;
      /** One of the rule's `beats`. */
      readonly baseline: string;
      readonly value: number;
      readonly baselineValue: number;
    }
  | {
      readonly kind: 'hold';
      readonly because: 'outside-limit';
      readonly metric: string;
      readonly limit: number;
      readonly value: number;
    }
  | {
      readonly kind: 'hold';
      readonly because: 'not-measured';
      readonly metric: string;
      /** The baseline that it was not measured for. @default the version itself */
      readonly baseline?: string;
    }
  | { readonly kind: 'hold'; readonly because: 'incomparable'; readonly reason: string }
  | { readonly kind: 'hold'; readonly because: 'rolled-back' };

/** With fewer rows, at least half of the test rows must remain. */
const fewestRows = 30;

/** Whether enough test rows remain without those that the champion learned from. */
export function isEnoughToCompare({
  rows,
  leftOut,
}: {
  readonly rows: number;
  readonly leftOut: number;
}): boolean {
  return rows >= Math.min(fewestRows, Math.ceil((rows + leftOut) / 2));
}

/** Decides on a candidate. Pure: the same facts give the same verdict. */
export function judge(facts: GateFacts): Decision {
  const decision = judgeLeaks(judgeMetrics(facts), facts);
  // Otherwise the next run would undo the rollback.
  return decision.kind === 'promote' && facts.movedAway ? { kind: 'hold', because: 'rolled-back' } : decision;
}

/**
 * A version that one feature explains fully goes live by hand, because only a person knows whether that feature is known
 * before. Once such a version is live, others with the same feature are judged as usual.
 */
function judgeLeaks(decision: Decision, { rule, champion, leaks = [], championLeaks }: GateFacts): Decision {
  if (decision.kind === 'hold' || rule.first === 'always') return decision;
  const accepted = champion ? championLeaks : [];
  const leak = leaks.find(
    (each) => isFullLeak(each) && accepted?.every(({ feature }) => feature !== each.feature),
  );
  return leak ? { kind: 'hold', because: 'leak', leak } : decision;
}

function judgeMetrics(facts: GateFacts): Decision {
  const { rule, candidate, champion } = facts;
  const outside = firstOutside(facts);
  if (outside) return outside;
  const { metric, by } = rule.when;
  const value = candidate.metrics[metric];
  if (value === undefined || !Number.isFinite(value))
    return { kind: 'hold', because: 'not-measured', metric };
  const unbeaten = firstUnbeaten(facts, value);
  if (unbeaten) return unbeaten;
  if (!champion || isOutdated(champion)) return judgeFirst(facts, value);
  if ('reason' in champion) return { kind: 'hold', because: 'incomparable', reason: champion.reason };
  const before = champion.metrics[metric];
  if (before === undefined || !Number.isFinite(before))
    return { kind: 'hold', because: 'incomparable', reason: `its ${metric} is not known` };
  const gain = gainOver(before, value, rule);
  // The same method errs the same: what differs is the values that it continues.
  if (gain === 0 && facts.newerUntil !== undefined)
    return { kind: 'promote', because: 'newer-values', metric, until: facts.newerUntil };
  return gain > leastGain(by, facts.standardErrors?.champion)
    ? { kind: 'promote', because: 'better', metric, gain }
    : { kind: 'hold', because: 'not-better', metric, gain };
}

/** What a gain must exceed. */
function leastGain(by: Margin, standardError: number | undefined): number {
  return by === 'standardError' ? knownError(standardError) : by;
}

function knownError(standardError: number | undefined): number {
  return standardError !== undefined && Number.isFinite(standardError) ? standardError : 0;
}

/** Whether an improvement is no larger than one standard error of it. */
export function isWithinNoise(gain: number, standardError: number | undefined): boolean {
  return gain > 0 && gain <= knownError(standardError);
}

/**
 * A first version must beat the constant by more than so many standard errors of the difference: of models that learned
 * nothing, one in 44 does (a normal distribution's tail). Later versions are compared with one that passed this already.
 */
const fewestFirstErrors = 2;

function judgeFirst({ rule, baseline, standardErrors }: GateFacts, value: number): Decision {
  const { metric } = rule.when;
  if (rule.first === 'always') return { kind: 'promote', because: 'first' };
  const constant = baseline?.metrics[metric];
  if (constant === undefined || !Number.isFinite(constant))
    // A baseline of the project that was beaten says as much.
    return rule.beats?.length
      ? { kind: 'promote', because: 'first' }
      : { kind: 'hold', because: 'baseline-not-measured', metric };
  const gain = gainOver(constant, value, rule);
  if (gain <= 0) return { kind: 'hold', because: 'below-baseline', metric, gain };
  const standardError = knownError(standardErrors?.baseline);
  return gain <= fewestFirstErrors * standardError
    ? { kind: 'hold', because: 'within-noise', metric, gain, standardError }
    : { kind: 'promote', because: 'first' };
}

/** The first baseline of the rule that the candidate is not better than. */
function firstUnbeaten(
  { rule, baselines = {}, standardErrors }: GateFacts,
  value: number,
): Decision | undefined {
  const { metric, by } = rule.when;
  // A number is a distance to the live version, which is better than the baselines already.
  const leastOver = (baseline: string): number =>
    by === 'standardError' ? leastGain(by, standardErrors?.baselines?.[baseline]) : 0;
  for (const baseline of rule.beats ?? []) {
    const baselineValue = baselines[baseline]?.[metric];
    if (baselineValue === undefined || !Number.isFinite(baselineValue))
      return { kind: 'hold', because: 'not-measured', metric, baseline };
    if (gainOver(baselineValue, value, rule) <= leastOver(baseline))
      return { kind: 'hold', because: 'not-better-than-baseline', metric, baseline, value, baselineValue };
  }
  return undefined;
}

/** How much better a value of the rule's metric is than another one. */
export function gainOver(before: number, value: number, { when }: PromotionRule): number {
  return when.better === 'lower' ? before - value : value - before;
}

function firstOutside({ rule, candidate }: GateFacts): Decision | undefined {
  const limits = [
    ...Object.entries(rule.atLeast ?? {}).map(([metric, limit]) => ({ metric, limit, sign: 1 })),
    ...Object.entries(rule.atMost ?? {}).map(([metric, limit]) => ({ metric, limit, sign: -1 })),
  ];
  for (const { metric, limit, sign } of limits) {
    if (limit === undefined) continue;
    const value = candidate.metrics[metric];
    if (value === undefined || !Number.isFinite(value))
      return { kind: 'hold', because: 'not-measured', metric };
    if (sign * value < sign * limit) return { kind: 'hold', because: 'outside-limit', metric, limit, value };
  }
  return undefined;
}
