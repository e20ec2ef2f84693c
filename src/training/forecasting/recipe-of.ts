import type { z } from 'zod';
import type { Forecaster } from '../../project/models/forecaster.ts';
import { type Recipe, recipeSchema } from './recipe.ts';

/**
 * A forecaster of the project file as data, with defaults.
 * @returns the mistake, for people, if its options are wrong
 */
export function recipeOf(forecaster: Forecaster): { readonly recipe: Recipe } | { readonly mistake: string } {
  for (const part of [forecaster, ...(forecaster.parts ?? [])])
    if (part.trainer && part.trainer.name !== trees)
      return { mistake: `trees-on-lags: trees is ${part.trainer.name}: give boostedTrees({ … })` };
  if (forecaster.parts?.some(({ name }) => name === 'blend'))
    return { mistake: 'blend: it contains a blend: list the forecasters of both in one' };
  const parsed = recipeSchema.safeParse(raw(forecaster));
  if (parsed.success) return { recipe: parsed.data };
  return { mistake: `${forecaster.name}: ${mistakeOf(parsed.error)}` };
}

const trees = 'boosted-trees';

function raw({ name, options, parts = [], trainer }: Forecaster): object {
  switch (name) {
    case 'blend':
      return { name, of: parts.map(raw), ...options };
    case 'trees-on-lags':
      return { name, lags: options['lags'], trees: trainer?.options ?? {} };
    case 'theta':
      return { name, dynamic: false, log: false, ...options };
    case 'mstl':
      return { name, log: false, ...options };
    case 'external':
    case 'naive':
    case 'seasonal-naive':
    case 'ets':
    case 'arima':
      return { name, ...options };
  }
}

function mistakeOf(error: z.ZodError): string {
  const [issue] = error.issues;
  return `${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is not valid'}`.trim();
}
