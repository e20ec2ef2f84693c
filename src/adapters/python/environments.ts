import { join } from 'node:path';
import { PlatformError } from '../../kernel/errors.ts';
import { type Env, startChild } from './child.ts';
import { installerEnv, pythonFlags } from './child-env.ts';
import { findPython, onPath } from './find-python.ts';

export interface EnvironmentDeps {
  /** The environment of this process. */
  readonly env: Env;
  /** The folder of Modelyard's Python scripts. */
  readonly scripts: string;
  /** Environments are made here. */
  readonly cache: string;
}

export interface EnvironmentOptions {
  /** Called for each line that the installer prints. */
  readonly log?: ((line: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The path of a Python with these requirements. It is made once for all processes of this user; the Python that was found is
 * used as it is if it has exactly these versions.
 * @throws PlatformError CONFIG_INVALID without Python; STEP_FAILED with the last lines of the installer
 */
export async function pythonWith(
  requirements: readonly string[],
  { env, scripts, cache }: EnvironmentDeps,
  { log, signal }: EnvironmentOptions = {},
): Promise<string> {
  signal?.throwIfAborted();
  const lines = requirementLines(requirements);
  const python = await findPython(env);
  const uv = await onPath('uv', env);
  const args = [...pythonFlags, join(scripts, 'environment.py'), cache, ...(uv ? [uv] : [])];
  const child = startChild(python, args, {
    env: { ...installerEnv(env), MODELYARD_REQUIREMENTS: lines.join('\n') },
    log,
    signal,
  });
  const { fault, lastLines } = await child.ended;
  signal?.throwIfAborted();
  const path = lastLines.at(-1);
  if (fault === undefined && path !== undefined) return path;
  throw new PlatformError('STEP_FAILED', {
    field: 'Python packages',
    value: lines.join(', '),
    remedy: `${uv ? 'uv' : 'pip'} could not install them (${fault}). Its last lines:\n${lastLines.join('\n')}`,
  });
}

/** Without comments and empty lines, in order of text, so that the same packages are the same environment. */
function requirementLines(requirements: readonly string[]): readonly string[] {
  return [...new Set(requirements.map((line) => line.replace(/(^|\s)#.*$/, '').trim()))]
    .filter((line) => line !== '')
    .toSorted();
}
