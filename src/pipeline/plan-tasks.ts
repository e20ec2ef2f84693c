import type { JsonObject } from '../kernel/json.ts';
import { ProjectMistakes } from '../project/mistakes.ts';
import type { Project } from '../project/project.ts';
import type { TableRef } from '../project/tables/table.ts';
import { DeclarationFault } from './declaration-fault.ts';
import type { DeclaredKind, Operation } from './operation.ts';
import type { Bundler } from './ports.ts';
import type { Task, TaskInput } from './task.ts';

/** Expands every declaration of a project into the tasks of its operations, in topological order. */
export async function planTasks(
  project: Project,
  operations: readonly Operation[],
  bundler: Bundler,
): Promise<readonly Task[]> {
  const kinds = new Set(operations.map(({ declared }) => declared));
  const planned = [...kinds].flatMap((kind) =>
    kind.list(project).flatMap((declaration) =>
      operations
        .filter(({ declared }) => declared === kind)
        .map((operation) =>
          planTask(operation, declaration, bundler).catch((cause: unknown) => {
            throw located(cause, project, declaration);
          }),
        ),
    ),
  );
  return inOrder((await Promise.all(planned)).filter((task) => task !== undefined));
}

/** Each task after the tasks that it reads. A task whose input no task writes is left out: `notBuilt` gives the reason. */
function inOrder(tasks: readonly Task[]): readonly Task[] {
  const byName = new Map(tasks.map((task) => [task.name, task]));
  const runs = new Map<string, boolean>();
  const ordered: Task[] = [];
  const visit = (name: string): boolean => {
    const seen = runs.get(name);
    if (seen !== undefined) return seen;
    const task = byName.get(name);
    runs.set(name, false);
    if (!task) return false;
    const inputs = Object.values(task.inputs).map((input) => visit(input.task));
    if (inputs.includes(false)) return false;
    runs.set(name, true);
    ordered.push(task);
    return true;
  };
  for (const { name } of tasks) visit(name);
  return ordered;
}

/** The named tasks and all that they need, directly or not, in the order of the plan. */
export function withNeeded(names: Iterable<string>, plan: readonly Task[]): readonly Task[] {
  const needed = new Set(names);
  for (const task of plan.toReversed())
    if (needed.has(task.name)) for (const input of Object.values(task.inputs)) needed.add(input.task);
  return plan.filter(({ name }) => needed.has(name));
}

/** The error of a project file whose mistake only its plan shows. */
function located(cause: unknown, { name }: Project, declaration: object): unknown {
  if (!(cause instanceof DeclarationFault)) return cause;
  const [first, ...others] = cause.texts;
  return new ProjectMistakes(name, [
    { text: first, of: declaration },
    ...others.map((text) => ({ text, of: declaration })),
  ]);
}

/** The task that writes a table of the project file. */
export function tableInput({ producer, output }: TableRef): TaskInput {
  return { task: producer.name, output };
}

/** The tasks that write the tables of the project file, by the names that a declaration gives them. */
export function tableInputs(tables: Readonly<Record<string, TableRef>>): Readonly<Record<string, TaskInput>> {
  return Object.fromEntries(Object.entries(tables).map(([name, ref]) => [name, tableInput(ref)]));
}

async function planTask(
  operation: Operation,
  declaration: { readonly name: string },
  bundler: Bundler,
): Promise<Task | undefined> {
  const planned = await operation.plan(declaration, {
    bundle: (value, field) => bundler.bundle(value, field),
    from: (other, output) => ({ task: taskNameOf(other, declaration.name), output }),
  });
  if (!planned) return undefined;
  const kind: DeclaredKind = operation.declared;
  return {
    name: taskNameOf(operation, declaration.name),
    operation: operation.name,
    process: operation.process,
    declared: { kind: kind.name, name: declaration.name },
    inputs: planned.inputs,
    code: planned.code ?? {},
    params: planned.params as JsonObject,
    outputs: planned.outputs ?? (operation.outputs === 'declared' ? {} : operation.outputs),
    reuse: planned.reuse ?? 'by-key',
    limits: { attempts: 1, ...operation.limits, ...planned.limits },
    ...(planned.secrets && planned.secrets.length > 0 && { secrets: planned.secrets }),
    ...(planned.last && { last: planned.last }),
  };
}

function taskNameOf({ name, taskName }: Pick<Operation, 'name' | 'taskName'>, declaration: string): string {
  return taskName === 'declaration' ? declaration : `${declaration}.${name}`;
}
