import type { JsonObject } from '../../kernel/json.ts';
import { withCallSite } from '../call-sites.ts';
import { type RunOptions, runOptionsOf } from './run-options.ts';
import type { StepInputs } from './step.ts';
import type { DeclaredTime, RowOf, TableDeclaration, TableRef } from './table.ts';

export interface SqlOptions<In extends StepInputs, Out extends TableDeclaration> extends RunOptions {
  /** Tables by the names that the SELECT uses. */
  readonly in: In;
  /** The table that it writes. Its columns must be those of the SELECT. */
  readonly out: Out;
  /** Values for `$name` in the SELECT; a change runs it again. @default {} */
  readonly params?: JsonObject;
}

export interface Sql<Row extends object = object, Time extends string = string>
  extends TableRef<Row, Time>, RunOptions {
  readonly kind: 'sql';
  readonly name: string;
  readonly in: StepInputs;
  readonly params: JsonObject;
  readonly select: string;
}

/**
 * One SELECT over tables, run by DuckDB. The result is itself a table for other declarations.
 * @example sql('daily', { in: { bars }, out: table(Day) }, 'select symbol, date, close from bars where volume > 0')
 */
export function sql<In extends StepInputs, Out extends TableDeclaration>(
  name: string,
  options: SqlOptions<In, Out>,
  select: string,
): Sql<RowOf<Out>, DeclaredTime<Out>> {
  return withCallSite({
    kind: 'sql',
    name,
    in: options.in,
    params: options.params ?? {},
    select,
    get producer() {
      return this;
    },
    output: 'rows',
    table: options.out as TableDeclaration as TableDeclaration<RowOf<Out>, DeclaredTime<Out>>,
    ...runOptionsOf(options),
  });
}
