import { access } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Env } from './child.ts';

const plain = [
  'PATH',
  'PATHEXT',
  'TEMP',
  'TMP',
  'LANG',
  'LC_ALL',
  'LC_CTYPE',
  'TZ',
  'TMPDIR',
  'SYSTEMROOT',
  'LD_LIBRARY_PATH',
];

/** Programs such as pyenv start Python by their settings. */
const ofVersionManagers = /^(?:HOME|USERPROFILE|(?:PYENV|ASDF|MISE|CONDA)_[A-Z_]+)$/;

/** The environment of a Python that says its version. */
export function probeEnv(env: Env): Env {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => plain.includes(name) || ofVersionManagers.test(name)),
  );
}

const pipSettings =
  'INDEX_URL|EXTRA_INDEX_URL|NO_INDEX|FIND_LINKS|TRUSTED_HOST|CERT|CLIENT_CERT|PROXY|TIMEOUT|DEFAULT_TIMEOUT|RETRIES|KEYRING_PROVIDER|CONFIG_FILE|CACHE_DIR|NO_CACHE_DIR';
const uvSettings =
  'DEFAULT_INDEX|INDEX|INDEX_URL|EXTRA_INDEX_URL|INDEX_STRATEGY|INDEX_\\w+_(?:USERNAME|PASSWORD)|NO_INDEX|FIND_LINKS|INSECURE_HOST|NATIVE_TLS|SYSTEM_CERTS|OFFLINE|HTTP_TIMEOUT|KEYRING_PROVIDER|CONFIG_FILE|CACHE_DIR|NO_CACHE';
const network = '(?:HTTPS?|ALL|NO)_PROXY|SSL_CERT_(?:FILE|DIR)|SSL_CLIENT_CERT|REQUESTS_CA_BUNDLE|NETRC';

/** How pip and uv reach a package index, and where they keep downloads. Settings of what they install are left out. */
const ofInstallers = new RegExp(`^(?:PIP_(?:${pipSettings})|UV_(?:${uvSettings})|${network})$`, 'i');

/**
 * The environment of pip and uv: no credentials but those of the package index. They get a HOME of their own, so the user's
 * configuration files of both and their caches are passed by name, and for uv the machine's.
 */
export async function installerEnv(env: Env): Promise<Env> {
  const given = Object.entries(env).filter(([name]) => plain.includes(name) || ofInstallers.test(name));
  const userFolder = env['HOME'] || homedir();
  const config = [env['XDG_CONFIG_HOME'], join(userFolder, '.config'), env['APPDATA']];
  const caches = env['XDG_CACHE_HOME'] || env['LOCALAPPDATA'] || join(userFolder, '.cache');
  const [pip, uv] = await Promise.all([
    firstFile([
      ...config.flatMap((folder) =>
        folder ? [join(folder, 'pip', 'pip.conf'), join(folder, 'pip', 'pip.ini')] : [],
      ),
      join(userFolder, 'Library', 'Application Support', 'pip', 'pip.conf'),
      join(userFolder, '.pip', 'pip.conf'),
    ]),
    // With --no-config it does not look for the machine's file itself.
    firstFile([
      ...[...config, ...(env['XDG_CONFIG_DIRS'] || '/etc/xdg').split(delimiter), env['PROGRAMDATA']].flatMap(
        (folder) => (folder ? [join(folder, 'uv', 'uv.toml')] : []),
      ),
      '/etc/uv/uv.toml',
    ]),
  ]);
  return {
    PIP_CACHE_DIR: join(caches, 'pip'),
    UV_CACHE_DIR: join(caches, 'uv'),
    ...(pip !== undefined && { PIP_CONFIG_FILE: pip }),
    ...(uv !== undefined && { UV_CONFIG_FILE: uv }),
    ...Object.fromEntries(given),
  };
}

async function firstFile(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return undefined;
}

const threadCounts = [
  'OMP_NUM_THREADS',
  'OPENBLAS_NUM_THREADS',
  'MKL_NUM_THREADS',
  'NUMEXPR_NUM_THREADS',
  'VECLIB_MAXIMUM_THREADS',
];

/**
 * The environment of scripts and models: one thread, no credentials, and a user folder of their own, because libraries read
 * credentials there and write caches.
 */
export function modelEnv(env: Env, userFolder: string): Env {
  return {
    ...Object.fromEntries(Object.entries(env).filter(([name]) => plain.includes(name))),
    ...Object.fromEntries(threadCounts.map((name) => [name, '1'])),
    HOME: userFolder,
    MPLCONFIGDIR: userFolder,
    // A model must not look for a server, or report its use to one.
    MLFLOW_TRACKING_URI: `file://${userFolder}/mlruns`,
    MLFLOW_DISABLE_TELEMETRY: 'true',
    DO_NOT_TRACK: 'true',
  };
}

/** No variables of Python and no packages of the user; no bytecode beside our scripts, and output at once. */
export const pythonFlags: readonly string[] = ['-E', '-s', '-B', '-u'];
