import type { Command, OptionSpec } from './command.ts';

/** The options of every command. */
export const globalOptions = {
  project: {
    kind: 'text',
    value: 'path',
    help: 'a folder with modelyard.config.ts, or the file itself (MODELYARD_PROJECT)',
  },
  state: { kind: 'text', value: 'folder', help: 'the folder for data, models and runs (MODELYARD_STATE)' },
  json: {
    kind: 'flag',
    help: 'print the result as one JSON document; everything else goes to standard error',
  },
  quiet: { kind: 'flag', help: 'print results and errors only' },
} as const satisfies Readonly<Record<string, OptionSpec>>;

const server = {
  kind: 'text',
  value: 'address',
  help: 'the server to use; MODELYARD_TOKEN is sent as its token (MODELYARD_SERVER)',
} as const satisfies OptionSpec;

/** The option of commands that load the project. */
export const setOption = {
  kind: 'repeated',
  value: 'name=value',
  help: 'a param of the project, before MODELYARD_PARAM_<NAME> and params.yaml; may be repeated',
} as const satisfies OptionSpec;

/** Every option of a command, without those of all commands. */
export function optionsOf({ needs, options }: Command): Readonly<Record<string, OptionSpec>> {
  return needs === 'project' || needs === 'server' ? { ...options, server } : options;
}
