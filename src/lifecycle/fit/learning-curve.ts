import { z } from 'zod';
import { asJson, type JsonObject } from '../../kernel/json.ts';
import type { LearningCurve } from '../../project/models/trainer.ts';

/** The loss by round, as `train` stores it. */
export const learningCurveSchema: z.ZodType<LearningCurve> = z.object({
  loss: z.string(),
  rounds: z.string(),
  points: z.array(z.object({ round: z.number(), train: z.number(), validation: z.number() })),
  kept: z.number(),
});

const mostPoints = 200;

/** A trainer's curve without points that JSON cannot hold, thinned evenly; null if nothing is left. */
export function storedCurve(curve: LearningCurve | undefined): JsonObject | null {
  const points = (curve?.points ?? []).filter((point) =>
    [point.round, point.train, point.validation].every(Number.isFinite),
  );
  if (!curve || points.length === 0) return null;
  const between = Math.ceil(points.length / mostPoints);
  const thinned = points.filter((_, index) => index % between === 0);
  return asJson({ ...curve, points: [...thinned.slice(0, -1), ...points.slice(-1)] });
}
