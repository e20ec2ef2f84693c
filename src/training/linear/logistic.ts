import { z } from 'zod';
import { PlatformError } from '../../kernel/errors.ts';
import { defineTrainer, type TrainerType, type TrainingRows } from '../../project/models/trainer.ts';
import { checkRows, type FitLinear, fitLinear, tryLinear } from './linear-fit.ts';
import { type LinearModel, linearFile, readLinear } from './model.ts';
import { linearPredictor } from './predictor.ts';
import { linearFlavors } from './pyfunc.ts';
import { fitScaling, scaled } from './scaling.ts';
import { fitLogistic, fitSoftmax, type LinearOutput, type Penalties } from './softmax.ts';

export interface LogisticOptions {
  /** L1 penalty on the weights, which sets weak ones to 0. @default 0 */
  readonly l1?: number | undefined;
  /** L2 penalty on the weights, per standard deviation of a feature: scikit-learn's 1 / C. @default 1 */
  readonly l2?: number | undefined;
}

const penalty = z.number().min(0).max(1e12);
const options = z.object({ l1: penalty.default(0), l2: penalty.default(1) });

/**
 * Logistic regression for yes or no, and multinomial for classes. Features are standardised inside; a missing value counts
 * as the feature's mean.
 * @example trainer: logistic({ l1: 0.5 })
 */
export const logistic: TrainerType<
  'logistic',
  z.output<typeof options>,
  LogisticOptions,
  'boolean' | 'class'
> = defineTrainer({
  name: 'logistic',
  options,
  learns: ['boolean', 'class'],
  fit: (given, rows, context) => fitLinear(fitClasses(given), rows, context),
  trial: (given, rows, context) => tryLinear(fitClasses(given), rows, context),
  open: async (read) => linearPredictor(readLinear(await read(linearFile))),
  mlflow: linearFlavors,
});

function fitClasses(penalties: Penalties): FitLinear {
  return (rows, target): LinearModel => {
    checkRows(rows);
    const scaling = fitScaling(rows.matrix);
    const columns = scaled(rows.matrix.columns, scaling);
    const labels = target.kind === 'class' ? target.classes : ['no', 'yes'];
    const present = presentClasses(rows, labels);
    const outputs =
      target.kind === 'class'
        ? softmaxOutputs({ columns, truth: rows.target, present, classes: labels.length }, penalties)
        : [fitLogistic({ columns, truth: rows.target }, penalties)];
    return {
      format: 1,
      target,
      features: rows.matrix.features,
      ...scaling,
      outputs: outputs.map(({ intercept, weights }) => ({ intercept, weights: [...weights] })),
    };
  };
}

interface ClassRows {
  readonly columns: readonly Float64Array[];
  readonly truth: Float64Array;
  readonly present: readonly number[];
  readonly classes: number;
}

/** A class without training rows gets the share of half a row, so that its probability is small and not 0. */
function softmaxOutputs(
  { columns, truth, present, classes }: ClassRows,
  penalties: Penalties,
): readonly LinearOutput[] {
  const renumbered = truth.map((value) => present.indexOf(value));
  const fitted = fitSoftmax({ columns, truth: renumbered, classes: present.length }, penalties);
  const total = Math.log(fitted.reduce((sum, { intercept }) => sum + Math.exp(intercept), 0));
  const absent = {
    intercept: total + Math.log(0.5 / truth.length),
    weights: new Float64Array(columns.length),
  };
  return Array.from({ length: classes }, (_, index) => fitted[present.indexOf(index)] ?? absent);
}

function presentClasses({ target }: TrainingRows, labels: readonly string[]): readonly number[] {
  const present = [...new Set(target)].toSorted((a, b) => a - b);
  if (present.length > 1) return present;
  throw new PlatformError('DATA_INVALID', {
    field: 'target of the training rows',
    value: labels[present[0] ?? 0],
    remedy: 'must have at least two classes to learn from',
  });
}
