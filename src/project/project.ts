import type { Forecast } from './models/forecast.ts';
import type { PagePath } from './models/live.ts';
import type { Model } from './models/model.ts';
import type { Node, Runnable } from './producer.ts';
import type { Receiver } from './receiver.ts';
import type { Schedule } from './schedule.ts';
import type { Source } from './tables/source.ts';
import type { Step } from './tables/step.ts';

/** A project with everything that its roots need, each once. */
export interface Project {
  readonly kind: 'project';
  readonly name: string;
  readonly title: string;
  readonly description: string | undefined;
  readonly models: readonly Model[];
  readonly forecasts: readonly Forecast[];
  /** Everything that runs, each after what it reads; models and forecasts have their own lists. */
  readonly nodes: readonly Node[];
  readonly steps: readonly Step[];
  readonly sources: readonly Source[];
  /** What the project lists in `steps`. */
  readonly roots: readonly Runnable[];
  readonly schedules: readonly Schedule[];
  readonly notify: readonly Receiver[];
  readonly page: PagePath | undefined;
  /** Whether mistakes in its types stop a run. */
  readonly checkTypes: boolean;
}

/** What has an endpoint. */
export type ServedModel = Model | Forecast;

/** The models and forecasts of a project. */
export function servedModels({
  models,
  forecasts,
}: Pick<Project, 'models' | 'forecasts'>): readonly ServedModel[] {
  return [...models, ...forecasts];
}

export function isProject(value: unknown): value is Project {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'project';
}
