import { PlatformError } from '../../kernel/errors.ts';
import type { Features } from '../../project/models/model.ts';
import type { Prediction } from '../../project/models/prediction.ts';
import type { Contributions, Explanation } from '../../project/models/predictor.ts';
import { applyCalibration } from '../../training/calibration/calibration.ts';
import { probabilityContributions, throughStep } from '../../training/explanation.ts';
import type { Inverse } from './finish-prediction.ts';
import type { PredictionRule } from './prediction-rule.ts';

export interface Contribution {
  readonly feature: string;
  /** The features computed from the request; NaN if missing. */
  readonly value: number;
  /** On the explanation's scale. */
  readonly contribution: number;
}

/** Baseline and contributions sum to the predicted number, or to the probability of a class. */
export interface RowExplanation {
  /** 'target' is the target's unit. */
  readonly scale: 'target' | 'probability';
  /** The class whose probability is explained: 'true' for yes and no, the predicted one of several. */
  readonly of?: string;
  readonly baseline: number;
  /** The strongest first. */
  readonly contributions: readonly Contribution[];
}

interface Explained {
  readonly explanation: Explanation;
  /** As a caller gets it: calibrated, on the target's own scale. */
  readonly prediction: Prediction;
  readonly features: Features;
}

interface Scale {
  /** The predictor's features. */
  readonly names: readonly string[];
  readonly rule: PredictionRule;
  readonly inverse: Inverse | undefined;
}

/** Why a row's prediction is what it is, on the scale that a caller sees. */
export function explainRow(
  { explanation, prediction, features }: Explained,
  { names, rule, inverse }: Scale,
): RowExplanation {
  const list = ({
    baseline,
    contributions,
  }: Contributions): Pick<RowExplanation, 'baseline' | 'contributions'> => ({
    baseline,
    contributions: names
      .map((feature, index) => ({
        feature,
        value: features[feature] ?? Number.NaN,
        contribution: contributions[index] ?? 0,
      }))
      .toSorted((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution)),
  });
  if (!('classes' in explanation))
    return { scale: 'target', ...list(inverse ? throughStep(explanation, inverse) : explanation) };
  if (rule.target.kind !== 'class')
    return {
      scale: 'probability',
      of: 'true',
      ...list(throughStep(ofClass(explanation, 0), calibratedYes(rule))),
    };
  if (prediction.kind !== 'class') throw notOfClasses(prediction.kind);
  const name = String(prediction.value);
  const { contributions } = ofClass(explanation, rule.target.classes.indexOf(name));
  // Calibration changes each class by the others too: what it adds is no feature's, so that it is in the baseline.
  const moved = contributions.reduce((sum, value) => sum + value, 0);
  return {
    scale: 'probability',
    of: name,
    ...list({ baseline: prediction.probability - moved, contributions }),
  };
}

/** From the trainer's probability of yes to the calibrated one. */
function calibratedYes({ calibration }: PredictionRule): (probability: number) => number {
  if (!calibration) return (probability) => probability;
  return (probability) => applyCalibration(calibration, Float64Array.of(probability))[0] ?? Number.NaN;
}

function ofClass(
  { scale, classes }: Extract<Explanation, { readonly classes: unknown }>,
  index: number,
): Contributions {
  if (scale === 'log-odds') return probabilityContributions(classes, index);
  const found = classes[index];
  if (found) return found;
  throw notOfClasses(`${classes.length} classes`);
}

function notOfClasses(value: string): PlatformError {
  return new PlatformError('USER_CODE_FAILED', {
    field: 'explanation',
    value,
    remedy: 'The trainer must explain each class of the target: fix it in the project and train again.',
  });
}
