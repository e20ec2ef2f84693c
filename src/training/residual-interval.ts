import { z } from 'zod';
import type { NumberPrediction } from '../project/models/prediction.ts';
import { AdaptiveInterval } from './adaptive-conformal.ts';
import { conformalQuantiles } from './conformal.ts';
import type { Values } from './metrics/rows.ts';

const stored = z.object({ level: z.number(), low: z.number(), high: z.number() });

/** What is added to each prediction for the ends of its interval, as JSON. */
export type ResidualInterval = z.infer<typeof stored>;

/** Reads an interval from JSON. */
export const residualInterval: z.ZodType<ResidualInterval> = stored;

export interface ResidualRows {
  /** Rows that the trainer did not fit; not empty. */
  readonly truth: Values;
  readonly predicted: Values;
  /** Whether the rows are in the order of time: recent errors then count. */
  readonly ordered: boolean;
}

/**
 * Intervals for a trainer that gives only a number: conformal quantiles of its residuals, adaptive over time where rows have
 * an order. See `conformalQuantiles` and `AdaptiveInterval`.
 * @param level from 0 to 1
 */
export function fitResidualInterval(
  { truth, predicted, ordered }: ResidualRows,
  level: number,
): ResidualInterval {
  const residuals = Float64Array.from(truth, (value, row) => value - (predicted[row] as number));
  if (!ordered) return { level, ...conformalQuantiles(residuals, level) };
  const interval = new AdaptiveInterval(level);
  for (const residual of residuals) interval.add(residual);
  return { level, ...interval.offsets };
}

/** The same prediction with an interval; a prediction that has one keeps it. */
export function withInterval(
  prediction: NumberPrediction,
  { level, low, high }: ResidualInterval,
): NumberPrediction {
  if (prediction.interval) return prediction;
  return { ...prediction, interval: { level, low: prediction.value + low, high: prediction.value + high } };
}
