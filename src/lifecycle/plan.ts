import { PlatformError } from '../kernel/errors.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { Project } from '../project/project.ts';
import type { Model } from '../project/model.ts';
import { dataTasks, tableInput } from '../pipeline/data-tasks.ts';
import type { Bundler } from '../pipeline/ports.ts';
import type { CodeRef, Task } from '../pipeline/task.ts';

export interface ModelPlan {
  readonly model: Model;
  readonly request: CodeRef;
  readonly features: CodeRef;
}

/** A project as work: its tasks in topological order, and what each model's endpoint is made from. */
export interface Plan {
  readonly project: Project;
  readonly tasks: readonly Task[];
  readonly models: ReadonlyMap<string, ModelPlan>;
}

/** Unfolds a project: sources and steps, and for each model split, features, search, train, evaluate and gate. */
export async function planProject(project: Project, bundler: Bundler): Promise<Plan> {
  const data = await dataTasks(project, bundler);
  const models = await Promise.all(
    project.models.map(async (model): Promise<ModelPlan> => ({
      model,
      request: await bundler.bundle(model.request, `models.${model.name}.request`),
      features: await bundler.bundle(model.features, `models.${model.name}.features`),
    })),
  );
  return {
    project,
    tasks: [...data, ...models.flatMap(modelTasks)],
    models: new Map(models.map((plan) => [plan.model.name, plan])),
  };
}

/**
 * The tasks that `target` (a task, or everything of a source, step or model) is made by; all, without one.
 * @throws PlatformError TASK_NOT_FOUND naming what there is
 */
export function tasksFor(plan: Plan, target: string | undefined): readonly Task[] {
  if (target === undefined) return plan.tasks;
  const wanted = new Set(
    plan.tasks
      .filter(({ name, declared }) => name === target || declared.name === target)
      .map(({ name }) => name),
  );
  if (wanted.size === 0) throw noTarget(plan, target);
  for (const task of plan.tasks.toReversed())
    if (wanted.has(task.name)) for (const input of Object.values(task.inputs)) wanted.add(input.task);
  return plan.tasks.filter(({ name }) => wanted.has(name));
}

function noTarget({ tasks }: Plan, target: string): PlatformError {
  const names = [...new Set(tasks.map(({ declared }) => declared.name))];
  return new PlatformError('TASK_NOT_FOUND', {
    field: 'target',
    value: target,
    remedy: `Name a source, step or model (${names.join(', ')}), or a task of one, such as ${tasks[0]?.name}.`,
  });
}

function modelTasks({ model, request, features }: ModelPlan): readonly Task[] {
  const declared = { kind: 'model', name: model.name } as const;
  const named = (operation: string): string => `${model.name}.${operation}`;
  const from = (operation: string, output: string): { task: string; output: string } => ({
    task: named(operation),
    output,
  });
  const rows = tableInput(model.rows);
  const base = { declared, code: {}, reuse: 'by-key' } as const;
  const trainer = { name: model.trainer.name, options: { ...model.trainer.options } } as JsonObject;
  const learning = { target: model.target, trainer };
  const trainingInputs = { rows, subsets: from('split', 'subsets'), matrix: from('features', 'matrix') };
  return [
    {
      ...base,
      name: named('split'),
      operation: 'split',
      inputs: { rows },
      params: { split: { ...model.split } as JsonObject },
      outputs: { subsets: { kind: 'table' } },
    },
    {
      ...base,
      name: named('features'),
      operation: 'features',
      inputs: { rows },
      code: { request, features },
      params: {},
      outputs: { matrix: { kind: 'table' } },
    },
    ...(model.search
      ? [
          {
            ...base,
            name: named('search'),
            operation: 'search',
            inputs: trainingInputs,
            params: { ...learning, search: { ...model.search } as unknown as JsonObject },
            outputs: { best: { kind: 'value' } },
          } satisfies Task,
        ]
      : []),
    {
      ...base,
      name: named('train'),
      operation: 'train',
      inputs: { ...trainingInputs, ...(model.search && { best: from('search', 'best') }) },
      // A trained model is of the code that made its features, even where another text makes the same numbers.
      code: { features },
      params: { ...learning, interval: model.interval },
      outputs: { model: { kind: 'files' } },
    },
    {
      ...base,
      name: named('evaluate'),
      operation: 'evaluate',
      inputs: { rows, subsets: from('split', 'subsets'), model: from('train', 'model') },
      code: { request, features },
      params: { target: model.target, trainer: model.trainer.name, metrics: [...model.metrics] },
      outputs: { metrics: { kind: 'value' } },
    },
    {
      ...base,
      name: named('gate'),
      operation: 'gate',
      inputs: {
        rows,
        subsets: from('split', 'subsets'),
        model: from('train', 'model'),
        metrics: from('evaluate', 'metrics'),
      },
      code: { request, features },
      params: {},
      outputs: {},
      reuse: 'never',
    },
  ];
}
