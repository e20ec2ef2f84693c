import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { PlatformError } from '../../kernel/errors.ts';
import { startChild, type Env } from './child.ts';

/** The packages that trainers pin need it. */
const oldest = [3, 11] as const;

/**
 * The path of Python: MODELYARD_PYTHON, else `python3` on the PATH.
 * @throws PlatformError CONFIG_INVALID if none is found, it does not start, or it is too old
 */
export async function findPython(env: Env): Promise<string> {
  const given = env['MODELYARD_PYTHON'] || undefined;
  const path = given ?? (await onPath('python3', env)) ?? (await onPath('python', env));
  if (path === undefined) throw unusable(undefined, 'No python3 is on the PATH');
  const args = ['-E', '-s', '-c', 'import sys, venv; print(*sys.version_info[:2], sys.executable)'];
  const { fault, lastLines } = await startChild(path, args, { env: { PATH: env['PATH'] } }).ended;
  const last = lastLines.at(-1) ?? '';
  if (fault !== undefined) throw unusable(path, `It does not start: ${last || fault}`);
  // The program itself, where the path leads to a script that starts one.
  const [, major, minor, executable] = /^(\d+) (\d+) (.+)$/.exec(last) ?? [];
  const version = [Number(major), Number(minor)] as const;
  const isNew = version[0] > oldest[0] || (version[0] === oldest[0] && version[1] >= oldest[1]);
  if (!isNew || executable === undefined) throw unusable(path, `It is Python ${version.join('.')}`);
  return executable;
}

/** The path of a program; undefined if no folder of the PATH has it. */
export async function onPath(program: string, env: Env): Promise<string | undefined> {
  const names = process.platform === 'win32' ? [`${program}.exe`] : [program];
  for (const folder of (env['PATH'] ?? '').split(delimiter).filter((each) => each !== ''))
    for (const name of names) {
      const path = join(folder, name);
      const isThere = await access(path, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (isThere) return path;
    }
  return undefined;
}

function unusable(value: string | undefined, why: string): PlatformError {
  return new PlatformError('CONFIG_INVALID', {
    field: 'MODELYARD_PYTHON',
    value,
    remedy: `${why}: install Python ${oldest.join('.')} or newer with its module venv (on Debian: apt-get install python3 python3-venv), or set MODELYARD_PYTHON to its path.`,
  });
}
