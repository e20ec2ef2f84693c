import type { Env } from './child.ts';

const plain = ['PATH', 'LANG', 'LC_ALL', 'LC_CTYPE', 'TZ', 'TMPDIR', 'SYSTEMROOT', 'LD_LIBRARY_PATH'];

/** What pip and uv need to reach an index, and to find what they downloaded before. */
const ofInstallers = /^(PIP_|UV_|(HTTPS?|ALL|NO)_PROXY$|SSL_CERT_|REQUESTS_CA_BUNDLE$|XDG_)/i;

/** The environment of pip and uv. */
export function installerEnv(env: Env): Env {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => [...plain, 'HOME'].includes(name) || ofInstallers.test(name)),
  );
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
