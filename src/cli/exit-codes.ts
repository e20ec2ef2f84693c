import type { PlatformError } from '../kernel/errors.ts';

/** What the process ends with, for scripts. */
export const exitCodes = {
  0: 'done',
  1: 'failed: a task of the run failed, or what was asked for was refused',
  2: 'called wrongly: an unknown command or option, a value that is not allowed, no project or server here',
  3: 'try again: the server does not answer, the state is in use, or too many requests',
} as const;

export type ExitCode = keyof typeof exitCodes;

/** Errors that a later call may not meet. */
const passing: ReadonlySet<string> = new Set(['NOT_READY', 'STATE_LOCKED', 'RATE_LIMITED', 'LOG_UNWRITABLE']);

export function exitCodeOf({ code }: Pick<PlatformError, 'code'>): ExitCode {
  return code === 'CONFIG_INVALID' ? 2 : passing.has(code) ? 3 : 1;
}
