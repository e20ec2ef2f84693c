import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findPython, onPath } from '../../adapters/python/find-python.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { formatBytes } from '../../kernel/units.ts';
import type { Finding } from './examine.ts';
import { pythonCache } from '../host/python.ts';

/** Which Python would run models, what installs their packages, and where. Without Python, everything else works. */
export async function pythonFindings(
  env: Readonly<Record<string, string | undefined>>,
): Promise<readonly Finding[]> {
  const cache = pythonCache(env);
  try {
    const { path, version, from } = await findPython(env);
    const uv = await onPath('uv', env);
    const source = from === 'PATH' ? 'on the PATH' : 'of MODELYARD_PYTHON';
    return [
      { what: 'python', good: true, found: `${version} ${source} (${path}), packages by ${uv ?? 'pip'}` },
      { what: 'python packages', good: true, found: await environmentsIn(cache) },
    ];
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    const isSet = Boolean(env['MODELYARD_PYTHON']);
    const what = isSet ? '' : 'none, which only sklearn(), xgboost(), lightgbm() and external() need. ';
    return [{ what: 'python', good: !isSet, found: `${what}${error.detail.remedy}` }];
  }
}

/** '3 environments, 1.2 GB, in /home/me/.cache/modelyard/python' */
async function environmentsIn(cache: string): Promise<string> {
  const entries = await readdir(cache, { withFileTypes: true }).catch(() => []);
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  if (folders.length === 0) return `no environments yet, in ${cache}`;
  let bytes = 0;
  for (const folder of folders) bytes += await sizeOf(join(cache, folder));
  const count = folders.length === 1 ? '1 environment' : `${folders.length} environments`;
  return `${count}, ${formatBytes(bytes)}, in ${cache}`;
}

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const path = join(folder, entry.name);
    bytes += entry.isDirectory()
      ? await sizeOf(path)
      : await lstat(path).then(
          ({ size }) => size,
          () => 0,
        );
  }
  return bytes;
}
