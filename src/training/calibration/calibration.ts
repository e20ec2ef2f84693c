import { z } from 'zod';
import type { Target } from '../../project/models/kind.ts';
import { type Curve, curve, valueOf } from './curve.ts';
import { fitIsotonic } from './isotonic.ts';
import { type Clusters, type HeldOutOutcomes, lowersLoss } from './lowers-loss.ts';
import { fitSigmoid } from './sigmoid.ts';
import { fitSlope } from './fit-slope.ts';

/** How a model's `calibrate` names it. */
export type CalibrationMethod = 'auto' | 'sigmoid' | 'isotonic' | 'none';

/** From a trainer's probabilities to calibrated ones, as stored with a version. */
export const calibrationSchema = z.object({
  /** Of yes alone; or of each class in the target's order, each fitted against the rest, and then divided by their sum. */
  curves: z.array(curve).min(1),
});
export type Calibration = z.infer<typeof calibrationSchema>;

/** What a classifier predicted for rows that it did not learn from, and their true classes. */
export interface HeldOutClasses {
  readonly target: Exclude<Target, { readonly kind: 'number' }>;
  /** Of true alone for yes and no, and of each class in the target's order for classes; a value for each row. */
  readonly probabilities: readonly Float64Array[];
  /** 1 for yes and 0 for no, or the index of the class. */
  readonly truth: Float64Array;
  readonly clusters: Clusters;
}

/**
 * Fits what makes probabilities match frequencies: of all rows predicted at 70 %, 70 % should be yes. A class that all rows
 * have or no row has cannot be calibrated: its curve is `none`, with the reason. 'auto' corrects how sure the model is and not how
 * often it says yes, and is `none` where the rows do not show that it helps: the final model learns from these rows too.
 */
export function fitCalibration(
  method: CalibrationMethod,
  { target, probabilities, truth, clusters }: HeldOutClasses,
): Calibration {
  const outcomeOf = (index: number): Float64Array =>
    target.kind === 'boolean' ? truth : Float64Array.from(truth, (value) => Number(value === index));
  return {
    curves: probabilities.map((probability, index) =>
      fitCurve(method, { probability, truth: outcomeOf(index), clusters }),
    ),
  };
}

/** @param probabilities of one row, as in `HeldOutClasses` */
export function applyCalibration({ curves }: Calibration, probabilities: Float64Array): Float64Array {
  const values = Float64Array.from(curves, (fitted, index) =>
    valueOf(fitted, probabilities[index] ?? Number.NaN),
  );
  if (curves.length === 1) return values;
  const sum = values.reduce((total, value) => total + value, 0);
  // Isotonic curves can give every class 0.
  return values.map((value) => (sum === 0 ? 1 / values.length : value / sum));
}

function fitCurve(method: CalibrationMethod, heldOut: HeldOutOutcomes): Curve {
  if (method === 'none') return { method };
  const { probability, truth } = heldOut;
  const yes = Array.from(truth).filter((value) => value === 1).length;
  if (yes === 0) return { method: 'none', reason: 'no validation row has this outcome' };
  if (yes === truth.length) return { method: 'none', reason: 'every validation row has this outcome' };
  if (method === 'isotonic') return fitIsotonic(probability, truth);
  if (method === 'auto')
    return lowersLoss(fitSlope, heldOut) ? fitSlope(probability, truth) : { method: 'none' };
  return fitSigmoid(probability, truth);
}
