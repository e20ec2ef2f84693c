import type { JsonObject } from '../kernel/json.ts';
import { withCallSite } from './call-sites.ts';
import type { FileDeclaration, FileRef } from './file.ts';
import type { Servable } from './models/live.ts';
import { type RunOptions, runOptionsOf } from './tables/run-options.ts';
import type { Secret } from './secret.ts';
import type { TableDeclaration, TableRef } from './tables/table.ts';

export type CommandInputs = Readonly<Record<string, TableRef | FileRef>>;
export type CommandOutputs = Readonly<Record<string, TableDeclaration | FileDeclaration>>;

type FieldsIn<Text extends string> = Text extends `${string}{${infer Field}}${infer Rest}`
  ? Field | FieldsIn<Rest>
  : never;

type Undeclared<Run extends string, In, Out, Params> = Exclude<
  FieldsIn<Run>,
  `in.${keyof In & string}` | `out.${keyof Out & string}` | `params.${keyof Params & string}`
>;

type Declared<Run extends string, In, Out, Params> = [Undeclared<Run, In, Out, Params>] extends [never]
  ? unknown
  : { readonly '~mismatch': `{${Undeclared<Run, In, Out, Params>}} is not declared` };

export interface CommandOptions<
  In extends CommandInputs,
  Out extends CommandOutputs,
  Params extends JsonObject,
> extends RunOptions {
  /** Tables and files by name. `{in.name}` in the command is the path of a Parquet file, or of the file. */
  readonly in: In;
  /** What it writes, to the path `{out.name}`. @default nothing */
  readonly out?: Out;
  /** Values for `{params.name}`; a change runs it again. @default {} */
  readonly params?: Params;
  /** Variables of its environment. @default {} */
  readonly env?: Readonly<Record<string, string | Secret>>;
  /** A requirements.txt: the command runs in a Python environment with these packages. @default the caller's environment */
  readonly python?: `${string}.txt`;
  /** The model whose versions it registers. They meet that model's gate. @default none */
  readonly registers?: Servable;
}

export interface Command<Out = CommandOutputs> extends RunOptions {
  readonly kind: 'command';
  readonly name: string;
  readonly in: CommandInputs;
  readonly out: {
    readonly [Name in keyof Out]: Out[Name] extends TableDeclaration<infer Row, infer Time>
      ? TableRef<Row, Time>
      : FileRef;
  };
  readonly params: JsonObject;
  readonly env: Readonly<Record<string, string | Secret>>;
  readonly python?: string;
  readonly registers?: Servable;
  /** The command line. */
  readonly run: string;
}

/**
 * Any program. An MLflow client in it finds the server, the experiment and the run in its environment.
 * @example command('train', { in: { rows: price.training }, registers: price }, 'python train.py {in.rows}')
 */
export function command<
  In extends CommandInputs,
  const Run extends string,
  Out extends CommandOutputs = Readonly<Record<never, never>>,
  Params extends JsonObject = Readonly<Record<never, never>>,
>(
  name: string,
  options: CommandOptions<In, Out, Params>,
  run: Run & Declared<Run, NoInfer<In>, NoInfer<Out>, NoInfer<Params>>,
): Command<Out> {
  const declared: Command = {
    kind: 'command',
    name,
    in: options.in,
    get out() {
      return out as Command['out'];
    },
    params: options.params ?? {},
    env: options.env ?? {},
    ...(options.python !== undefined && { python: options.python }),
    ...(options.registers !== undefined && { registers: options.registers }),
    run,
    ...runOptionsOf(options),
  };
  const out = Object.fromEntries(
    Object.entries(options.out ?? {}).map(([output, written]) => [
      output,
      written.kind === 'table'
        ? { producer: declared, output, table: written }
        : { producer: declared, output, file: written },
    ]),
  );
  return withCallSite(declared) as Command<Out>;
}
