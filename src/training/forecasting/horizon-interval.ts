import { z } from 'zod';
import { conformalQuantiles } from '../conformal.ts';
import type { ScoredSteps } from './scores.ts';

/** Bounds around a forecast by step, in scales of the series (`scaleOf`). */
export const horizonInterval = z.object({
  level: z.number(),
  low: z.array(z.number()),
  high: z.array(z.number()),
});
export type HorizonInterval = z.output<typeof horizonInterval>;

/** Quantiles of fewer errors mean little. */
const enoughErrors = 30;

/**
 * Conformal intervals for each step, from the errors of forecasts from earlier origins (Stankevičiūtė, Alaa and van der
 * Schaar 2021). Where few series leave few errors of a step, those of neighbouring steps count too, as if errors grew with
 * the square root of the step.
 */
export function fitHorizonInterval(
  scored: ScoredSteps,
  { level, horizon }: { readonly level: number; readonly horizon: number },
): HorizonInterval {
  const bySteps: number[][] = Array.from({ length: horizon }, () => []);
  for (const [row, step] of scored.step.entries()) {
    const scale = scored.scale[row] as number;
    if (scale > 0)
      bySteps[step - 1]?.push(((scored.truth[row] as number) - (scored.predicted[row] as number)) / scale);
  }
  const bounds = bySteps.map((_, step) => {
    const errors = errorsNear(bySteps, step);
    return errors.length === 0 ? { low: 0, high: 0 } : conformalQuantiles(Float64Array.from(errors), level);
  });
  return { level, low: bounds.map(({ low }) => low), high: bounds.map(({ high }) => high) };
}

function errorsNear(bySteps: readonly (readonly number[])[], step: number): readonly number[] {
  let errors: readonly number[] = [];
  for (let reach = 0; reach < bySteps.length; reach++) {
    const from = Math.max(0, step - reach);
    errors = bySteps
      .slice(from, step + reach + 1)
      .flatMap((of, index) => of.map((error) => error * Math.sqrt((step + 1) / (from + index + 1))));
    if (errors.length >= enoughErrors) break;
  }
  return errors;
}

/**
 * The bounds of the steps after the horizon, as if errors grew with the square root of the step: exact for a random walk,
 * too wide where errors grow more slowly, as around a fixed season.
 */
export function nextHorizonInterval({ level, low, high }: HorizonInterval): HorizonInterval {
  const widen = (bounds: readonly number[]): number[] =>
    bounds.map((bound, index) => bound * Math.sqrt((bounds.length + index + 1) / (index + 1)));
  return { level, low: widen(low), high: widen(high) };
}

/** @param at `step` from 0; a longer forecast has the bounds of the last step */
export function boundsAt(
  { low, high }: HorizonInterval,
  { point, step, scale }: { readonly point: number; readonly step: number; readonly scale: number },
): { readonly low: number; readonly high: number } {
  const at = Math.min(step, low.length - 1);
  return { low: point + (low[at] ?? 0) * scale, high: point + (high[at] ?? 0) * scale };
}
