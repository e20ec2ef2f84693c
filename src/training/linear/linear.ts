import { z } from 'zod';
import { defineTrainer, type TrainerType, type TrainingRows } from '../../project/models/trainer.ts';
import { checkRows, type FitLinear, fitLinear, tryLinear } from './linear-fit.ts';
import { type LinearModel, linearFile, readLinear } from './model.ts';
import { linearPredictor } from './predictor.ts';
import { linearFlavors } from './pyfunc.ts';
import { ridge } from './ridge.ts';
import { fitScaling, scaled } from './scaling.ts';

export interface LinearOptions {
  /** L2 penalty on the weights, per standard deviation of a feature: scikit-learn's `alpha`. @default 1 */
  readonly l2?: number | undefined;
}

const options = z.object({ l2: z.number().min(0).max(1e12).default(1) });

/**
 * Ridge regression for numbers. Features are standardised inside; a missing value counts as the feature's mean.
 * @example trainer: linear({ l2: 10 })
 */
export const linear: TrainerType<'linear', z.output<typeof options>, LinearOptions, 'number'> = defineTrainer(
  {
    name: 'linear',
    options,
    learns: ['number'],
    fit: (given, rows, context) => fitLinear(fitRidge(given), rows, context),
    trial: (given, rows, context) => tryLinear(fitRidge(given), rows, context),
    open: async (read) => linearPredictor(readLinear(await read(linearFile))),
    mlflow: linearFlavors,
  },
);

function fitRidge({ l2 }: z.output<typeof options>): FitLinear {
  return (rows: TrainingRows, target): LinearModel => {
    checkRows(rows);
    const { features, columns } = rows.matrix;
    const scaling = fitScaling(rows.matrix);
    const mean = rows.target.reduce((sum, value) => sum + value, 0) / rows.target.length;
    const weights = ridge(
      scaled(columns, scaling),
      rows.target.map((value) => value - mean),
      l2,
    );
    return {
      format: 1,
      target,
      features,
      ...scaling,
      outputs: [{ intercept: mean, weights: [...weights] }],
    };
  };
}
