import type { RunId } from '../kernel/ids.ts';
import type { Operation } from '../pipeline/operation.ts';
import type { TaskEvent, TaskSpec } from '../pipeline/task.ts';
import type { GateOutcome } from './gate/gate-decision.ts';
import type { GateDeps } from './gate/gate.ts';

/** An operation that runs in the server's process, because it reads or writes the database. */
export interface ServerOperation<
  Declaration extends { readonly name: string } = { readonly name: string },
  Params = unknown,
  Facts extends object = object,
> extends Operation<Declaration, Params, Facts> {
  readonly process: 'server';
  run(context: ServerContext<Declaration, Params>): Promise<ServerResult<Facts>>;
}

export interface ServerContext<Declaration, Params> {
  readonly spec: TaskSpec;
  readonly params: Params;
  readonly declaration: Declaration;
  readonly deps: GateDeps;
  readonly signal: AbortSignal;
  /** Passes on what happens in the tasks that it runs. */
  readonly onEvent: (event: TaskEvent) => void;
  /** The facts of the task behind an input. @throws PlatformError STATE_DAMAGED if `operation` did not write them */
  readonly inputFacts: <Facts extends object>(
    input: string,
    operation: Pick<Operation<never, never, Facts>, 'name' | 'facts'>,
  ) => Facts;
  /** The run of the declaration, created if necessary. */
  readonly runId: () => Promise<RunId>;
  /** Reports a verdict on a model, or that none was due. */
  readonly decided: (outcome: GateOutcome) => void;
}

export interface ServerResult<Facts extends object = object> {
  /** Nothing changed. */
  readonly hit: boolean;
  readonly facts: Facts;
}

/** Declares an operation of the server's process; its types are inferred from `declared`, `params` and `facts`. */
export function serverOperation<Declaration extends { readonly name: string }, Params, Facts extends object>(
  operation: ServerOperation<Declaration, Params, Facts>,
): ServerOperation<Declaration, Params, Facts> {
  return operation;
}
