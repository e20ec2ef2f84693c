import { digestOfJson, type Digest } from '../kernel/digest.ts';
import type { TableSchema } from '../project/tables/table.ts';
import type { OutputSpec, Task } from './task.ts';

/** Raise it when a change of ours makes old results wrong. */
const format = 2;

/**
 * The digest of everything that a task's result depends on: the operation, its code, params, inputs and output schemas. The
 * order of members does not matter, and the task's name is not part of it: the same work under another name is the same
 * work.
 */
export function taskKey(
  task: Pick<Task, 'operation' | 'code' | 'params' | 'outputs'>,
  inputs: Readonly<Record<string, Digest>>,
): Digest {
  return digestOfJson({
    format,
    operation: task.operation,
    code: mapped(task.code, ({ key }) => key),
    params: task.params,
    inputs,
    outputs: mapped(task.outputs, outputIdentity),
  });
}

function outputIdentity(output: OutputSpec): unknown {
  return output.kind === 'table' && output.schema
    ? {
        kind: output.kind,
        schema: schemaIdentity(output.schema),
        ...(output.checks && { checks: output.checks }),
      }
    : output;
}

/** A table's schema without the texts for people. */
function schemaIdentity({ columns }: TableSchema): unknown {
  return columns.map(({ title: _title, unit: _unit, ...column }) => column);
}

function mapped<Value>(
  record: Readonly<Record<string, Value>>,
  of: (value: Value) => unknown,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, of(value)]));
}
