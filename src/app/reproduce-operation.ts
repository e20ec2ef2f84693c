import type { Operations } from '../api/routes.ts';
import { PlatformError } from '../kernel/errors.ts';
import type { RunId } from '../kernel/ids.ts';
import { versionTarget } from '../pipeline/job.ts';
import type { ModelVersion } from '../registry/model.ts';
import type { Caller } from '../serving/endpoint.ts';
import { tagOf } from '../tracking/run-entries.ts';
import { findModel, projectNamed, type Projects } from './hosted-models.ts';
import { enqueue, type JobDeps, triggerOf } from './job-operations.ts';
import type { ViewStores } from './model-views.ts';

export interface ReproduceDeps {
  readonly projects: Projects;
  readonly stores: ViewStores;
  readonly jobs: JobDeps;
}

/** Trains a version again, as a job of the project that trained it. */
export function reproduceOperation(deps: ReproduceDeps, caller: Caller): Pick<Operations, 'reproduce'> {
  return {
    async reproduce({ by = 'api', ...asked }) {
      const version = await findAsked(asked, deps);
      const project = await projectOf(version, deps);
      projectNamed(deps.projects, project);
      const target = versionTarget(version);
      return enqueue({ project, target, trigger: triggerOf(by, undefined, caller) }, deps.jobs);
    },
  };
}

/** @throws PlatformError MODEL_NOT_FOUND, VERSION_NOT_FOUND */
async function findAsked(
  { model: name, version, alias }: Omit<Parameters<Operations['reproduce']>[0], 'by'>,
  { projects, stores: { registry } }: ReproduceDeps,
): Promise<ModelVersion> {
  const model = await registry.findModel(name);
  if (!model) throw notFound('MODEL_NOT_FOUND', { field: 'model', value: name }, await registry.listModels());
  const asked = alias ?? findModel(projects, name)?.model.promote.alias ?? 'prod';
  const number = version ?? model.aliases[asked];
  const found =
    number === undefined ? undefined : await registry.findVersion({ model: name, version: number });
  if (found) return found;
  const aliases = Object.keys(model.aliases).map((each) => `${name}@${each}`);
  if (version !== undefined)
    throw notFound('VERSION_NOT_FOUND', { field: 'version', value: version }, aliases);
  throw notFound('VERSION_NOT_FOUND', { field: 'alias', value: asked }, aliases);
}

/** The project whose run trained a version, else the one that has its model. */
async function projectOf(
  { model, runId }: ModelVersion,
  { projects, stores }: ReproduceDeps,
): Promise<string> {
  const run = runId === undefined ? undefined : await stores.tracking.runs.get(runId as RunId);
  return (
    (run && tagOf(run, 'modelyard.project')) ??
    (findModel(projects, model)?.hosted ?? projects()[0])?.plan.project.name ??
    ''
  );
}

function notFound(
  code: 'MODEL_NOT_FOUND' | 'VERSION_NOT_FOUND',
  detail: { readonly field: string; readonly value: string | number },
  choices: readonly string[],
): PlatformError {
  const remedy =
    choices.length > 0 ? `Choose from ${choices.join(', ')}.` : 'None exists yet: modelyard run.';
  return new PlatformError(code, { ...detail, remedy });
}
