import { z } from 'zod';
import type { Mistake } from './mistakes.ts';
import type { Project } from './project.ts';
import { targetIn } from './kind.ts';
import { lookupProblems, viewNameProblems } from './lookup-problems.ts';
import { metricFacts } from './metric.ts';
import type { Model } from './model.ts';
import type { PromotionMetric } from './promotion.ts';
import type { Column } from './table.ts';
import { trainerProblems } from './trainer-options.ts';

const namePattern = /^[a-z][a-z0-9-]{0,62}$/;

/** Every wiring mistake of a project. Types catch most of them earlier, but a project may be run without a type check. */
export function mistakesOf(project: Project): readonly Mistake[] {
  const declared = [...project.sources, ...project.steps, ...project.models];
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
    ...mistakes(project, viewNameProblems(project.models)),
    ...project.models.flatMap((model) => mistakes(model, modelProblems(model))),
  ];
}

function mistakes(of: object, texts: readonly string[]): readonly Mistake[] {
  return texts.map((text) => ({ text, of }));
}

function badName(kind: string, name: string): readonly string[] {
  return namePattern.test(name)
    ? []
    : [
        `${kind} name ${JSON.stringify(name)}: use lower-case letters, digits and hyphens, a letter first, 63 at most`,
      ];
}

function modelProblems(model: Model): readonly string[] {
  const columns = new Map(model.rows.table.schema.columns.map((column) => [column.name, column]));
  const say = (problem: string): string => `model ${model.name}: ${problem}`;
  return [
    ...columnProblems(model, columns),
    ...requestProblems(model, columns),
    ...metricProblems(model),
    ...promotionProblems(model),
    ...splitProblems(model),
    ...lookupProblems(model),
    ...trainerProblems(model),
    ...(Number.isInteger(model.search?.trials ?? 1) && (model.search?.trials ?? 1) >= 1
      ? []
      : [`search.trials is ${model.search?.trials}: give a whole number from 1`]),
    ...(model.interval > 0 && model.interval < 1
      ? []
      : [`interval is ${model.interval}: give a share between 0 and 1, such as 0.8`]),
  ].map(say);
}

function columnProblems(model: Model, columns: ReadonlyMap<string, Column>): readonly string[] {
  const has = [...columns.keys()].join(', ');
  const missing = (field: string, name: string | undefined): readonly string[] =>
    name === undefined || columns.has(name)
      ? []
      : [`${field} is "${name}", which is not a column of its rows (${has})`];
  const target = columns.get(model.target);
  return [
    ...missing('target', model.target),
    ...(target && !targetIn(target)
      ? [`target "${model.target}" is a ${target.type} column: name a column of numbers, booleans or an enum`]
      : []),
    ...missing('split.by', model.split.by),
    ...missing('split.group', model.split.group),
  ];
}

function requestProblems(model: Model, columns: ReadonlyMap<string, Column>): readonly string[] {
  if (!(model.request instanceof z.ZodObject) && !('shape' in (model.request as object)))
    return ['request must be an object schema: z.object({ … })'];
  const fields = Object.entries(model.request.shape as Record<string, z.ZodType>);
  return [
    ...fields
      .filter(([field, schema]) => !columns.has(field) && !schema.safeParse(undefined).success)
      .map(
        ([field]) =>
          `request field "${field}" is not a column of its rows, so training cannot build requests`,
      ),
    ...(fields.some(([field]) => field === model.target)
      ? [`request field "${model.target}" is the target: a caller cannot know it`]
      : []),
  ];
}

const betterOf: Readonly<Record<string, { readonly better: string }>> = metricFacts;

function metricProblems({ metrics, promote }: Model): readonly string[] {
  const used = [
    promote.when.metric,
    ...Object.keys(promote.atLeast ?? {}),
    ...Object.keys(promote.atMost ?? {}),
  ];
  return [
    ...metrics
      .filter((metric) => !betterOf[metric])
      .map((metric) => `metric "${metric}" does not exist (${Object.keys(betterOf).join(', ')})`),
    ...[...new Set(used)]
      .filter((metric) => !metrics.includes(metric))
      .map((metric) => `promote uses "${metric}", which is not in metrics (${metrics.join(', ')})`),
  ];
}

function promotionProblems({ promote }: Model): readonly string[] {
  return [
    ...directionProblems(promote.when),
    ...(isFiniteNumber(promote.when.by) && promote.when.by >= 0
      ? []
      : [`promote.when.by is ${formatValue(promote.when.by)}: give a finite number from 0`]),
    ...limitProblems('atLeast', promote.atLeast),
    ...limitProblems('atMost', promote.atMost),
    ...(promote.first === undefined || promote.first === 'always'
      ? []
      : [`promote.first is ${JSON.stringify(promote.first)}: must be 'always', or left out`]),
    ...(/^[a-z][a-z0-9_-]{0,62}$/.test(promote.alias)
      ? []
      : [`promote.alias is ${JSON.stringify(promote.alias)}: use lower-case letters, digits, "-" and "_"`]),
  ];
}

function directionProblems({ metric, better: direction }: PromotionMetric): readonly string[] {
  const better = betterOf[metric]?.better;
  if (better === undefined || better === direction) return [];
  return better === 'neither'
    ? [
        `promote.when uses ${metric}, of which neither a lower nor a higher value is better: choose another metric, and limit ${metric} by promote.atLeast and promote.atMost`,
      ]
    : [`promote.when wants ${metric} ${direction}, but a better ${metric} is ${better}`];
}

function limitProblems(
  field: string,
  limits: Readonly<Record<string, number | undefined>> = {},
): readonly string[] {
  return Object.entries(limits)
    .filter(([, limit]) => limit !== undefined && !isFiniteNumber(limit))
    .map(([metric, limit]) => `promote.${field}.${metric} is ${formatValue(limit)}: give a finite number`);
}

/** A project may be run without a type check. */
function isFiniteNumber(value: unknown): boolean {
  return Number.isFinite(value);
}

function formatValue(value: unknown): string {
  return typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'missing');
}

function splitProblems({ split }: Model): readonly string[] {
  const share = (field: string, value: number | undefined): readonly string[] =>
    value === undefined || (value > 0 && value < 1)
      ? []
      : [`${field} is ${value}: give a share between 0 and 1`];
  return [
    ...(split.by === undefined && split.group === undefined && split.rows !== 'independent'
      ? [
          "split has neither `by` nor `group`: a random split of rows leaks, so choose the column that orders or groups them; if no two rows belong together, say `rows: 'independent'`",
        ]
      : []),
    ...(typeof split.test === 'number' ? share('split.test', split.test) : []),
    ...share('split.validation', split.validation),
  ];
}
