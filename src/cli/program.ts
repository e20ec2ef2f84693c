import { Command as Parser, CommanderError } from 'commander';
import { PlatformError } from '../kernel/errors.ts';
import { type Command, type OptionSpec, optionName } from './command.ts';
import { globalOptions, optionsOf } from './options.ts';
import type { CommandContext } from './command-context.ts';
import { commands, groups } from './commands/table.ts';
import { type Flags, readConfig } from './config/config.ts';
import { type ExitCode, exitCodeOf, exitCodes } from './exit-codes.ts';
import { formatError } from './output/format-error.ts';
import { packageVersion } from './host/package-version.ts';
import type { Terminal } from './output/terminal.ts';

export interface ProgramOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly terminal: Terminal;
}

interface GlobalFlags extends Flags {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly server?: string;
}

/** Parses a command line and performs it. @returns the exit code */
export async function runProgram(argv: readonly string[], options: ProgramOptions): Promise<ExitCode> {
  const json = argv.includes('--json');
  let code: ExitCode = 0;
  let help = '';
  let running: Command | undefined;
  const writeOut = (text: string): void => {
    if (json) help += text;
    else options.terminal.out(text.trimEnd());
  };
  try {
    const root = parserOf(
      async (command, parser) => {
        running = command;
        code = await perform(command, inputOf(command, parser), {
          ...options,
          flags: parser.optsWithGlobals<GlobalFlags>(),
        });
      },
      { terminal: options.terminal, writeOut },
    );
    await root.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (help !== '') options.terminal.out(documentOf(help.trimEnd()));
    return report(error, { ...options, json, codes: running?.exitCodes ?? {} });
  }
}

type Action = (command: Command, parser: Parser) => Promise<void>;

/** The help or the version as one JSON document. */
function documentOf(text: string): string {
  const document = text === packageVersion() ? { version: text } : { help: text };
  return JSON.stringify(document, null, 2);
}

function parserOf(
  action: Action,
  { terminal, writeOut }: { readonly terminal: Terminal; readonly writeOut: (text: string) => void },
): Parser {
  const root = new Parser('modelyard')
    .description('From raw data to a monitored prediction: one typed project file, one process.')
    .version(packageVersion())
    .showHelpAfterError('(modelyard --help lists the commands)')
    .configureOutput({
      writeOut,
      writeErr: (text) => terminal.err(text),
    })
    .exitOverride()
    .addHelpText('after', section('Exit codes', Object.entries(exitCodes)));
  for (const [key, spec] of Object.entries(globalOptions)) addOption(root, key, spec);
  const parsers = new Map<string, Parser>([['', root]]);
  const parserAt = (path: string): Parser => {
    const existing = parsers.get(path);
    if (existing) return existing;
    const names = path.split(' ');
    const parser = parserAt(names.slice(0, -1).join(' ')).command(names.at(-1) ?? '');
    parsers.set(path, parser);
    return parser;
  };
  for (const [name, summary] of Object.entries(groups)) parserAt(name).description(summary);
  for (const command of commands) {
    const parser = parserAt(command.name).description(command.summary);
    for (const [name, { kind, help }] of Object.entries(command.arguments))
      parser.argument(argumentText(name, kind), help);
    for (const [key, spec] of Object.entries(optionsOf(command))) addOption(parser, key, spec);
    parser.addHelpText('after', helpAfter(command));
    parser.action(() => action(command, parser));
  }
  return root;
}

/** '[request]', '<runs...>' */
function argumentText(name: string, kind: Command['arguments'][string]['kind']): string {
  const dashed = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return kind === 'optional' ? `[${dashed}]` : `<${dashed}${kind === 'many' ? '...' : ''}>`;
}

function addOption(parser: Parser, key: string, spec: OptionSpec): void {
  const name = optionName(key, spec);
  if (spec.kind === 'flag' || spec.kind === 'off') parser.option(name, spec.help);
  else if (spec.kind === 'list') parser.option(`${name} <${spec.value}...>`, spec.help);
  else if (spec.kind === 'repeated') parser.option(`${name} <${spec.value}>`, spec.help, collect);
  else if (spec.kind === 'text') parser.option(`${name} <${spec.value}>`, spec.help);
  else parser.option(`${name} <${spec.value}>`, `${spec.help} (default: ${spec.default})`);
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function helpAfter({ notes, environment, examples }: Command): string {
  const paragraphs = notes.map((note) => `\n${note}\n`).join('');
  const variables = environment.length === 0 ? '' : section('Environment', environment);
  return `${paragraphs}${variables}\nExamples:\n${examples.map((example) => `  ${example}`).join('\n')}`;
}

function section(title: string, lines: readonly (readonly [string, string])[]): string {
  const width = Math.max(...lines.map(([name]) => name.length));
  return `\n${title}:\n${lines.map(([name, meaning]) => `  ${name.padEnd(width)}  ${meaning}`).join('\n')}\n`;
}

/** Values by the names of the command's arguments and options. @throws PlatformError CONFIG_INVALID */
function inputOf(command: Command, parser: Parser): Readonly<Record<string, unknown>> {
  const named = Object.keys(command.arguments).map((name, index) => [name, parser.processedArgs[index]]);
  const options = Object.entries(command.options).map(([key, spec]) => [key, valueOf(key, spec, parser)]);
  return Object.fromEntries([...named, ...options]) as Readonly<Record<string, unknown>>;
}

/** The parent command parses an option that it shares with this one, wherever it is written. */
function valueOf(key: string, spec: OptionSpec, parser: Parser): unknown {
  const given = [parser, parser.parent].find((each) => each?.getOptionValueSource(key) === 'cli');
  const value = given?.getOptionValue(key) as string | readonly string[] | boolean | undefined;
  if (spec.kind === 'flag') return value === true;
  if (spec.kind === 'off') return value !== false;
  if (spec.kind !== 'number') return value;
  return typeof value === 'string' ? wholeNumber(optionName(key, spec), value, spec) : spec.default;
}

function wholeNumber(
  field: string,
  text: string,
  { from, to }: { readonly from: number; readonly to: number },
): number {
  const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= from && number <= to) return number;
  const remedy = `must be a whole number from ${from} to ${to}`;
  throw new PlatformError('CONFIG_INVALID', { field, value: text, remedy });
}

interface Performing extends ProgramOptions {
  readonly flags: GlobalFlags;
}

/** Performs a command as the command line does. */
async function perform(
  command: Command,
  input: Readonly<Record<string, unknown>>,
  { flags, env, terminal: original }: Performing,
): Promise<ExitCode> {
  const { json = false, quiet = false, server, ...rest } = flags;
  const terminal = { ...original, quiet, ...(json && { out: (text: string) => original.err(`${text}\n`) }) };
  const config = readConfig(rest, env);
  const context: CommandContext = {
    config,
    env,
    terminal,
    json,
    connect: async ({ set = [], runs = false } = {}) => {
      const { connect } = await import('./connection.ts');
      return connect({ config, env, terminal, server, needs: command.needs, set, runs });
    },
    result: (value, text) => original.out(json ? JSON.stringify(value, null, 2) : text()),
  };
  return command.run(input, context);
}

interface Reporting extends ProgramOptions {
  readonly json: boolean;
  /** Of the command that ran, where they differ from those of all commands. */
  readonly codes: Command['exitCodes'];
}

/** Prints what went wrong. @throws errors that are bugs */
function report(error: unknown, { json, terminal, codes }: Reporting): ExitCode {
  const write = (document: object): void => {
    if (json) terminal.out(JSON.stringify(document, null, 2));
  };
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    write({ error: misuse(error).toJSON() });
    return 2;
  }
  if (!(error instanceof PlatformError)) {
    write({ error: internal(error).toJSON() });
    throw error;
  }
  write({ error: error.toJSON() });
  terminal.err(`${formatError(error, terminal)}\n`);
  return codes[error.code] ?? exitCodeOf(error);
}

function misuse({ code, message }: CommanderError): PlatformError {
  return new PlatformError('CONFIG_INVALID', {
    field: 'command line',
    value: code === 'commander.help' ? undefined : message.replace(/^error: /, ''),
    remedy: 'modelyard --help lists the commands.',
  });
}

function internal(error: unknown): PlatformError {
  return new PlatformError('INTERNAL', {
    field: 'modelyard',
    value: String(error),
    remedy: 'This is a bug in Modelyard: report it with the stack trace on standard error.',
  });
}
