import type { JsonObject } from '../kernel/json.ts';
import type { RowOf, TableDeclaration, TableRef } from './table.ts';

/** Rows of an input, read as they are asked for. */
export interface Table<Row extends object> extends AsyncIterable<Row> {
  /** How many. */
  readonly rows: number;
}

export interface TableWriter<Row extends object> {
  /** Adds rows; may be called again. Each is checked as it is written, and a bad one stops the step. */
  write(rows: Iterable<Row> | AsyncIterable<Row>): Promise<void>;
}

/** What a step's function is given. `In` and `Out` are its tables' rows by name. */
export interface StepContext<
  In extends Readonly<Record<string, object>>,
  Out extends Readonly<Record<string, object>>,
  Params extends JsonObject = JsonObject,
> {
  readonly in: { readonly [Name in keyof In]: Table<In[Name]> };
  readonly out: { readonly [Name in keyof Out]: TableWriter<Out[Name]> };
  readonly params: Params;
  /** One line for the run's log. */
  readonly log: (message: string) => void;
  readonly progress: (done: number, total?: number) => void;
}

export type StepInputs = Readonly<Record<string, TableRef>>;
export type StepOutputs = Readonly<Record<string, TableDeclaration>>;

export interface StepOptions<In extends StepInputs, Out extends StepOutputs, Params extends JsonObject> {
  readonly in: In;
  readonly out: Out;
  /** Values that the function reads; a change of one runs the step again. @default {} */
  readonly params?: Params;
}

export interface Step<Out extends StepOutputs = StepOutputs> {
  readonly kind: 'step';
  readonly name: string;
  readonly in: StepInputs;
  readonly out: { readonly [Name in keyof Out]: TableRef<RowOf<Out[Name]>> };
  readonly params: JsonObject;
  readonly run: (context: never) => Promise<void>;
}

/**
 * A step from tables to tables. It runs in a process of its own, and again only when its code, params or inputs change.
 * @example step('innings', { in: { matches }, out: { rows: table(Innings) } }, ballByBall)
 */
export function step<
  In extends StepInputs,
  Out extends StepOutputs,
  Params extends JsonObject = Readonly<Record<string, never>>,
>(
  name: string,
  options: StepOptions<In, Out, Params>,
  run: (
    context: StepContext<
      { [Name in keyof In]: RowOf<In[Name]> },
      { [Name in keyof Out]: RowOf<Out[Name]> },
      Params
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
    run,
  };
  const refs: Readonly<Record<string, TableRef>> = Object.fromEntries(
    Object.entries(options.out).map(([output, made]) => [
      output,
      { producer: declared, output, table: made },
    ]),
  );
  const out = refs as Step<Out>['out'];
  return declared;
}
