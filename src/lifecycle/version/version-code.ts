import { z } from 'zod';
import type { Planning } from '../../pipeline/operation.ts';
import { digestSchema } from '../../pipeline/stored-result.ts';
import type { CodeRef } from '../../pipeline/task.ts';
import type { Model } from '../../project/models/model.ts';

/** The code of a model by name, as tasks run it and versions store it: its request schema, feature function, trainer and more. */
export interface VersionCode {
  readonly [name: string]: CodeRef;
  readonly request: CodeRef;
  readonly features: CodeRef;
  readonly trainer: CodeRef;
}

/** The names of the code that a model does not always have. */
export const optionalCode = {
  /** From the target to what is learned. */
  forward: 'forward',
  /** From what is learned to the target. */
  inverse: 'inverse',
  /** The definition of a trainer that the trainer was given. */
  part: (index: number) => `part${index}`,
} as const;

/** `CodeRef`, as stored in a manifest or an evaluation. */
const codeRef: z.ZodType<CodeRef> = z.object({
  key: digestSchema,
  bundle: digestSchema,
  label: z.string(),
  builtIn: z.boolean().exactOptional(),
});

/** `VersionCode`, as stored in a manifest or an evaluation. */
export const versionCodeSchema: z.ZodType<VersionCode> = z
  .object({ request: codeRef, features: codeRef, trainer: codeRef })
  .catchall(codeRef);

/** Whether versions of the model are trained elsewhere. */
export function isExternal({ trainer }: Pick<Model, 'trainer'>): boolean {
  return trainer.type.definition.external === true;
}

export async function versionCode(model: Model, { bundle }: Pick<Planning, 'bundle'>): Promise<VersionCode> {
  const { name, request, features, trainer } = model;
  // A model from elsewhere predicts the target itself.
  const transform = isExternal(model) ? undefined : model.transform;
  const parts = await Promise.all(
    (trainer.parts ?? []).map(async ({ type }, index) => {
      const ref = await bundle(type, `models.${name}.trainer.parts.${index}`);
      return [optionalCode.part(index), ref] as const;
    }),
  );
  return {
    request: await bundle(request, `models.${name}.request`),
    features: await bundle(features, `models.${name}.features`),
    trainer: await bundle(trainer.type, `models.${name}.trainer`),
    ...Object.fromEntries(parts),
    ...(transform && {
      [optionalCode.forward]: await bundle(transform.forward, `models.${name}.transform.forward`),
      [optionalCode.inverse]: await bundle(transform.inverse, `models.${name}.transform.inverse`),
    }),
  };
}

/** The code that fits, trials and opens models: the trainer with its parts. */
export function trainerCode(
  code: VersionCode,
): { readonly trainer: CodeRef } & Readonly<Record<string, CodeRef>> {
  const parts = Object.entries(code).filter(([name]) => /^part\d+$/.test(name));
  return { trainer: code.trainer, ...Object.fromEntries(parts) };
}

/** Whether the project, not Modelyard, has the trainer of a version. */
export function isOwnTrainer({ trainer }: Pick<VersionCode, 'trainer'>): boolean {
  return trainer.builtIn !== true;
}
