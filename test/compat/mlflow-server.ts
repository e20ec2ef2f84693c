import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startModelyard, temporaryFolder } from '../e2e/product.ts';

export interface MlflowServer extends AsyncDisposable {
  /** Unchanged by `restart`. */
  readonly url: string;
  /** The folder of its state. */
  readonly state: string;
  /** The peak memory of its process, in megabytes. */
  peakMemory(): Promise<number>;
  /** Kills it as a crash would. */
  kill(): void;
  /** Starts it again with its data, at the same address. */
  restart(): Promise<void>;
}

/** Starts the built `modelyard server` in an empty folder. @param env added to this process's environment */
export async function startServer(env: Readonly<Record<string, string>> = {}): Promise<MlflowServer> {
  const folder = await temporaryFolder();
  const state = join(folder.path, 'state');
  const start = (port: string) => startModelyard(['server', '--state', state, '--port', port], { env });
  let started = start('0');
  const url = addressIn(await started.line(listening));
  return {
    url,
    state,
    async peakMemory() {
      const { pid } = JSON.parse(await readFile(join(state, 'lock'), 'utf8')) as { readonly pid: number };
      const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? [];
      return Number(kilobytes) / 1024;
    },
    kill: () => started.kill('SIGKILL'),
    async restart() {
      await started.finished;
      started = start(new URL(url).port);
      await started.line(listening);
    },
    async [Symbol.asyncDispose]() {
      started.kill('SIGKILL');
      await started.finished;
      await folder[Symbol.asyncDispose]();
    },
  };
}

const listening = /"msg":"listening"/;

function addressIn(line: string): string {
  return (JSON.parse(line) as { readonly url: string }).url;
}
