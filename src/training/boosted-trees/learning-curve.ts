import type { LearningCurve } from '../../project/models/trainer.ts';
import type { RoundLoss } from './boost.ts';
import type { LossSpec } from './loss.ts';

const titles: Readonly<Record<LossSpec['kind'], string>> = {
  squared: 'RMSE',
  logistic: 'log loss',
  softmax: 'log loss',
  poisson: 'Poisson loss',
  quantile: 'quantile loss',
  huber: 'Huber loss',
};

/** The losses of boosting as people read them. @param kept the number of rounds that the model has */
export function learningCurve({ kind }: LossSpec, losses: readonly RoundLoss[], kept: number): LearningCurve {
  // The squared loss is half of the squared error.
  const asTitled = (loss: number): number => (kind === 'squared' ? Math.sqrt(2 * loss) : loss);
  return {
    loss: titles[kind],
    rounds: 'trees',
    points: losses.map(({ round, train, validation }) => ({
      round,
      train: asTitled(train),
      validation: asTitled(validation),
    })),
    kept,
  };
}
