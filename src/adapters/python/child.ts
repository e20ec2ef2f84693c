import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { drainOutput } from '../../kernel/drain-output.ts';
import { killGroup } from '../../kernel/kill-group.ts';

/** Variables of the environment. */
export type Env = Readonly<Record<string, string | undefined>>;

export interface ChildOptions {
  readonly env: Env;
  /** @default the system's temporary folder of this process */
  readonly cwd?: string;
  /** Called for each line of its output. */
  readonly log?: ((line: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How a process ended, and the last lines that it printed. */
export interface Ended {
  /** 'exit code 1', 'SIGKILL', or why it did not start; undefined for success. */
  readonly fault: string | undefined;
  readonly lastLines: readonly string[];
}

export interface Child {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  kill(): void;
  /** Lets this process end before it. */
  unref(): void;
  /** Lets it keep this process alive again. */
  ref(): void;
}

/** How many lines of the output an error has. */
const mostLines = 20;

/**
 * Starts a process that leads its own group, so that all of it can be killed. Its input stays open as long as this process
 * lives; scripts of ours end when it closes.
 */
export function startChild(path: string, args: readonly string[], options: ChildOptions): Child {
  const { env, cwd, log, signal } = options;
  const child = spawn(path, args, { env, cwd, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => {});
  const kill = (): void => killGroup(child);
  signal?.addEventListener('abort', kill, { once: true });
  const lastLines: string[] = [];
  const onLine = (line: string): void => {
    lastLines.push(line);
    if (lastLines.length > mostLines) lastLines.shift();
    log?.(line);
  };
  const lines = [child.stdout, child.stderr].map((stream) => readLines(stream, onLine));
  const ended = new Promise<string | undefined>((resolve) => {
    child.once('error', ({ message }) => resolve(message));
    child.once('exit', (code, killedBy) =>
      resolve(code === 0 ? undefined : (killedBy ?? `exit code ${code}`)),
    );
  }).then(async (fault): Promise<Ended> => {
    signal?.removeEventListener('abort', kill);
    // What it left running in its group would keep the output open.
    kill();
    await drainOutput(lines, [child.stdout, child.stderr]);
    return { fault, lastLines };
  });
  if (signal?.aborted) kill();
  const streams = [child.stdin, child.stdout, child.stderr].map((stream) => stream as Socket);
  const unref = (): void => {
    child.unref();
    for (const stream of streams) stream.unref();
  };
  const ref = (): void => {
    child.ref();
    for (const stream of streams) stream.ref();
  };
  return { process: child, ended, kill, unref, ref };
}

async function readLines(stream: Readable, onLine: (line: string) => void): Promise<void> {
  for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) onLine(line);
}
