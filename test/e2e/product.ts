import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const repository = fileURLToPath(new URL('../..', import.meta.url));
/** The built command line. */
export const productMain: string = join(repository, 'dist/cli/main.js');

export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
}

export async function temporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), 'modelyard-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) };
}

export interface Finished {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

interface ProductOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Standard input. @default empty */
  readonly input?: string;
  /** Closes standard output, as a reader that stops does. @default false */
  readonly closeOut?: boolean;
}

function start(args: readonly string[], options: ProductOptions): ChildProcess {
  const { cwd = tmpdir(), env = {}, input, closeOut = false } = options;
  const child = spawn(process.execPath, [productMain, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  child.stdin?.end(input);
  if (closeOut) child.stdout?.destroy();
  return child;
}

/** Runs the built command line to its end. */
export async function modelyard(args: readonly string[], options: ProductOptions = {}): Promise<Finished> {
  const { finished } = startModelyard(args, options);
  return finished;
}

export interface Started {
  readonly finished: Promise<Finished>;
  /** Calls back with each line of either output. */
  onLine(listener: (line: string) => void): void;
  /** Waits for a matching line, past or future. @throws if the process ends without one */
  readonly line: (pattern: RegExp) => Promise<string>;
  /** Every line so far. */
  readonly lines: readonly string[];
  kill(signal: NodeJS.Signals): void;
}

export function startModelyard(args: readonly string[], options: ProductOptions = {}): Started {
  const child = start(args, options);
  const listeners = new Set<(line: string) => void>();
  const lines: string[] = [];
  const texts = [options.closeOut ? null : child.stdout, child.stderr].map(async (stream) => {
    const printed: string[] = [];
    if (stream)
      for await (const line of createInterface({ input: stream })) {
        printed.push(line);
        lines.push(line);
        for (const listener of listeners) listener(line);
      }
    return printed.join('\n');
  });
  const finished = (async (): Promise<Finished> => {
    const [code] = (await once(child, 'close')) as [number | null];
    const [out = '', err = ''] = await Promise.all(texts);
    return { code, out, err };
  })();
  return {
    finished,
    lines,
    onLine: (listener) => void listeners.add(listener),
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (line: string): void => {
          if (!pattern.test(line)) return;
          listeners.delete(look);
          resolve(line);
        };
        listeners.add(look);
        for (const line of lines) look(line);
        finished.then(
          ({ code, out, err }) =>
            reject(new Error(`ended with ${code} before ${String(pattern)}:\n${out}\n${err}`)),
          reject,
        );
      }),
    kill: (signal) => void child.kill(signal),
  };
}

export interface Dev extends Pick<Started, 'line' | 'lines'>, AsyncDisposable {
  readonly url: string;
  stop(signal?: NodeJS.Signals): Promise<Finished>;
}

/** Starts `modelyard dev` on a free port and waits until it answers. */
export async function startDev(args: readonly string[], options: ProductOptions = {}): Promise<Dev> {
  const started = startModelyard(['dev', '--port', '0', ...args], options);
  const { line, lines } = started;
  const address = await line(/http:\/\/127\.0\.0\.1:\d+\/projects\//);
  return {
    url: /http:\/\/127\.0\.0\.1:\d+/.exec(address)?.[0] ?? '',
    line,
    lines,
    async stop(signal = 'SIGINT') {
      started.kill(signal);
      return started.finished;
    },
    async [Symbol.asyncDispose]() {
      started.kill('SIGKILL');
      await started.finished;
    },
  };
}
