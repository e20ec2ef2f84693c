import type { Planning } from '../pipeline/operation.ts';
import type { CodeRef } from '../pipeline/task.ts';
import type { Model } from '../project/model.ts';

/** The code of a model that tasks run and versions store: its request schema, feature function and trainer. */
export interface VersionCode {
  readonly request: CodeRef;
  readonly features: CodeRef;
  readonly trainer: CodeRef;
}

export async function versionCode(
  { name, request, features, trainer }: Model,
  { bundle }: Pick<Planning, 'bundle'>,
): Promise<VersionCode> {
  return {
    request: await bundle(request, `models.${name}.request`),
    features: await bundle(features, `models.${name}.features`),
    trainer: await bundle(trainer.type, `models.${name}.trainer`),
  };
}
