import type { PlatformError } from '../kernel/errors.ts';

/** Exit codes of the process, for scripts. */
export const exitCodes = {
  0: 'done',
  1: 'failed: a task of the run failed, the run was stopped, or the request was refused, such as for an unknown name or a port in use',
  2: 'wrong usage: an unknown command or option, an invalid value, or no project or server here',
  3: 'try again: the server does not respond, the state is in use, or the rate limit is reached',
} as const;

export type ExitCode = keyof typeof exitCodes;

/** Errors that may be gone when the command is tried again. */
const passing: ReadonlySet<string> = new Set([
  'NOT_READY',
  'STATE_LOCKED',
  'RATE_LIMITED',
  'LOG_UNWRITABLE',
  'MODEL_BUSY',
]);

export function exitCodeOf({ code }: Pick<PlatformError, 'code'>): ExitCode {
  return code === 'CONFIG_INVALID' || code === 'CHOICE_NEEDED' ? 2 : passing.has(code) ? 3 : 1;
}
