import { PlatformError } from '../../kernel/errors.ts';
import { booleanPrediction, classPrediction } from '../../project/models/class-prediction.ts';
import type { Target } from '../../project/models/kind.ts';
import type { ClassPrediction, NumberPrediction, Prediction } from '../../project/models/prediction.ts';
import { applyCalibration } from '../../training/calibration/calibration.ts';
import { withInterval } from '../../training/residual-interval.ts';
import type { PredictionRule } from './prediction-rule.ts';

/** From what was learned to the target, for one row. */
export type Inverse = (learned: number) => number;

/**
 * What a caller gets from what the trainer's model returned: calibrated probabilities, or a number with its interval on the
 * target's own scale.
 * @param trainer its name, for messages
 * @throws PlatformError USER_CODE_FAILED for a prediction of another kind or without a probability of each class
 */
export function finishPrediction(
  prediction: Prediction,
  {
    rule,
    trainer,
    inverse,
  }: { readonly rule: PredictionRule; readonly trainer: string; readonly inverse: Inverse | undefined },
): Prediction {
  const { target } = rule;
  if (target.kind === 'number' && prediction.kind === 'number')
    return transformed(rule.interval ? withInterval(prediction, rule.interval) : prediction, inverse);
  if (target.kind !== 'number') return calibrated(prediction, rule, trainer);
  throw otherKind(prediction, target, trainer);
}

/** Yes is decided at one half, and of several classes the most probable one, whatever the trainer chose. */
function calibrated(
  prediction: Prediction,
  { target, calibration }: PredictionRule,
  trainer: string,
): ClassPrediction {
  const raw = probabilitiesOf(prediction, target, trainer);
  const finished = calibration ? applyCalibration(calibration, raw) : raw;
  return target.kind === 'class'
    ? classPrediction(target.classes, finished)
    : booleanPrediction(finished[0] ?? Number.NaN);
}

/** The probability of yes alone, or that of each class, in the target's order. @throws as `finishPrediction` */
export function probabilitiesOf(prediction: Prediction, target: Target, trainer: string): Float64Array {
  if (prediction.kind !== 'class') throw otherKind(prediction, target, trainer);
  const names = target.kind === 'class' ? target.classes : ['true'];
  const values = Float64Array.from(names, (name) => {
    const value: unknown = prediction.probabilities[name];
    if (typeof value === 'number') return value;
    throw wrongProbabilities(trainer, value, `must have a probability of each class; "${name}" has none`);
  });
  const sum = values.reduce((total, value) => total + value, 0);
  if (target.kind === 'class' && Math.abs(sum - 1) > 1e-3)
    throw wrongProbabilities(trainer, sum, 'must have probabilities that sum to 1');
  return values;
}

function otherKind({ kind }: Prediction, target: Target, trainer: string): PlatformError {
  const isNumber = target.kind === 'number';
  return new PlatformError('USER_CODE_FAILED', {
    field: `predict of trainer ${trainer}`,
    value: kind,
    remedy: isNumber
      ? 'must predict a number, because the target is a number'
      : 'must predict the probability of each class, because the target is a class',
  });
}

function transformed(prediction: NumberPrediction, inverse: Inverse | undefined): NumberPrediction {
  if (!inverse) return prediction;
  const value = inverse(prediction.value);
  if (!prediction.interval) return { kind: 'number', value };
  const { low, high, level } = prediction.interval;
  // An inverse may turn the order around, as 1 / x does.
  const ends = [inverse(low), inverse(high)] as const;
  return { kind: 'number', value, interval: { low: Math.min(...ends), high: Math.max(...ends), level } };
}

function wrongProbabilities(trainer: string, value: unknown, remedy: string): PlatformError {
  return new PlatformError('USER_CODE_FAILED', { field: `predict of trainer ${trainer}`, value, remedy });
}
