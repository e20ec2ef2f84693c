import { z } from 'zod';
import type { Planning } from '../pipeline/operation.ts';
import { tableInput } from '../pipeline/plan-tasks.ts';
import type { TaskInput } from '../pipeline/task.ts';
import type { Model } from '../project/model.ts';
import { features } from './operations/features.ts';
import { split } from './operations/split.ts';

/** The params that `search` and `train` share. */
export const learningParams = {
  target: z.string(),
  trainer: z.object({ name: z.string(), options: z.record(z.string(), z.number()) }),
};

export function learningParamsOf({ target, trainer }: Model): {
  readonly target: string;
  readonly trainer: { readonly name: string; readonly options: Record<string, number> };
} {
  return { target, trainer: { name: trainer.name, options: { ...trainer.options } } };
}

/** What `search` and `train` both read. */
export function trainingInputs(
  { rows }: Model,
  { from }: Pick<Planning, 'from'>,
): { readonly rows: TaskInput; readonly subsets: TaskInput; readonly matrix: TaskInput } {
  return { rows: tableInput(rows), subsets: from(split, 'subsets'), matrix: from(features, 'matrix') };
}
