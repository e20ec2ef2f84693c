import type { TrainerDefinition, TrainerOptions } from '../../project/models/trainer.ts';
import { paramsOfParts } from '../../training/average/part-names.ts';
import type { LoadedTrainer } from './fit-model.ts';
import type { FitSettings } from './fit-settings.ts';
import type { LearningParams } from './learning.ts';

interface Given {
  readonly settings: Pick<FitSettings, 'options' | 'target'>;
  /** Of the trainers that this one was given, in their order. */
  readonly parts: LearningParams['trainer']['parts'];
}

/** The options of a trainer and of its parts, as the run records them: without those that the target leaves without effect. */
export function usedOptions(
  { definition, parts: definitions }: Pick<LoadedTrainer, 'definition' | 'parts'>,
  { settings, parts }: Given,
): TrainerOptions {
  const used = (trainer: TrainerDefinition | undefined, options: TrainerOptions): TrainerOptions =>
    trainer?.usedOptions?.(options, settings.target) ?? options;
  const ofParts = parts.map(({ name, options }, at) => ({
    trainer: name,
    params: used(definitions[at], options),
  }));
  return { ...used(definition, settings.options), ...paramsOfParts(ofParts) };
}
