import { PlatformError } from '../kernel/errors.ts';

export interface Config {
  /** @default 4310 */
  readonly port: number;
  /** The folder or file of the project; absent: the nearest modelyard.config.ts upwards. */
  readonly project: string | undefined;
  /** Absent: `.modelyard` beside the project file. */
  readonly state: string | undefined;
}

export interface Flags {
  readonly port?: string;
  readonly project?: string;
  readonly state?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads flags, and the environment where a flag is absent; nothing below `cli/` looks at `process.env`. */
export function readConfig(flags: Flags, env: Environment): Config {
  return {
    port:
      flags.port === undefined
        ? readPort('MODELYARD_PORT', env['MODELYARD_PORT'] ?? '4310')
        : readPort('--port', flags.port),
    project: flags.project ?? env['MODELYARD_PROJECT'],
    state: flags.state ?? env['MODELYARD_STATE'],
  };
}

/** 0 lets the system choose. */
function readPort(field: string, value: string): number {
  const port = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN;
  if (port >= 0 && port <= 65_535) return port;
  throw new PlatformError('CONFIG_INVALID', {
    field,
    value,
    remedy: 'Give a whole number from 0 to 65535; 0 takes a free port.',
  });
}
