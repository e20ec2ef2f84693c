import { join } from 'node:path';
import { PlatformError } from '../../kernel/errors.ts';
import { type Env, startChild } from './child.ts';
import { installerEnv, pythonFlags } from './child-env.ts';
import { findPython, onPath } from './find-python.ts';
import { parseRequirements } from './requirements.ts';

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
 * @throws PlatformError PROJECT_INVALID for a line that is no package; CONFIG_INVALID without Python; STEP_FAILED with the last lines of the installer
 */
export async function pythonWith(
  requirements: readonly string[],
  { env, scripts, cache }: EnvironmentDeps,
  { log, signal }: EnvironmentOptions = {},
): Promise<string> {
  signal?.throwIfAborted();
  const lines = parseRequirements(requirements, 'PROJECT_INVALID');
  const builds = allowsBuilds(env);
  const { path: python } = await findPython(env);
  const uv = await onPath('uv', env);
  const args = [...pythonFlags, join(scripts, 'environment.py'), cache, ...(uv ? [uv] : [])];
  const child = startChild(python, args, {
    env: {
      ...(await installerEnv(env)),
      MODELYARD_REQUIREMENTS: lines.join('\n'),
      ...(builds && { MODELYARD_PYTHON_BUILD: 'allow' }),
    },
    log,
  });
  // It stops the installer and removes its folder when its input closes.
  const stop = (): void => void child.process.stdin?.end();
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();
  const { fault, lastLines } = await child.ended;
  signal?.removeEventListener('abort', stop);
  signal?.throwIfAborted();
  const path = lastLines.at(-1);
  if (fault === undefined && path !== undefined) return path;
  throw new PlatformError('STEP_FAILED', {
    field: 'Python packages',
    value: lines.join(', '),
    remedy: `${uv ? 'uv' : 'pip'} could not install them (${fault})${builds ? '' : wheelsOnly}. Its last lines:\n${lastLines.join('\n')}`,
  });
}

const wheelsOnly = '; only wheels are installed, unless MODELYARD_PYTHON_BUILD is "allow"';

/** Whether packages may be built from source, which runs their code. @throws PlatformError CONFIG_INVALID */
function allowsBuilds({ MODELYARD_PYTHON_BUILD: value }: Env): boolean {
  if (!value) return false;
  if (value === 'allow') return true;
  throw new PlatformError('CONFIG_INVALID', {
    field: 'MODELYARD_PYTHON_BUILD',
    value,
    remedy: 'must be "allow" or not set',
  });
}
