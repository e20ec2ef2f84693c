import type { Model } from './model.ts';
import type { Source } from './source.ts';
import type { Step } from './step.ts';

/** A project with every source and step that its roots need, each once. */
export interface Project {
  readonly kind: 'project';
  readonly name: string;
  readonly title: string;
  readonly description: string | undefined;
  readonly models: readonly Model[];
  readonly steps: readonly Step[];
  readonly sources: readonly Source[];
}

export function isProject(value: unknown): value is Project {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'project';
}
