import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openPython } from '../../adapters/python/python.ts';
import type { Python } from '../../project/python.ts';

/** The scripts of the package, which are beside `src` and `dist`. */
const scripts = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', 'python');

/** Python of this machine. Environments are cached for the user, or in the folder MODELYARD_PYTHON_CACHE. */
export function pythonOf(env: Readonly<Record<string, string | undefined>>): Python {
  return openPython({ env, scripts, cache: pythonCache(env) });
}

/** The folder of the environments. */
export function pythonCache(env: Readonly<Record<string, string | undefined>>): string {
  const userCache = env['XDG_CACHE_HOME'] || env['LOCALAPPDATA'] || join(env['HOME'] || homedir(), '.cache');
  return env['MODELYARD_PYTHON_CACHE'] || join(userCache, 'modelyard', 'python');
}
