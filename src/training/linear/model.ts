import { z } from 'zod';
import { PlatformError } from '../../kernel/errors.ts';
import type { Target } from '../../project/kind.ts';

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

export function writeLinear(model: LinearModel): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(model)}\n`);
}

/** @throws PlatformError MODEL_UNSUPPORTED */
export function readLinear(bytes: Uint8Array): LinearModel {
  const result = schema.safeParse(parsedJson(bytes));
  const model = result.success ? result.data : undefined;
  const width = model?.features.length;
  if (
    model &&
    [model.means, model.deviations, ...model.outputs.map(({ weights }) => weights)].every(
      ({ length }) => length === width,
    )
  )
    return model;
  const issue = result.error?.issues[0];
  throw new PlatformError('MODEL_UNSUPPORTED', {
    field: `${linearFile} ${issue?.path.join('.') ?? ''}`.trim(),
    value: issue?.message ?? 'lists of different lengths',
    remedy: 'This build reads format 1 of linear models; train the model again.',
  });
}

function parsedJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
