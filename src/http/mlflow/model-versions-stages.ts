import { type Stage, stages } from '../../registry/model.ts';
import { mlflowError } from './wire/errors.ts';

/** Parses a stage, ignoring case. @throws MlflowError INVALID_PARAMETER_VALUE */
export function stageOf(text: string): Stage {
  const stage = stages.find((each) => each.toLowerCase() === text.toLowerCase());
  if (stage) return stage;
  const message = `Invalid Model Version stage: ${text}. Value must be one of ${stages.join(', ')}.`;
  throw mlflowError('INVALID_PARAMETER_VALUE', message);
}

/** Only a transition to an active stage can archive other versions. @throws MlflowError INVALID_PARAMETER_VALUE */
export function refuseArchiving(stage: Stage, sent: string): void {
  if (stage === 'Staging' || stage === 'Production') return;
  const message = `Model version transition cannot archive existing model versions because '${sent}' is not an Active stage. Valid stages are ['Staging', 'Production']`;
  throw mlflowError('INVALID_PARAMETER_VALUE', message);
}
