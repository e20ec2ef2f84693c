import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../e2e/product.ts';

const python = process.env['MODELYARD_COMPAT_PYTHON'];

/** Whether there is no Python for MLflow's client. */
export const withoutPython = python === undefined;
export const whyWithoutPython = withoutPython
  ? ' (skipped: MODELYARD_COMPAT_PYTHON names no Python with mlflow)'
  : '';

/** Settings with which Modelyard uses the same Python. @param folder for its environments and temporary files */
export function pythonSettings(folder: string): Readonly<Record<string, string>> {
  return {
    MODELYARD_PYTHON: python ?? '',
    MODELYARD_PYTHON_CACHE: join(folder, 'python'),
    TMPDIR: folder,
  };
}

export interface ScriptOptions {
  /** The server's address: MLFLOW_TRACKING_URI. */
  readonly url: string;
  /** The script's standard input, as JSON. @default nothing */
  readonly input?: unknown;
  readonly env?: Readonly<Record<string, string>>;
  /** Called with each line of the script's output. A returned value is written to the script as a line. */
  readonly onLine?: (line: string) => Promise<string | undefined> | undefined;
}

/**
 * Runs a script of this folder with MLflow's own client, in an empty folder.
 * @returns the script's last line, parsed as JSON
 * @throws Error with all its output if it fails or takes more than four minutes
 */
export async function runScript<Result>(script: string, options: ScriptOptions): Promise<Result> {
  await using folder = await temporaryFolder();
  const child = spawn(python ?? '', [fileURLToPath(new URL(script, import.meta.url))], {
    cwd: folder.path,
    env: { ...withoutMlflow(process.env), ...quiet, MLFLOW_TRACKING_URI: options.url, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: 240_000,
    killSignal: 'SIGKILL',
  });
  const output: string[] = [];
  child.stderr.on('data', (bytes) => output.push(String(bytes)));
  const closed = once(child, 'close');
  if (options.input !== undefined) child.stdin.write(`${JSON.stringify(options.input)}\n`);
  if (!options.onLine) child.stdin.end();
  const last = await lastLine(child, options);
  const [code] = (await closed) as [number | null];
  if (code !== 0) throw new Error(`${script} ended with ${code}:\n${last}\n${output.join('')}`);
  return JSON.parse(last) as Result;
}

/** Removes a developer's own settings for a server from the script's environment. */
function withoutMlflow(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('MLFLOW_')));
}

/** No progress bars, no links, no telemetry. */
const quiet = {
  MLFLOW_DISABLE_TELEMETRY: 'true',
  MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR: 'false',
  MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT: 'true',
  GIT_PYTHON_REFRESH: 'quiet',
  MPLBACKEND: 'agg',
  PYTHONUNBUFFERED: '1',
} as const;

async function lastLine({ stdin, stdout }: ChildProcess, { onLine }: ScriptOptions): Promise<string> {
  let last = '';
  if (!stdout) return last;
  for await (const line of createInterface({ input: stdout })) {
    last = line;
    const reply = await onLine?.(line);
    if (reply !== undefined) stdin?.write(`${reply}\n`);
  }
  return last;
}
