import { type ErrorCode, PlatformError } from '../kernel/errors.ts';
import { type ServedModel, servedModels } from '../project/project.ts';
import type { Endpoint } from '../serving/endpoint.ts';
import type { HostedProject } from './hosted-project.ts';

/** The projects of this process. */
export type Projects = () => readonly HostedProject[];

export interface HostedModel {
  readonly hosted: HostedProject;
  readonly model: ServedModel;
  readonly endpoint: Endpoint;
}

/** @throws PlatformError PROJECT_NOT_FOUND */
export function projectNamed(projects: Projects, name: string): HostedProject {
  const names = projects().map(({ plan }) => plan.project.name);
  return required(
    projects().find(({ plan }) => plan.project.name === name),
    'PROJECT_NOT_FOUND',
    { field: 'project', value: name, remedy: choiceOf(names) },
  );
}

export function findModel(projects: Projects, name: string): HostedModel | undefined {
  return hostedModels(projects).find(({ model }) => model.name === name);
}

/** @throws PlatformError MODEL_NOT_FOUND naming the field of the request */
export function modelNamed(projects: Projects, name: string, field: 'model' | 'endpoint'): HostedModel {
  const names = hostedModels(projects).map(({ model }) => model.name);
  return required(findModel(projects, name), 'MODEL_NOT_FOUND', {
    field,
    value: name,
    remedy: choiceOf(names),
  });
}

function hostedModels(projects: Projects): readonly HostedModel[] {
  return projects().flatMap((hosted) =>
    servedModels(hosted.plan.project).flatMap((model) => {
      const endpoint = hosted.endpoints.get(model.name);
      return endpoint ? [{ hosted, model, endpoint }] : [];
    }),
  );
}

/** @throws PlatformError with the code, if there is no value */
export function required<Value>(
  value: Value | undefined,
  code: ErrorCode,
  detail: ConstructorParameters<typeof PlatformError>[1],
): Value {
  if (value !== undefined) return value;
  throw new PlatformError(code, detail);
}

function choiceOf(names: readonly string[]): string {
  return names.length > 0 ? `Choose from ${names.join(', ')}.` : 'None exists yet.';
}
