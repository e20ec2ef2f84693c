import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { PlatformError } from '../../kernel/errors.ts';
import { probeEnv } from './child-env.ts';
import { startChild, type Env } from './child.ts';

/** The packages that trainers pin need it. */
const oldest = [3, 11] as const;

/** The first that is new enough is used; others than `python3` are for machines whose `python3` is older. */
const names = ['python3', 'python', 'python3.14', 'python3.13', 'python3.12', 'python3.11'];

export interface FoundPython {
  /** Of the program itself, where the given path leads to a script that starts one. */
  readonly path: string;
  /** '3.11.7' */
  readonly version: string;
  readonly from: 'MODELYARD_PYTHON' | 'PATH';
}

/**
 * Python: MODELYARD_PYTHON, else the first on the PATH that is new enough.
 * @throws PlatformError CONFIG_INVALID with each that was tried
 */
export async function findPython(env: Env): Promise<FoundPython> {
  const given = env['MODELYARD_PYTHON'] || undefined;
  const from = given === undefined ? 'PATH' : 'MODELYARD_PYTHON';
  const tried: string[] = [];
  for (const path of given === undefined ? await pythonsOnPath(env) : [given]) {
    const probed = await probe(path, env);
    if ('version' in probed) return { ...probed, from };
    tried.push(`${path} ${probed.fault}`);
  }
  const why =
    given === undefined && tried.length === 0 ? 'No python3 is on the PATH' : `Tried ${tried.join('; ')}`;
  throw new PlatformError('CONFIG_INVALID', {
    field: 'MODELYARD_PYTHON',
    value: given,
    remedy: `${why}: ${howToInstall}`,
  });
}

/** What to do without a Python. */
const howToInstall = `install Python ${oldest.join('.')} or newer with its module venv (on Debian: apt-get install python3 python3-venv), or set MODELYARD_PYTHON to its path.`;

const script = 'import sys, venv; print(".".join(map(str, sys.version_info[:3])), sys.executable)';

async function probe(
  path: string,
  env: Env,
): Promise<Pick<FoundPython, 'path' | 'version'> | { readonly fault: string }> {
  const { fault, lastLines } = await startChild(path, ['-E', '-s', '-c', script], { env: probeEnv(env) })
    .ended;
  const last = lastLines.at(-1) ?? '';
  if (fault !== undefined) return { fault: `does not start: ${last || fault}` };
  const [, version = '', executable] = /^(\d+\.\d+\.\d+) (.+)$/.exec(last) ?? [];
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isNew = major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
  if (executable === undefined) return { fault: `does not say its version: ${last}` };
  return isNew ? { path: executable, version } : { fault: `is Python ${version}` };
}

async function pythonsOnPath(env: Env): Promise<readonly string[]> {
  const paths = await Promise.all(names.map((name) => onPath(name, env)));
  return [...new Set(paths.filter((path) => path !== undefined))];
}

/** The path of a program; undefined if no folder of the PATH has it. */
export async function onPath(program: string, env: Env): Promise<string | undefined> {
  const file = process.platform === 'win32' ? `${program}.exe` : program;
  for (const folder of (env['PATH'] ?? '').split(delimiter).filter((each) => each !== '')) {
    const path = join(folder, file);
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return undefined;
}
