import { parseDuration } from '../kernel/units.ts';
import type { RunOptions } from '../project/tables/run-options.ts';
import type { TaskLimits } from './task.ts';

/** The limits that a declaration sets, for the plan of its task. */
export function limitsOf({
  kind,
  name,
  timeout,
}: RunOptions & { readonly kind: string; readonly name: string }): { readonly limits?: Partial<TaskLimits> } {
  return timeout === undefined
    ? {}
    : { limits: { timeout: parseDuration(timeout, `${kind} ${name}: timeout`) } };
}
