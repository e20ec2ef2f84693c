import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { processesBelow, type Usage, usageOf } from './process-usage.ts';

export interface ProgramOptions {
  readonly cwd?: string;
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a program to its end. @returns its standard output. @throws Error with all its output if it fails */
export async function runProgram(
  command: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<{ readonly out: string }> {
  const { child, output } = start(command, args, options);
  let out = '';
  child.stdout?.on('data', (bytes) => (out += String(bytes)));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code === 0) return { out };
  throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${output()}`);
}

/** The JSON in the last line of a program's output: libraries print before it. */
export function lastLine<Result>(out: string): Result {
  return JSON.parse(out.trim().split('\n').at(-1) ?? '') as Result;
}

export interface ServerCommand extends ProgramOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** An address that returns 200 when the server is ready. */
  readonly health: string;
}

export interface Server extends AsyncDisposable {
  /** Seconds from the start to the first 200. */
  readonly startSeconds: number;
  /** Of the process and its descendants. */
  usage(): Promise<Usage>;
}

const longestStart = 120_000;

/** Starts a server and waits for its health. Disposal kills it and its descendants. @throws Error with its output if it does not start */
export async function startServer({ command, args, health, ...options }: ServerCommand): Promise<Server> {
  const started = performance.now();
  const { child, output } = start(command, args, options);
  const { pid } = child;
  const closed = once(child, 'close');
  while (!(await isUp(health))) {
    if (child.exitCode !== null || performance.now() - started > longestStart) {
      await end(child, closed);
      throw new Error(`${command} ${args.join(' ')} did not start:\n${output()}`);
    }
    await pause(5);
  }
  return {
    startSeconds: (performance.now() - started) / 1000,
    usage: () => usageOf(pid ?? 0),
    [Symbol.asyncDispose]: () => end(child, closed),
  };
}

/** A free port of this machine. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

interface Program {
  readonly child: ChildProcess;
  readonly output: () => string;
}

function start(command: string, args: readonly string[], { cwd, env = {} }: ProgramOptions): Program {
  const child = spawn(command, args, {
    ...(cwd !== undefined && { cwd }),
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  child.on('error', (error) => output.push(error.message));
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (bytes) => output.push(String(bytes).slice(-2000)) > 50 && output.shift());
  return { child, output: () => output.join('') };
}

async function isUp(health: string): Promise<boolean> {
  try {
    return (await fetch(health)).status === 200;
  } catch {
    return false;
  }
}

/** Python servers leave their child processes behind when they are killed, so each is killed by its id. */
async function end(child: ChildProcess, closed: Promise<unknown>): Promise<void> {
  const below = child.pid === undefined ? [] : await processesBelow(child.pid);
  for (const pid of below) kill(pid);
  await closed;
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
