import type { Target } from '../project/models/kind.ts';
import type { Prediction } from '../project/models/prediction.ts';
import type { TrainingRows, TrialResult } from '../project/models/trainer.ts';
import { metricsOf } from './metrics/metrics-of.ts';
import { scoredRows } from './metrics/scored-rows.ts';

/** What a search lowers: RMSE of numbers, log loss of yes or no and of classes. */
function lossName(target: Target): 'rmse' | 'logLoss' {
  return target.kind === 'number' ? 'rmse' : 'logLoss';
}

/** Measures predictions of the validation rows. Metrics that these rows cannot give are left out. */
export function trialResult(
  target: Target,
  validation: TrainingRows,
  heldOut: readonly Prediction[],
): TrialResult {
  const measured = metricsOf(scoredRows(target, validation.target, heldOut));
  const metrics = Object.fromEntries(Object.entries(measured).filter(([, value]) => Number.isFinite(value)));
  return { metrics, loss: metrics[lossName(target)] ?? Number.NaN, heldOut };
}
