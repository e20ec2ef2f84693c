import { z } from 'zod';
import type { Target } from '../../project/models/kind.ts';
import { jsonOf, parseModel, unsupported } from '../model-file.ts';

const output = z.object({
  /** The score at the mean of every feature. */
  intercept: z.number(),
  /** For each feature, in standard deviations from its mean. */
  weights: z.array(z.number()),
});

const schema = z.object({
  format: z.literal(1),
  target: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('number') }),
    z.object({ kind: z.literal('boolean') }),
    z.object({ kind: z.literal('class'), classes: z.array(z.string()).min(2) }),
  ]),
  features: z.array(z.string()),
  /** Used for missing values. */
  means: z.array(z.number()),
  deviations: z.array(z.number().positive()),
  /** A number has one, yes or no the log-odds of yes, and classes one each, whose softmax is the probabilities. */
  outputs: z.array(output).min(1),
});

/** A linear or logistic model, as in linear.json. */
export interface LinearModel {
  readonly format: 1;
  readonly target: Target;
  readonly features: readonly string[];
  readonly means: readonly number[];
  readonly deviations: readonly number[];
  readonly outputs: readonly { readonly intercept: number; readonly weights: readonly number[] }[];
}

/** The file of a linear or logistic model. */
export const linearFile = 'linear.json';

/** @throws PlatformError MODEL_UNSUPPORTED */
export function readLinear(bytes: Uint8Array): LinearModel {
  const remedy = 'This build reads format 1 of linear models; train the model again.';
  const model = parseModel(schema, jsonOf(bytes), { field: linearFile, remedy });
  const lists = [model.means, model.deviations, ...model.outputs.map(({ weights }) => weights)];
  if (lists.every(({ length }) => length === model.features.length)) return model;
  throw unsupported(linearFile, 'lists of different lengths', remedy);
}
