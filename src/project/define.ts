import { withCallSite } from './call-sites.ts';
import type { Forecast } from './models/forecast.ts';
import type { PagePath } from './models/live.ts';
import { ProjectMistakes } from './mistakes.ts';
import type { Model } from './models/model.ts';
import { mistakesOf } from './problems/problems.ts';
import { inputsOf, type Node, type Producer, type Runnable } from './producer.ts';
import type { Project } from './project.ts';
import type { Receiver } from './receiver.ts';
import type { Schedule } from './schedule.ts';

export interface ProjectOptions {
  /** A name for people. @default the project's name */
  readonly title?: string;
  readonly description?: string;
  /** What has an endpoint. */
  readonly models?: readonly (Model | Forecast)[];
  /** Steps, SQL, folds, commands, batches and sinks to run even if no model needs them. @default [] */
  readonly steps?: readonly Runnable[];
  /** @default none: the project runs when you start it */
  readonly schedules?: readonly Schedule[];
  /** Who is notified of alerts and failed runs. @default nobody */
  readonly notify?: readonly Receiver[];
  /** @default a page that lists the endpoints */
  readonly page?: PagePath;
  /**
   * Whether `modelyard run` and `dev` check the types of the project's files and refuse mistakes. It needs TypeScript and a
   * tsconfig.json beside the project.
   * @default true
   */
  readonly checkTypes?: boolean;
}

/**
 * Lists the roots of a project; their inputs are found automatically. The project file exports the result as default.
 * @throws PlatformError PROJECT_INVALID listing all wiring mistakes at once
 */
export function defineProject(name: string, options: ProjectOptions): Project {
  const servables = options.models ?? [];
  const roots = options.steps ?? [];
  const nodes = reach([...servables, ...roots]).filter(isNode);
  const project: Project = {
    kind: 'project',
    name,
    title: options.title ?? name,
    description: options.description,
    models: servables.filter((each) => each.kind === 'model'),
    forecasts: servables.filter((each) => each.kind === 'forecast'),
    nodes,
    steps: nodes.filter((each) => each.kind === 'step'),
    sources: nodes.filter((each) => each.kind === 'source'),
    roots,
    schedules: options.schedules ?? [],
    notify: options.notify ?? [],
    page: options.page,
    checkTypes: options.checkTypes ?? true,
  };
  const [first, ...others] = mistakesOf(withCallSite(project));
  if (first) throw new ProjectMistakes(name, [first, ...others]);
  return project;
}

type Declared = Producer | Node;

/** Everything that the roots need, inputs first. */
function reach(roots: readonly Declared[]): readonly Declared[] {
  const found = new Set<Declared>();
  const visit = (declared: Declared): void => {
    if (found.has(declared)) return;
    for (const { producer } of inputsOf(declared)) visit(producer);
    found.add(declared);
  };
  for (const root of roots) visit(root);
  return [...found];
}

function isNode(declared: Declared): declared is Node {
  return declared.kind !== 'model' && declared.kind !== 'forecast';
}
