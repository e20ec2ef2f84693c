import { forecastProblems } from './forecast-problems.ts';
import { viewNameProblems } from './lookup-problems.ts';
import type { Mistake } from '../mistakes.ts';
import { modelProblems } from './model-problems.ts';
import { nodeProblems } from './node-problems.ts';
import type { Project } from '../project.ts';
import { scheduleProblems } from './schedule-problems.ts';

const namePattern = /^[a-z][a-z0-9-]{0,62}$/;

/** Every wiring mistake of a project. Types catch most of them earlier, but a project may be run without a type check. */
export function mistakesOf(project: Project): readonly Mistake[] {
  const { nodes, models, forecasts } = project;
  const declared = [...nodes, ...models, ...forecasts];
  const names = declared.map(({ name }) => name);
  return [
    ...mistakes(project, badName('project', project.name)),
    ...(declared.length === 0
      ? mistakes(project, ['the project has neither models nor steps: add `models: […]` or `steps: […]`'])
      : []),
    ...declared.flatMap((each) => mistakes(each, badName(each.kind, each.name))),
    ...declared
      .filter(({ name }, index) => names.indexOf(name) < index)
      .flatMap((each) =>
        mistakes(each, [`"${each.name}" is used twice: give each source, step and model its own name`]),
      ),
    ...mistakes(project, viewNameProblems(models)),
    ...nodes.flatMap((node) => mistakes(node, named(node, nodeProblems(node, project)))),
    ...models.flatMap((model) => mistakes(model, named(model, modelProblems(model)))),
    ...forecasts.flatMap((forecast) => mistakes(forecast, named(forecast, forecastProblems(forecast)))),
    ...mistakes(project, scheduleProblems(project)),
  ];
}

function mistakes(of: object, texts: readonly string[]): readonly Mistake[] {
  return texts.map((text) => ({ text, of }));
}

function named(
  { kind, name }: { readonly kind: string; readonly name: string },
  problems: readonly string[],
): readonly string[] {
  return problems.map((problem) => `${kind} ${name}: ${problem}`);
}

function badName(kind: string, name: string): readonly string[] {
  return namePattern.test(name)
    ? []
    : [
        `${kind} name ${JSON.stringify(name)}: use lower-case letters, digits and hyphens, a letter first, 63 at most`,
      ];
}
