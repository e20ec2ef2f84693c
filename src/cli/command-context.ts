import type { Config } from './config/config.ts';
import type { Connection } from './connection.ts';
import type { Terminal } from './output/terminal.ts';

export interface ConnectOptions {
  /** Params of the project, each 'name=value'. @default none */
  readonly set?: readonly string[] | undefined;
  /** Whether the command runs the project. @default false */
  readonly runs?: boolean;
}

/** What every command is given. */
export interface CommandContext {
  readonly config: Config;
  readonly env: NodeJS.ProcessEnv;
  readonly terminal: Terminal;
  /** Whether a program reads the result: one JSON document on standard output, everything else on standard error. */
  readonly json: boolean;
  /** The operations of the project or server that the command works on. @throws PlatformError CONFIG_INVALID if there is neither */
  readonly connect: (options?: ConnectOptions) => Promise<Connection>;
  /** Writes what the command is called for: the value as JSON, or its text. */
  readonly result: (value: unknown, text: () => string) => void;
}
