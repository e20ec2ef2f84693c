import { z } from 'zod';

/** From a predicted probability to a calibrated one. */
export const curve = z.discriminatedUnion('method', [
  z.object({
    method: z.literal('none'),
    /** Why no curve was fitted. @default none is needed, or the project asked for none */
    reason: z.string().optional(),
  }),
  /** 1 / (1 + exp(−(slope · log-odds + intercept))) */
  z.object({ method: z.literal('sigmoid'), slope: z.number(), intercept: z.number() }),
  /** Straight lines between points that rise; before the first and after the last it is level. */
  z.object({ method: z.literal('isotonic'), from: z.array(z.number()), to: z.array(z.number()) }),
]);
export type Curve = z.infer<typeof curve>;

/** Probabilities are kept this far from 0 and 1, so that log-odds are finite; near the precision of float32. */
const closest = 1e-7;

/** ln(p / (1 − p)), with p kept 10⁻⁷ away from 0 and 1. */
export function logOdds(probability: number): number {
  const inside = Math.min(1 - closest, Math.max(closest, probability));
  return Math.log(inside / (1 - inside));
}

export function valueOf(fitted: Curve, probability: number): number {
  switch (fitted.method) {
    case 'none':
      return probability;
    case 'sigmoid':
      return 1 / (1 + Math.exp(-(fitted.slope * logOdds(probability) + fitted.intercept)));
    case 'isotonic':
      return interpolate(fitted, probability);
  }
}

function interpolate(
  { from, to }: { readonly from: readonly number[]; readonly to: readonly number[] },
  at: number,
): number {
  let [low, high] = [0, from.length - 1];
  if (at <= (from[low] as number)) return to[low] as number;
  if (at >= (from[high] as number)) return to[high] as number;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((from[middle] as number) <= at) low = middle;
    else high = middle;
  }
  const share = (at - (from[low] as number)) / ((from[high] as number) - (from[low] as number));
  return (to[low] as number) + share * ((to[high] as number) - (to[low] as number));
}
