import { z } from 'zod';
import type { Json } from '../kernel/json.ts';
import type { OperationContext, Planning } from '../pipeline/operation.ts';
import { tableInput } from '../pipeline/plan-tasks.ts';
import type { TaskInput } from '../pipeline/task.ts';
import type { Model } from '../project/model.ts';
import type { TrainerDefinition, TrainerOptions, TrainerType } from '../project/trainer.ts';
import { features } from './operations/features.ts';
import { split } from './operations/split.ts';

export const trainerOptions = z.custom<TrainerOptions>(
  (value) => typeof value === 'object' && value !== null,
);

/** The params that `search` and `train` share. */
export const learningParams = {
  target: z.string(),
  trainer: z.object({ name: z.string(), version: z.number(), options: trainerOptions }),
};

export function learningParamsOf({ target, trainer }: Model): {
  readonly target: string;
  readonly trainer: { readonly name: string; readonly version: number; readonly options: TrainerOptions };
} {
  const options = trainer.options as { readonly [name: string]: Json };
  const { version = 1 } = trainer.type.definition;
  return { target, trainer: { name: trainer.name, version, options } };
}

/** The inputs of `search` and `train`. */
export function trainingInputs(
  { rows }: Model,
  { from }: Pick<Planning, 'from'>,
): { readonly rows: TaskInput; readonly subsets: TaskInput; readonly matrix: TaskInput } {
  return { rows: tableInput(rows), subsets: from(split, 'subsets'), matrix: from(features, 'matrix') };
}

/** The trainer of a task's plan. */
export async function loadTrainer(context: Pick<OperationContext, 'code'>): Promise<TrainerDefinition> {
  return (await context.code<TrainerType>('trainer')).definition;
}
