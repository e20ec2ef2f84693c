import { z } from 'zod';
import type { Target } from '../../project/kind.ts';
import type { ClassPrediction } from '../../project/prediction.ts';
import { isYes } from '../metrics/boolean.ts';
import { likeliest } from '../metrics/class.ts';
import type { Values } from '../metrics/rows.ts';
import { scoredRows } from '../metrics/scored-rows.ts';
import { type Curve, curve, valueOf } from './curve.ts';
import { fitIsotonic } from './isotonic.ts';
import { fitSigmoid } from './sigmoid.ts';

export type CalibrationMethod = 'sigmoid' | 'isotonic' | 'none';

const fitted = z.discriminatedUnion('kind', [
  /** Of the probability of yes. */
  z.object({ kind: z.literal('boolean'), curve }),
  /** Each class against the rest; the calibrated probabilities are divided by their sum. */
  z.object({
    kind: z.literal('class'),
    curves: z.array(z.object({ class: z.string(), curve })),
  }),
]);

/** From a trainer's probabilities to calibrated ones, as JSON. */
export type Calibration = z.infer<typeof fitted>;

/** Reads a calibration from JSON. */
export const calibration: z.ZodType<Calibration> = fitted;

export interface CalibrationRows {
  /** Rows that the trainer did not fit. */
  readonly predictions: readonly ClassPrediction[];
  /** 1 for yes and 0 for no; the index of the class. */
  readonly truth: Values;
}

/**
 * Fits what makes probabilities match frequencies: of all rows predicted at 70 %, 70 % should be yes. Rows that are all of one
 * outcome teach nothing: their curve is `none`, with the reason.
 * @throws PlatformError MODEL_UNSUPPORTED for predictions that lack a class
 */
export function fitCalibration(
  target: Exclude<Target, { readonly kind: 'number' }>,
  method: CalibrationMethod,
  { predictions, truth }: CalibrationRows,
): Calibration {
  const scored = scoredRows(target, truth, predictions);
  if (target.kind === 'class' && scored.kind === 'class') {
    const curves = target.classes.map((name, index) => {
      const isClass = Float64Array.from(truth, (value) => Number(value === index));
      return { class: name, curve: fitCurve(method, scored.probabilities[index] ?? [], isClass) };
    });
    return { kind: 'class', curves };
  }
  return {
    kind: 'boolean',
    curve: fitCurve(method, scored.kind === 'boolean' ? scored.probability : [], truth),
  };
}

/** The same prediction with calibrated probabilities. */
export function applyCalibration(of: Calibration, prediction: ClassPrediction): ClassPrediction {
  return of.kind === 'boolean'
    ? calibrateBoolean(of.curve, prediction)
    : calibrateClasses(of.curves, prediction);
}

function calibrateBoolean(fitted: Curve, { probabilities }: ClassPrediction): ClassPrediction {
  const yes = valueOf(fitted, probabilities['true'] ?? Number.NaN);
  const value = isYes(yes);
  return {
    kind: 'class',
    value,
    probability: value ? yes : 1 - yes,
    probabilities: { false: 1 - yes, true: yes },
  };
}

function calibrateClasses(
  curves: readonly { readonly class: string; readonly curve: Curve }[],
  { probabilities }: ClassPrediction,
): ClassPrediction {
  const each = curves.map(({ class: name, curve: fitted }) =>
    valueOf(fitted, probabilities[name] ?? Number.NaN),
  );
  const sum = each.reduce((total, value) => total + value, 0);
  // Isotonic curves can give every class 0.
  const shares = each.map((value) => (sum === 0 ? 1 / each.length : value / sum));
  const best = likeliest(shares);
  return {
    kind: 'class',
    value: curves[best]?.class ?? '',
    probability: shares[best] ?? Number.NaN,
    probabilities: Object.fromEntries(
      curves.map(({ class: name }, index) => [name, shares[index] as number]),
    ),
  };
}

function fitCurve(method: CalibrationMethod, probability: Values, truth: Values): Curve {
  if (method === 'none') return { method };
  const yes = Array.from(truth).filter((value) => value === 1).length;
  if (yes === 0) return { method: 'none', reason: 'no validation row has this outcome' };
  if (yes === truth.length) return { method: 'none', reason: 'every validation row has this outcome' };
  return method === 'sigmoid' ? fitSigmoid(probability, truth) : fitIsotonic(probability, truth);
}
