import type { Config } from '../config.ts';
import type { Terminal } from '../terminal.ts';

/** What every command is given. */
export interface CommandContext {
  readonly config: Config;
  readonly env: NodeJS.ProcessEnv;
  readonly terminal: Terminal;
  /** Results as JSON for a program to read. */
  readonly json: boolean;
}

/** The exit code of a command. */
export type ExitCode = 0 | 1 | 2;
