import type { JsonObject } from '../../kernel/json.ts';
import { withCallSite } from '../call-sites.ts';
import { type RunOptions, runOptionsOf } from './run-options.ts';
import type { DeclaredTime, RowOf, TableDeclaration, TableRef } from './table.ts';

/** The rows of an input, streamed. */
export interface Table<Row extends object> extends AsyncIterable<Row> {
  /** The number of rows. */
  readonly rows: number;
}

export interface TableWriter<Row extends object> {
  /** Adds rows; may be called repeatedly. Each row is checked when it is written; an invalid one stops the step. */
  write(rows: readonly Row[] | Iterable<Row> | AsyncIterable<Row>): Promise<void>;
}

interface StepTask<
  In extends Readonly<Record<string, object>>,
  Out extends Readonly<Record<string, object>>,
  Params extends JsonObject,
> {
  readonly in: { readonly [Name in keyof In]: Table<In[Name]> };
  readonly out: { readonly [Name in keyof Out]: TableWriter<Out[Name]> };
  readonly params: Params;
  /** One line for the run's log. */
  readonly log: (message: string) => void;
  readonly progress: (done: number, total?: number) => void;
}

/**
 * The argument of a step's function. `In` and `Out` are its tables' rows by name. `Item` has the values of the step's
 * `matrix` for this task.
 */
export type StepContext<
  In extends Readonly<Record<string, object>>,
  Out extends Readonly<Record<string, object>>,
  Params extends JsonObject = JsonObject,
  Item extends object = NoItem,
> = StepTask<In, Out, Params> & ([keyof Item] extends [never] ? unknown : { readonly item: Item });

type NoItem = Readonly<Record<never, never>>;

export type StepInputs = Readonly<Record<string, TableRef>>;
export type StepOutputs = Readonly<Record<string, TableDeclaration>>;

/** Values by name; each combination of them is a task. */
export type Matrix = Readonly<Record<string, readonly (string | number)[]>>;

export interface StepOptions<
  In extends StepInputs,
  Out extends StepOutputs,
  Params extends JsonObject,
  Each extends Matrix,
> extends RunOptions {
  readonly in: In;
  readonly out: Out;
  /** Values that the function reads; a change runs the step again. @default {} */
  readonly params?: Params;
  /** A task for each combination, with a cache key of its own; the rows of all make one table. @default one task */
  readonly matrix?: Each;
}

export interface Step<Out extends StepOutputs = StepOutputs> extends RunOptions {
  readonly kind: 'step';
  readonly name: string;
  readonly in: StepInputs;
  readonly out: { readonly [Name in keyof Out]: TableRef<RowOf<Out[Name]>, DeclaredTime<Out[Name]>> };
  readonly params: JsonObject;
  readonly matrix?: Matrix;
  readonly run: (context: never) => Promise<void>;
}

/**
 * A step from tables to tables. It runs in its own process, and only again when its code, params or inputs change.
 * @example step('innings', { in: { matches }, out: { rows: table(Innings) } }, ballByBall)
 */
export function step<
  In extends StepInputs,
  Out extends StepOutputs,
  Params extends JsonObject = Readonly<Record<string, never>>,
  const Each extends Matrix = NoItem,
>(
  name: string,
  options: StepOptions<In, Out, Params, Each>,
  run: (
    context: StepContext<
      { [Name in keyof In]: RowOf<In[Name]> },
      { [Name in keyof Out]: RowOf<Out[Name]> },
      Params,
      { readonly [Name in keyof Each]: Each[Name][number] }
    >,
  ) => Promise<void>,
): Step<Out> {
  const declared: Step<Out> = {
    kind: 'step',
    name,
    in: options.in,
    get out() {
      return out;
    },
    params: options.params ?? {},
    ...(options.matrix !== undefined && { matrix: options.matrix }),
    ...runOptionsOf(options),
    run,
  };
  const refs: Readonly<Record<string, TableRef>> = Object.fromEntries(
    Object.entries(options.out).map(([output, outputTable]) => [
      output,
      { producer: declared as Step, output, table: outputTable },
    ]),
  );
  const out = refs as Step<Out>['out'];
  return withCallSite(declared);
}
