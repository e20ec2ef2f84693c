import type { Duration } from '../../kernel/units.ts';

/** How a declaration's task runs. */
export interface RunOptions {
  /** How long it may run before it is stopped and fails. @default no limit */
  readonly timeout?: Duration;
  /** Further attempts after a failure, with growing waits. @default 0 */
  readonly retries?: number;
  /** What it needs of a machine. @default no limits */
  readonly resources?: {
    readonly cpu?: number;
    readonly memory?: `${number}${'Mi' | 'Gi'}`;
    readonly gpu?: number;
  };
  /** 'always' runs it in every run, 'frozen' never again. @default 'changed': when its code, params or inputs change */
  readonly rerun?: 'changed' | 'always' | 'frozen';
}

/** The run options among the options of a declaration. */
export function runOptionsOf({ timeout, retries, resources, rerun }: RunOptions): RunOptions {
  return {
    ...(timeout !== undefined && { timeout }),
    ...(retries !== undefined && { retries }),
    ...(resources !== undefined && { resources }),
    ...(rerun !== undefined && { rerun }),
  };
}
