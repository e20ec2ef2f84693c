import type { PromotionRule } from '../project/promotion.ts';

/** A version and its metrics. */
export interface Measured {
  readonly version: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/** The best constant prediction: the median of the training rows' target, or their most common class. */
export interface Baseline {
  readonly predicts: 'median' | 'majority' | 'seasonal-naive';
  readonly metrics: Readonly<Record<string, number>>;
}

/** Why a champion could not be scored on the candidate's rows. */
export interface Incomparable {
  readonly version: number;
  readonly reason: string;
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
  /** What a first version must beat; null if the rule's metric cannot score a constant. */
  readonly baseline: Baseline | null;
  /** The number of rows of every measurement, and their dataset. */
  readonly testRows: number;
  readonly testData: string;
  /** Test rows left out because the champion had learned from them. */
  readonly leftOut: number;
  /** Absent unless the last move of the alias away from the candidate was by a person. */
  readonly movedAway?: MovedAway;
}

export type Decision =
  | { readonly kind: 'promote'; readonly because: 'first' }
  | { readonly kind: 'promote'; readonly because: 'better'; readonly metric: string; readonly gain: number }
  | { readonly kind: 'hold'; readonly because: 'not-better'; readonly metric: string; readonly gain: number }
  | {
      readonly kind: 'hold';
      readonly because: 'below-baseline';
      readonly metric: string;
      readonly gain: number;
    }
  | {
      readonly kind: 'hold';
      readonly because: 'outside-limit';
      readonly metric: string;
      readonly limit: number;
      readonly value: number;
    }
  | { readonly kind: 'hold'; readonly because: 'not-measured'; readonly metric: string }
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
  const decision = judgeMetrics(facts);
  // Otherwise the next run would undo the rollback.
  return decision.kind === 'promote' && facts.movedAway ? { kind: 'hold', because: 'rolled-back' } : decision;
}

function judgeMetrics(facts: GateFacts): Decision {
  const { rule, candidate, champion } = facts;
  const outside = firstOutside(facts);
  if (outside) return outside;
  const { metric, by } = rule.when;
  const value = candidate.metrics[metric];
  if (value === undefined || !Number.isFinite(value))
    return { kind: 'hold', because: 'not-measured', metric };
  if (!champion) return judgeFirst(facts, value);
  if ('reason' in champion) return { kind: 'hold', because: 'incomparable', reason: champion.reason };
  const before = champion.metrics[metric];
  if (before === undefined || !Number.isFinite(before))
    return { kind: 'hold', because: 'incomparable', reason: `its ${metric} is not known` };
  const gain = gainOver(before, value, rule);
  return gain > by
    ? { kind: 'promote', because: 'better', metric, gain }
    : { kind: 'hold', because: 'not-better', metric, gain };
}

function judgeFirst({ rule, baseline }: GateFacts, value: number): Decision {
  const { metric } = rule.when;
  const constant = baseline?.metrics[metric];
  if (rule.first === 'always' || constant === undefined || !Number.isFinite(constant))
    return { kind: 'promote', because: 'first' };
  const gain = gainOver(constant, value, rule);
  return gain > 0
    ? { kind: 'promote', because: 'first' }
    : { kind: 'hold', because: 'below-baseline', metric, gain };
}

function gainOver(before: number, value: number, { when }: PromotionRule): number {
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
