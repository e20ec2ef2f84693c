import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { isAlive } from '../../kernel/is-alive.ts';

const ServerInfo = z.object({
  pid: z.int().positive(),
  startedAt: z.number(),
  url: z.url(),
  /** Absent: it serves tracking and registry. */
  project: z.string().optional(),
});

/** Where a running server of this state answers. */
export type ServerInfo = z.infer<typeof ServerInfo>;

const nameOf = (stateFolder: string): string => join(stateFolder, 'server.json');

/** Says where this server answers, for as long as it is not disposed of. */
export async function announceServer(stateFolder: string, info: ServerInfo): Promise<AsyncDisposable> {
  await writeFile(nameOf(stateFolder), `${JSON.stringify(info)}\n`, { mode: 0o600 });
  return { [Symbol.asyncDispose]: () => rm(nameOf(stateFolder), { force: true }) };
}

/**
 * The server that has this state open, if it responds. The file of a killed server does not count, also if another
 * program listens at its address.
 */
export async function findServer(stateFolder: string): Promise<ServerInfo | undefined> {
  const text = await readFile(nameOf(stateFolder), 'utf8').catch(() => '');
  const info = ServerInfo.safeParse(parsed(text));
  if (!info.success || !isAlive(info.data.pid)) return undefined;
  const alive = await fetch(`${info.data.url}/health`, { signal: AbortSignal.timeout(2000) }).then(
    (response) => response.ok,
    () => false,
  );
  return alive ? info.data : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
