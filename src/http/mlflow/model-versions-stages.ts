import { type Stage, stages } from '../../registry/model.ts';
import { mlflowError } from './wire/errors.ts';

/** Reads a stage however its letters are written. @throws MlflowError INVALID_PARAMETER_VALUE */
export function stageOf(text: string): Stage {
  const stage = stages.find((known) => known.toLowerCase() === text.toLowerCase());
  if (stage) return stage;
  const message = `Invalid Model Version stage: ${text}. Value must be one of ${stages.join(', ')}.`;
  throw mlflowError('INVALID_PARAMETER_VALUE', message);
}

/** Only a version that comes to an active stage can send the others away. @throws MlflowError INVALID_PARAMETER_VALUE */
export function refuseArchiving(stage: Stage): void {
  if (stage === 'Staging' || stage === 'Production') return;
  const message = `Model version transition cannot archive existing model versions because '${stage}' is not an Active stage. Valid stages are ['Staging', 'Production'].`;
  throw mlflowError('INVALID_PARAMETER_VALUE', message);
}
