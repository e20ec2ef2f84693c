import { PlatformError } from '../../kernel/errors.ts';
import type { Target } from '../../project/models/kind.ts';
import type {
  FitContext,
  Fitted,
  TrainingRows,
  TrainingSubsets,
  TrialContext,
  TrialResult,
} from '../../project/models/trainer.ts';
import { jsonFile } from '../model-file.ts';
import { joinRows } from '../rows.ts';
import { trialResult } from '../trial.ts';
import { type LinearModel, linearFile } from './model.ts';
import { linearPredictor } from './predictor.ts';
import { pyfuncCode } from './pyfunc.ts';
import { filledFeatures } from './scaling.ts';

/** Fits rows of one kind of target. */
export type FitLinear = (rows: TrainingRows, target: Target) => LinearModel;

/** Fits on `train`, predicts `validation`, and fits on both. */
export async function fitLinear(
  fit: FitLinear,
  { train, validation }: TrainingSubsets,
  { target, progress }: FitContext,
): Promise<Fitted> {
  const heldOut = await linearPredictor(fit(train, target)).predict(validation.matrix);
  progress(1, 2, 'fits');
  const rows = joinRows(train, validation);
  const model = fit(rows, target);
  progress(2, 2, 'fits');
  const filled = filledFeatures(rows.matrix);
  return {
    files: [jsonFile(linearFile, model), pyfuncCode],
    importances: importancesOf(model),
    ...(filled > 0 && { fittedParams: { 'features with missing values': filled } }),
    heldOut,
  };
}

export async function tryLinear(
  fit: FitLinear,
  { train, validation }: TrainingSubsets,
  { target }: TrialContext,
): Promise<TrialResult> {
  return trialResult(
    target,
    validation,
    await linearPredictor(fit(train, target)).predict(validation.matrix),
  );
}

/** Refuses training rows from which nothing can be learned. */
export function checkRows({ matrix, target }: TrainingRows): void {
  if (matrix.rows === 0) refuse('number of training rows', 0, 'must be at least 1');
  const row = target.findIndex((value) => !Number.isFinite(value));
  if (row >= 0) refuse(`target of training row ${row + 1}`, target[row], 'must be a finite number');
}

function refuse(field: string, value: unknown, remedy: string): never {
  throw new PlatformError('DATA_INVALID', { field, value, remedy });
}

/** Shares of the absolute weights, which are all per standard deviation. */
function importancesOf({ features, outputs }: LinearModel): Readonly<Record<string, number>> {
  const sizes = features.map((_, index) =>
    outputs.reduce((sum, { weights }) => sum + Math.abs(weights[index] as number), 0),
  );
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return Object.fromEntries(
    features.map((name, index) => [name, total > 0 ? (sizes[index] as number) / total : 0]),
  );
}
