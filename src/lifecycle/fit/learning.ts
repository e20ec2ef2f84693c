import { z } from 'zod';
import { lookupDefinition } from '../../features/lookup.ts';
import type { OperationContext, Planning } from '../../pipeline/operation.ts';
import { tableInput } from '../../pipeline/plan-tasks.ts';
import type { CodeRef, TaskInput } from '../../pipeline/task.ts';
import type { Model } from '../../project/models/model.ts';
import type {
  Trainer,
  TrainerDefinition,
  TrainerOptions,
  TrainerType,
} from '../../project/models/trainer.ts';
import type { LoadedTrainer } from './fit-model.ts';
import { type FitSettings, fitSettings, trainerOptions } from './fit-settings.ts';
import { lookupDefinitions, viewInputs } from '../features/lookups.ts';
import { features } from '../operations/features.ts';
import { split } from '../operations/split.ts';
import { targetSchema } from '../version/prediction-rule.ts';
import { optionalCode, trainerCode, type VersionCode } from '../version/version-code.ts';

const plannedTrainer = { name: z.string(), version: z.number(), options: trainerOptions };

/** The params of every task that reads training rows and fits a trainer. */
export const learningParams = z.object({
  target: z.string(),
  targetType: targetSchema,
  trainer: z.object({ ...plannedTrainer, parts: z.array(z.object(plannedTrainer)) }),
  /** What the model's transform looks up. */
  lookups: z.array(lookupDefinition),
});
export type LearningParams = z.infer<typeof learningParams>;

export function learningParamsOf(model: Model): LearningParams {
  const { target, targetKind, trainer, transform } = model;
  return {
    target,
    targetType: targetKind,
    trainer: { ...plannedTrainerOf(trainer), parts: (trainer.parts ?? []).map(plannedTrainerOf) },
    lookups: transform ? lookupDefinitions(model) : [],
  };
}

function plannedTrainerOf({ name, options, type }: Trainer): Omit<LearningParams['trainer'], 'parts'> {
  return { name, version: type.definition.version ?? 1, options: options as TrainerOptions };
}

/** The params of every task that fits the model itself. */
export const fittingParams = learningParams.extend(
  fitSettings.pick({ interval: true, calibrate: true, ordered: true }).shape,
);

export function fittingParamsOf(model: Model): z.infer<typeof fittingParams> {
  const { interval, calibrate } = model;
  return { ...learningParamsOf(model), interval, calibrate, ordered: model.split.by !== undefined };
}

/** How a task fits: by its params, or by what a search found instead of the trainer's options. */
export function fitSettingsOf(
  { targetType, trainer, interval, calibrate, ordered }: z.infer<typeof fittingParams>,
  found: Partial<Pick<FitSettings, 'options' | 'ensemble'>> = {},
): FitSettings {
  const { options = trainer.options, ensemble } = found;
  return {
    target: targetType,
    options,
    ...(ensemble && { ensemble }),
    parts: trainer.parts.map((part) => part.options),
    interval,
    calibrate,
    ordered,
  };
}

/** The inputs of every task that reads training rows. */
export function trainingInputs(
  model: Model,
  { from }: Pick<Planning, 'from'>,
): { readonly rows: TaskInput; readonly subsets: TaskInput; readonly matrix: TaskInput } {
  return {
    rows: tableInput(model.rows),
    subsets: from(split, 'subsets'),
    matrix: from(features, 'matrix'),
    ...(model.transform && viewInputs(model)),
  };
}

/** The code of every task that reads training rows and fits a trainer: the trainer, and the model's transform. */
export function learningCode(code: VersionCode): Readonly<Record<string, CodeRef>> {
  const { forward, inverse } = { forward: code[optionalCode.forward], inverse: code[optionalCode.inverse] };
  return {
    ...trainerCode(code),
    ...(forward && inverse && { request: code.request, forward, inverse }),
  };
}

/** The trainer of a task's plan, with the trainers that it was given. */
export async function loadTrainer({
  code,
  spec,
  python,
  emit,
}: Pick<OperationContext, 'code' | 'spec' | 'python' | 'emit'>): Promise<LoadedTrainer> {
  const parts: TrainerDefinition[] = [];
  for (let index = 0; Object.hasOwn(spec.code, optionalCode.part(index)); index++)
    parts.push((await code<TrainerType>(optionalCode.part(index))).definition);
  const { definition } = await code<TrainerType>('trainer');
  return { definition, parts, ...(python && { python }), log: (line) => emit({ type: 'log', line }) };
}
