import type { Planning } from '../pipeline/operation.ts';
import type { CodeRef } from '../pipeline/task.ts';
import type { Model } from '../project/model.ts';

/** The request schema and the feature function of a model, as tasks and versions take them. */
export async function featureCode(
  { name, request, features }: Model,
  { bundle }: Pick<Planning, 'bundle'>,
): Promise<{ readonly request: CodeRef; readonly features: CodeRef }> {
  return {
    request: await bundle(request, `models.${name}.request`),
    features: await bundle(features, `models.${name}.features`),
  };
}
