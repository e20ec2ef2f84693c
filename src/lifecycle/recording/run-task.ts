import type { JsonObject } from '../../kernel/json.ts';
import { factsOf, type Operation, operationNamed } from '../../pipeline/operation.ts';
import type { TaskState } from '../../pipeline/ports.ts';
import type { Task } from '../../pipeline/task.ts';
import type { RunTask } from '../../tracking/run-task-store.ts';

/** The stored state of a task. */
export function runTask(
  state: TaskState,
  {
    task,
    position,
    operations,
  }: { readonly task: Task; readonly position: number; readonly operations: readonly Operation[] },
): RunTask {
  return {
    task: state.task,
    operation: task.operation,
    declared: task.declared,
    position,
    status: state.status,
    key: state.key,
    startedAt: state.startedAt,
    endedAt: state.endedAt,
    needs: [...new Set(Object.values(task.inputs).map((input) => input.task))],
    code: Object.values(task.code).map(({ label }) => label),
    outputs: state.outputs ?? {},
    facts: storedFacts(task, state.facts ?? {}, operations),
    error: state.error,
  };
}

function storedFacts(
  { operation: name }: Task,
  facts: JsonObject,
  operations: readonly Operation[],
): JsonObject {
  const operation = operationNamed(operations, name);
  if (!operation?.storedFacts) return facts;
  const parsed = factsOf(operation, { operation: name, facts });
  return parsed ? (operation.storedFacts(parsed) as JsonObject) : facts;
}
