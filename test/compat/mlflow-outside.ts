import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { temporaryFolder } from '../e2e/product.ts';

export interface OutsideServer extends AsyncDisposable {
  /** Unchanged by `restart`. */
  readonly url: string;
  /** The folder with 'outside.db' and 'artifacts'. */
  readonly folder: string;
  /** Kills it and its child processes, as a crash would. */
  kill(): Promise<void>;
  /** Starts it again with its data, at the same address. */
  restart(): Promise<void>;
}

/** Starts MLflow's own server in an empty folder. @throws Error with its output if it does not answer in a minute */
export async function startOutside(python: string): Promise<OutsideServer> {
  const folder = await temporaryFolder();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const start = async (): Promise<ChildProcess> => {
    const child = spawn(python, commandOf(folder.path, port), {
      cwd: folder.path,
      env: { ...process.env, MLFLOW_DISABLE_TELEMETRY: 'true', MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false' },
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    });
    const output: string[] = [];
    child.stderr?.on('data', (bytes) => output.push(String(bytes)));
    await answering(url, output);
    return child;
  };
  let running = await start();
  const kill = async (): Promise<void> => {
    if (running.exitCode !== null || running.signalCode !== null || running.pid === undefined) return;
    const closed = once(running, 'exit');
    process.kill(-running.pid, 'SIGKILL');
    await closed;
  };
  return {
    url,
    folder: folder.path,
    kill,
    async restart() {
      running = await start();
    },
    async [Symbol.asyncDispose]() {
      await kill();
      await folder[Symbol.asyncDispose]();
    },
  };
}

function commandOf(folder: string, port: number): readonly string[] {
  return [
    ...'-m mlflow server --workers 1 --host 127.0.0.1 --port'.split(' '),
    String(port),
    '--backend-store-uri',
    `sqlite:///${join(folder, 'outside.db')}`,
    '--artifacts-destination',
    join(folder, 'artifacts'),
  ];
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function answering(url: string, output: readonly string[]): Promise<void> {
  const end = Date.now() + 60_000;
  while (Date.now() < end) {
    const response = await fetch(`${url}/health`).catch(() => undefined);
    if (response?.ok) return;
    await pause(100);
  }
  throw new Error(`MLflow's server does not answer:\n${output.join('')}`);
}
