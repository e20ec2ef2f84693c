import { type Stage, stages } from '../../registry/model.ts';
import { mlflowError } from './wire/errors.ts';

/** Reads a stage however its letters are written. @throws MlflowError INVALID_PARAMETER_VALUE */
export function stageOf(text: string): Stage {
  const stage = stages.find((each) => each.toLowerCase() === text.toLowerCase());
  if (stage) return stage;
  const message = `Invalid Model Version stage: ${text}. Value must be one of ${stages.join(', ')}.`;
  throw mlflowError('INVALID_PARAMETER_VALUE', message);
}

/** Only a version that comes to an active stage can archive the others. @throws MlflowError INVALID_PARAMETER_VALUE */
export function refuseArchiving(stage: Stage, sent: string): void {
  if (stage === 'Staging' || stage === 'Production') return;
  const message = `Model version transition cannot archive existing model versions because '${sent}' is not an Active stage. Valid stages are ['Staging', 'Production']`;
  throw mlflowError('INVALID_PARAMETER_VALUE', message);
}
