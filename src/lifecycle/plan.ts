import { PlatformError } from '../kernel/errors.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { Notice } from '../project/not-built.ts';
import type { Project } from '../project/project.ts';
import type { Model } from '../project/models/model.ts';
import { planTasks, withNeeded } from '../pipeline/plan-tasks.ts';
import type { TaskOperation } from '../pipeline/operation.ts';
import type { Bundler } from '../pipeline/ports.ts';
import type { CodeRef, Task } from '../pipeline/task.ts';
import { operations as allOperations } from './operations/all.ts';
import type { ServerOperation } from './server-operation.ts';
import { versionCode } from './version/version-code.ts';

export interface ModelPlan {
  readonly model: Model;
  readonly request: CodeRef;
  readonly features: CodeRef;
}

/** A planned project: its tasks in topological order, and the definition of each model's endpoint. */
export interface Plan {
  readonly project: Project;
  readonly operations: readonly (TaskOperation | ServerOperation)[];
  readonly tasks: readonly Task[];
  readonly models: ReadonlyMap<string, ModelPlan>;
  /** The values of the project's params, for the record of a run. @default {} */
  readonly params?: JsonObject;
  /** What was noticed when its files were read: exports without use, types that cannot be checked. @default none */
  readonly notices?: readonly Notice[];
}

/** Expands a project into tasks. @param operations @default every operation of this build */
export async function planProject(
  project: Project,
  bundler: Bundler,
  operations: Plan['operations'] = allOperations,
): Promise<Plan> {
  const models = await Promise.all(
    project.models.map(async (model): Promise<ModelPlan> => ({
      model,
      ...(await versionCode(model, bundler)),
    })),
  );
  return {
    project,
    operations,
    tasks: await planTasks(project, operations, bundler),
    models: new Map(models.map((plan) => [plan.model.name, plan])),
  };
}

/**
 * The tasks needed for `target` (a task, or all tasks of a source, step or model); without a target, all.
 * @throws PlatformError TASK_NOT_FOUND listing the valid names
 */
export function tasksFor(plan: Plan, target: string | undefined): readonly Task[] {
  if (target === undefined) return plan.tasks;
  const selected = new Set(
    plan.tasks
      .filter(({ name, declared }) => name === target || declared.name === target)
      .map(({ name }) => name),
  );
  if (selected.size === 0) throw noTarget(plan, target);
  return withNeeded(selected, plan.tasks);
}

function noTarget({ tasks }: Plan, target: string): PlatformError {
  const names = [...new Set(tasks.map(({ declared }) => declared.name))];
  return new PlatformError('TASK_NOT_FOUND', {
    field: 'target',
    value: target,
    remedy: `Name a source, step or model (${names.join(', ')}), or a task of one, such as ${tasks[0]?.name}.`,
  });
}
