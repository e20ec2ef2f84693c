import { withCallSite } from './call-sites.ts';
import { ProjectMistakes } from './mistakes.ts';
import type { Model } from './model.ts';
import { mistakesOf } from './problems.ts';
import { inputsOf, type Producer } from './producer.ts';
import type { Project } from './project.ts';
import type { Step } from './step.ts';

export interface ProjectOptions {
  /** A name for people. @default the project's name */
  readonly title?: string;
  readonly description?: string;
  readonly models?: readonly Model[];
  /** Steps to run even if no model needs them. @default [] */
  readonly steps?: readonly Step[];
}

/**
 * Lists the roots of a project; their inputs are found automatically. The project file exports the result as default.
 * @throws PlatformError PROJECT_INVALID listing all wiring mistakes at once
 */
export function defineProject(name: string, options: ProjectOptions): Project {
  const models = options.models ?? [];
  const reached = reach([...models, ...(options.steps ?? [])]);
  const project: Project = {
    kind: 'project',
    name,
    title: options.title ?? name,
    description: options.description,
    models,
    steps: reached.filter((each) => each.kind === 'step'),
    sources: reached.filter((each) => each.kind === 'source'),
  };
  const [first, ...others] = mistakesOf(withCallSite(project));
  if (first) throw new ProjectMistakes(name, [first, ...others]);
  return project;
}

/** Every producer that the roots need, inputs first. */
function reach(roots: readonly Producer[]): readonly Producer[] {
  const found = new Set<Producer>();
  const visit = (producer: Producer): void => {
    if (found.has(producer)) return;
    for (const input of inputsOf(producer)) visit(input.producer);
    found.add(producer);
  };
  for (const root of roots) visit(root);
  return [...found];
}
