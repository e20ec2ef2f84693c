import { withCallSite } from './call-sites.ts';
import { ProjectMistakes } from './mistakes.ts';
import type { Model } from './model.ts';
import { mistakesOf } from './problems.ts';
import type { Project } from './project.ts';
import type { Source } from './source.ts';
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
  const reached = reach([...models.map((model) => model.rows.producer), ...(options.steps ?? [])]);
  const project: Project = {
    kind: 'project',
    name,
    title: options.title ?? name,
    description: options.description,
    models,
    steps: reached.filter((node): node is Step => node.kind === 'step'),
    sources: reached.filter((node): node is Source => node.kind === 'source'),
  };
  const [first, ...others] = mistakesOf(withCallSite(project));
  if (first) throw new ProjectMistakes(name, [first, ...others]);
  return project;
}

type Node = Source | Step;

/** All nodes that the roots need, inputs first. */
function reach(roots: readonly unknown[]): readonly Node[] {
  const found = new Set<Node>();
  const visit = (node: Node): void => {
    if (found.has(node)) return;
    if (node.kind === 'step') for (const { producer } of Object.values(node.in)) visit(producer as Node);
    found.add(node);
  };
  for (const root of roots) visit(root as Node);
  return [...found];
}
