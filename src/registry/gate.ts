import type { PromotionRule } from '../project/promotion.ts';

/** A version's metrics, and the test rows that they were measured on. */
export interface Measured {
  readonly version: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/** Why a champion could not be measured on the candidate's rows. */
export interface Incomparable {
  readonly version: number;
  readonly reason: string;
}

/** Everything that a verdict is made from. */
export interface GateFacts {
  readonly rule: PromotionRule;
  readonly candidate: Measured;
  /** The alias's version, scored again on the candidate's test rows; absent before the first promotion. */
  readonly champion: Measured | Incomparable | null;
  /** How many test rows, and the dataset that they came from. */
  readonly testRows: number;
  readonly testData: string;
}

export type Decision =
  | { readonly kind: 'promote'; readonly because: 'first' }
  | { readonly kind: 'promote'; readonly because: 'better'; readonly metric: string; readonly gain: number }
  | { readonly kind: 'hold'; readonly because: 'not-better'; readonly metric: string; readonly gain: number }
  | {
      readonly kind: 'hold';
      readonly because: 'outside-limit';
      readonly metric: string;
      readonly limit: number;
      readonly value: number;
    }
  | { readonly kind: 'hold'; readonly because: 'not-measured'; readonly metric: string }
  | { readonly kind: 'hold'; readonly because: 'incomparable'; readonly reason: string };

/** Decides on a candidate. Pure: the same facts, the same verdict. */
export function judge(facts: GateFacts): Decision {
  const { rule, candidate, champion } = facts;
  const outside = firstOutside(facts);
  if (outside) return outside;
  const { metric, better, by } = rule.when;
  const value = candidate.metrics[metric];
  if (value === undefined || !Number.isFinite(value))
    return { kind: 'hold', because: 'not-measured', metric };
  if (!champion) return { kind: 'promote', because: 'first' };
  if ('reason' in champion) return { kind: 'hold', because: 'incomparable', reason: champion.reason };
  const before = champion.metrics[metric];
  if (before === undefined || !Number.isFinite(before))
    return { kind: 'hold', because: 'incomparable', reason: `its ${metric} is not known` };
  const gain = better === 'lower' ? before - value : value - before;
  return {
    kind: gain > by ? 'promote' : 'hold',
    because: gain > by ? 'better' : 'not-better',
    metric,
    gain,
  } as Decision;
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
