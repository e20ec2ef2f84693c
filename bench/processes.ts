import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { processesBelow, type Usage, usageOf } from './process-usage.ts';

export interface ProgramOptions {
  readonly cwd?: string;
  /** Beside this process's own. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a program to its end. @returns what it printed on standard output. @throws Error with all it said when it fails */
export async function runProgram(
  command: string,
  words: readonly string[],
  options: ProgramOptions = {},
): Promise<{ readonly out: string }> {
  const { child, said } = start(command, words, options);
  let out = '';
  child.stdout?.on('data', (bytes) => (out += String(bytes)));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code === 0) return { out };
  throw new Error(`${command} ${words.join(' ')} ended with ${code}:\n${said()}`);
}

export interface ServerCommand extends ProgramOptions {
  readonly command: string;
  readonly words: readonly string[];
  /** Answers 200 when the server is ready. */
  readonly health: string;
}

export interface Server extends AsyncDisposable {
  /** From its start to the first answer 200, in seconds. */
  readonly startSeconds: number;
  /** Of the process and all below it. */
  usage(): Promise<Usage>;
}

const longestStart = 120_000;

/** Starts a server and waits for its health. Disposing of it ends it with every process below. @throws Error with what it said when it ends first */
export async function startServer({ command, words, health, ...options }: ServerCommand): Promise<Server> {
  const started = performance.now();
  const { child, said } = start(command, words, options);
  const { pid } = child;
  const closed = once(child, 'close');
  while (!(await isUp(health))) {
    if (child.exitCode !== null || performance.now() - started > longestStart) {
      await end(child, closed);
      throw new Error(`${command} ${words.join(' ')} did not start:\n${said()}`);
    }
    await pause(5);
  }
  return {
    startSeconds: (performance.now() - started) / 1000,
    usage: () => usageOf(pid ?? 0),
    [Symbol.asyncDispose]: () => end(child, closed),
  };
}

/** A port of this machine that nobody has just now. */
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
  readonly said: () => string;
}

function start(command: string, words: readonly string[], { cwd, env = {} }: ProgramOptions): Program {
  const child = spawn(command, words, {
    ...(cwd !== undefined && { cwd }),
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  child.on('error', (error) => said.push(error.message));
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (bytes) => said.push(String(bytes).slice(-2000)) > 50 && said.shift());
  return { child, said: () => said.join('') };
}

async function isUp(health: string): Promise<boolean> {
  try {
    return (await fetch(health)).status === 200;
  } catch {
    return false;
  }
}

/** Servers of Python leave the processes below them behind when they are killed: those are ended by their own ids. */
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
