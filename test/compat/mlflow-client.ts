import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../e2e/product.ts';

const python = process.env['MODELYARD_COMPAT_PYTHON'];

/** Whether there is no Python to run MLflow's client in. */
export const withoutPython = python === undefined;
export const whyWithoutPython = withoutPython
  ? ' (skipped: MODELYARD_COMPAT_PYTHON names no Python with mlflow)'
  : '';

export interface ScriptOptions {
  /** Where the server answers: MLFLOW_TRACKING_URI. */
  readonly url: string;
  /** What the script reads as JSON on its standard input. @default nothing */
  readonly input?: unknown;
  readonly env?: Readonly<Record<string, string>>;
  /** A line of the script's output, as it comes. What it returns is written to the script as a line. */
  readonly onLine?: (line: string) => Promise<string | undefined> | undefined;
}

/**
 * Runs a script of this folder with MLflow's own client, in an empty folder.
 * @returns what the script wrote last, a line of JSON
 * @throws Error with all that it wrote, when it fails or takes more than four minutes
 */
export async function runScript<Answer>(script: string, options: ScriptOptions): Promise<Answer> {
  await using folder = await temporaryFolder();
  const child = spawn(python ?? '', [fileURLToPath(new URL(script, import.meta.url))], {
    cwd: folder.path,
    env: { ...withoutMlflow(process.env), ...quiet, MLFLOW_TRACKING_URI: options.url, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: 240_000,
    killSignal: 'SIGKILL',
  });
  const said: string[] = [];
  child.stderr.on('data', (bytes) => said.push(String(bytes)));
  const closed = once(child, 'close');
  if (options.input !== undefined) child.stdin.write(`${JSON.stringify(options.input)}\n`);
  if (!options.onLine) child.stdin.end();
  const last = await lastLine(child, options);
  const [code] = (await closed) as [number | null];
  if (code !== 0) throw new Error(`${script} ended with ${code}:\n${last}\n${said.join('')}`);
  return JSON.parse(last) as Answer;
}

/** What a developer set for a server of theirs must not reach the script. */
function withoutMlflow(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('MLFLOW_')));
}

/** No progress bars, no links, and nothing sent to anybody. */
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
    const answer = await onLine?.(line);
    if (answer !== undefined) stdin?.write(`${answer}\n`);
  }
  return last;
}
