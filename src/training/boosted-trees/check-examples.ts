import { PlatformError } from '../../kernel/errors.ts';
import type { LabelledRows, LossSpec } from './loss.ts';

/** @throws PlatformError DATA_INVALID for no rows, and for a target or a weight that the loss cannot learn from */
export function checkExamples({ target, weight }: LabelledRows, loss: LossSpec): void {
  if (target.length === 0) throw invalid('training rows', 0, 'Training needs at least one row.');
  const wrong = target.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0)
    throw invalid(
      `target of training row ${wrong}`,
      target[wrong],
      'Leave out rows without a finite target.',
    );
  const negative = loss.kind === 'poisson' ? target.findIndex((value) => value < 0) : -1;
  if (negative >= 0)
    throw invalid(
      `target of training row ${negative}`,
      target[negative],
      'must be a count of at least 0 for the loss "poisson"',
    );
  if (!weight) return;
  const odd = weight.findIndex((value) => !(value >= 0 && Number.isFinite(value)));
  if (odd >= 0)
    throw invalid(`weight of training row ${odd}`, weight[odd], 'must be a finite number of at least 0');
  if (!weight.some((value) => value > 0))
    throw invalid('weights of the training rows', 0, 'must not all be 0');
}

function invalid(field: string, value: number | undefined, remedy: string): PlatformError {
  return new PlatformError('DATA_INVALID', {
    field,
    value: Number.isFinite(value) ? value : String(value),
    remedy,
  });
}
