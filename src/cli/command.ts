import type { ErrorCode } from '../kernel/errors.ts';
import type { CommandContext } from './command-context.ts';
import type { ExitCode } from './exit-codes.ts';

/**
 * What a command works on. `project`: the project here, or the one that a server hosts. `server`: a server, else the
 * state that `modelyard server` has here. `state`: it opens the state itself. `nothing`: neither.
 */
export type Needs = 'nothing' | 'project' | 'server' | 'state';

export interface ArgumentSpec {
  readonly kind: 'required' | 'optional' | 'many';
  readonly help: string;
}

export type OptionSpec =
  | { readonly kind: 'flag'; readonly help: string }
  /** Written `--no-name`; true unless it is given. */
  | { readonly kind: 'off'; readonly help: string }
  | { readonly kind: 'text'; readonly value: string; readonly help: string }
  /** May be given more than once, and takes several values. */
  | { readonly kind: 'list'; readonly value: string; readonly help: string }
  /** May be given more than once, with one value each time. */
  | { readonly kind: 'repeated'; readonly value: string; readonly help: string }
  | {
      readonly kind: 'number';
      readonly value: string;
      readonly help: string;
      readonly from: number;
      readonly to: number;
      readonly default: number;
    };

type Arguments = Readonly<Record<string, ArgumentSpec>>;
type Options = Readonly<Record<string, OptionSpec>>;

type ArgumentValue<Spec extends ArgumentSpec> = Spec['kind'] extends 'required'
  ? string
  : Spec['kind'] extends 'many'
    ? readonly string[]
    : string | undefined;

type OptionValue<Spec extends OptionSpec> = Spec['kind'] extends 'flag' | 'off'
  ? boolean
  : Spec['kind'] extends 'number'
    ? number
    : Spec['kind'] extends 'list' | 'repeated'
      ? readonly string[] | undefined
      : string | undefined;

/** What a command is called with, from its arguments and options. */
export type InputOf<Args extends Arguments, Opts extends Options> = {
  readonly [Name in keyof Args]: ArgumentValue<Args[Name]>;
} & { readonly [Name in keyof Opts]: OptionValue<Opts[Name]> };

export interface CommandSpec<Args extends Arguments, Opts extends Options> {
  /** Words as they are typed: 'runs move'. */
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  readonly needs: Needs;
  readonly arguments?: Args;
  /** By name in camel case: `orderBy` is `--order-by`. */
  readonly options?: Opts;
  /** Whether it deletes something: it then has the options of `removal`. */
  readonly removes?: boolean;
  readonly examples: readonly string[];
  /** Paragraphs between the options and the examples. */
  readonly notes?: readonly string[];
  /** Variables of the environment that it reads. */
  readonly environment?: readonly (readonly [name: string, meaning: string])[];
  /** Exit codes of errors that mean something else for this command. */
  readonly exitCodes?: Readonly<Partial<Record<ErrorCode, ExitCode>>>;
  run(input: InputOf<Args, Opts>, context: CommandContext): Promise<ExitCode>;
}

/** A command as data: parsing, help, completion and its connection all come from it. */
export interface Command extends Required<
  Pick<CommandSpec<Arguments, Options>, 'name' | 'summary' | 'needs' | 'arguments' | 'options' | 'examples'>
> {
  readonly removes: boolean;
  readonly notes: readonly string[];
  readonly environment: readonly (readonly [name: string, meaning: string])[];
  readonly exitCodes: Readonly<Partial<Record<ErrorCode, ExitCode>>>;
  run(input: Readonly<Record<string, unknown>>, context: CommandContext): Promise<ExitCode>;
}

/**
 * Declares a command. Its file is read for `--help`, so it imports what is heavy when it runs.
 * @example defineCommand({ name: 'models', summary: 'list versions', needs: 'project', examples: ['modelyard models'], run })
 */
export function defineCommand<
  const Args extends Arguments = Readonly<Record<never, ArgumentSpec>>,
  const Opts extends Options = Readonly<Record<never, OptionSpec>>,
>(spec: CommandSpec<Args, Opts>): Command {
  return {
    arguments: {},
    removes: false,
    notes: [],
    environment: [],
    options: {},
    exitCodes: {},
    ...spec,
    run: (input, context) => spec.run(input as InputOf<Args, Opts>, context),
  };
}

/** The options of a command that deletes something. */
export const removal = {
  dryRun: { kind: 'flag', help: 'only list what would be removed' },
  yes: { kind: 'flag', help: 'remove without asking; required without a terminal' },
} as const satisfies Options;

/** 'orderBy' is '--order-by'. */
export function optionName(key: string, { kind }: OptionSpec): string {
  const name = key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return kind === 'off' ? `--no-${name}` : `--${name}`;
}
