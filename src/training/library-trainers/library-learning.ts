import type { LearningCurve } from '../../project/models/trainer.ts';
import type { LibraryResult } from './library-job.ts';

const titles: Readonly<Record<string, string>> = {
  rmse: 'RMSE',
  l2: 'squared error',
  mae: 'absolute error',
  l1: 'absolute error',
  logloss: 'log loss',
  mlogloss: 'log loss',
  binary_logloss: 'log loss',
  multi_logloss: 'log loss',
};

/** The loss by round as the library measured it, also after the rounds that it kept; a loss without a title has its own name. */
export function libraryLearning({
  metric = '',
  rounds,
  curves: { train = [], validation = [] },
}: Pick<LibraryResult, 'metric' | 'rounds' | 'curves'>): { readonly learning?: LearningCurve } {
  if (train.length === 0 || train.length !== validation.length) return {};
  const points = train.map((loss, index) => ({
    round: index + 1,
    train: loss,
    validation: validation[index] ?? Number.NaN,
  }));
  return {
    learning: { loss: titles[metric] ?? metric, rounds: 'trees', points, kept: rounds ?? points.length },
  };
}
