import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const repository = fileURLToPath(new URL('../..', import.meta.url));
const main = join(repository, 'dist/cli/main.js');

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
}

function start(args: readonly string[], { cwd = tmpdir(), env = {} }: ProductOptions): ChildProcess {
  return spawn(process.execPath, [main, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Runs the built command line to its end. */
export async function modelyard(args: readonly string[], options: ProductOptions = {}): Promise<Finished> {
  const { finished } = startModelyard(args, options);
  return finished;
}

export interface Started {
  readonly finished: Promise<Finished>;
  /** A line of either output, as it comes. */
  onLine(listener: (line: string) => void): void;
  kill(signal: NodeJS.Signals): void;
}

export function startModelyard(args: readonly string[], options: ProductOptions = {}): Started {
  const child = start(args, options);
  const listeners: ((line: string) => void)[] = [];
  const texts = [child.stdout, child.stderr].map(async (stream) => {
    const lines: string[] = [];
    if (stream)
      for await (const line of createInterface({ input: stream })) {
        lines.push(line);
        for (const listener of listeners) listener(line);
      }
    return lines.join('\n');
  });
  const finished = (async (): Promise<Finished> => {
    const [code] = (await once(child, 'close')) as [number | null];
    const [out = '', err = ''] = await Promise.all(texts);
    return { code, out, err };
  })();
  return {
    finished,
    onLine: (listener) => void listeners.push(listener),
    kill: (signal) => void child.kill(signal),
  };
}

export interface Dev extends AsyncDisposable {
  readonly url: string;
  /** Waits for a line that matches, of those that came or will come. @throws when the process ends without it */
  line(pattern: RegExp): Promise<string>;
  /** Every line so far. */
  readonly lines: readonly string[];
  stop(signal?: NodeJS.Signals): Promise<Finished>;
}

/** Starts `modelyard dev` on a free port and waits until it answers. */
export async function startDev(args: readonly string[], options: ProductOptions = {}): Promise<Dev> {
  const started = startModelyard(['dev', '--port', '0', ...args], options);
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  started.onLine((line) => {
    lines.push(line);
    for (const look of waiting) look();
  });
  const line = (pattern: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = lines.find((each) => pattern.test(each));
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
      started.finished.then(
        ({ code, out, err }) =>
          reject(new Error(`ended with ${code} before ${String(pattern)}:\n${out}\n${err}`)),
        reject,
      );
    });
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
