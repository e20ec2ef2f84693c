import type { Target } from '../../project/models/kind.ts';
import type { Prediction } from '../../project/models/prediction.ts';
import type { TrainingRows, TrialResult } from '../../project/models/trainer.ts';
import { trialResult } from '../trial.ts';
import type { LibraryResult } from './library-job.ts';

/** The search continues with other options. */
export const divergedTrial: TrialResult = { metrics: {}, loss: Number.NaN };

/**
 * The result of a trial.
 * @param isOwnLoss whether the options name the loss and no metric: of numbers, the search then lowers the loss as the library
 * measured it. A metric that they name may be better when it is higher.
 */
export function libraryTrial(
  { rounds, curves }: LibraryResult,
  {
    target,
    validation,
    heldOut,
    isOwnLoss,
  }: {
    readonly target: Target;
    readonly validation: TrainingRows;
    readonly heldOut: readonly Prediction[];
    readonly isOwnLoss: boolean;
  },
): TrialResult {
  const loss =
    isOwnLoss && target.kind === 'number' ? curves['validation']?.at((rounds ?? 0) - 1) : undefined;
  return {
    ...trialResult(target, validation, heldOut),
    ...(loss !== undefined && { loss }),
    ...(rounds !== undefined && { fittedParams: { trees: rounds } }),
  };
}
