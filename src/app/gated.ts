import type { z } from 'zod';
import { gateForecast } from '../lifecycle/forecasting/gate-operation.ts';
import type { gateFacts } from '../lifecycle/gate/gate-facts.ts';
import { gate } from '../lifecycle/operations/gate.ts';
import { factsOf } from '../pipeline/operation.ts';
import type { RunTask } from '../tracking/run-task-store.ts';

/** What the gate of a model or a forecast decided; undefined if none of the tasks is a gate that has ended. */
export function gatedIn(tasks: readonly RunTask[]): z.output<typeof gateFacts> | undefined {
  return tasks
    .map((task) => factsOf(gate, task) ?? factsOf(gateForecast, task))
    .find((facts) => facts !== undefined);
}
