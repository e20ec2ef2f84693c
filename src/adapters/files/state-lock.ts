import { randomUUID } from 'node:crypto';
import { readFile, readlink, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import Libsql from 'libsql';
import { z } from 'zod';
import { type Clock, systemClock } from '../../kernel/clock.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { createPrivateFile, ensureFolder, replaceFile, writing } from './durable.ts';
import { systemCode } from '../../kernel/system-code.ts';

/** The owner of a state folder. */
export interface LockInfo {
  /** For people: 'modelyard dev'. */
  readonly holder: string;
  /** @default systemClock */
  readonly now?: Clock;
}

const Owner = z.object({
  /** Unique for each lock. */
  id: z.string(),
  pid: z.number(),
  host: z.string(),
  /** The process namespace of `pid`; null if the system has none. */
  namespace: z.string().nullable(),
  since: z.number(),
  holder: z.string(),
});
type Owner = z.infer<typeof Owner>;

/**
 * Locks a state folder for this process until disposed of. The operating system holds the lock (`lock.db`, locked by
 * SQLite) and releases it when the process ends, however it ends and in whatever namespace. `lock` only names the owner.
 * @throws PlatformError STATE_LOCKED naming the owner; STATE_UNWRITABLE
 */
export async function openStateLock(folder: string, info: LockInfo): Promise<AsyncDisposable> {
  const path = join(folder, 'lock');
  const database = await writing(folder, async () => {
    await ensureFolder(folder);
    await createPrivateFile(join(folder, 'lock.db'));
    return acquire(join(folder, 'lock.db'));
  });
  if (!database) throw lockedBy(await readOwner(path), { path, namespace: await namespaceOf() });
  const owner: Owner = {
    id: randomUUID(),
    pid: process.pid,
    host: hostname(),
    namespace: await namespaceOf(),
    since: (info.now ?? systemClock)(),
    holder: info.holder,
  };
  try {
    await replaceFile(path, { temporaryFolder: folder, content: JSON.stringify(owner) });
  } catch (error) {
    database.close();
    throw error;
  }
  let isHeld = true;
  return {
    async [Symbol.asyncDispose]() {
      if (!isHeld) return;
      isHeld = false;
      // Nobody else can write the file while the lock is held.
      await rm(path, { force: true });
      database.close();
    },
  };
}

/** Nothing else may open the file: a process loses its lock when it closes any descriptor of the file. */
function acquire(file: string): Libsql.Database | undefined {
  const database = new Libsql(file, { timeout: 0 });
  try {
    database.exec('begin exclusive');
    return database;
  } catch (error) {
    database.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
}

function isBusy(error: unknown): boolean {
  return systemCode(error)?.startsWith('SQLITE_BUSY') === true;
}

async function readOwner(path: string): Promise<Owner | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  try {
    return Owner.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

async function namespaceOf(): Promise<string | null> {
  return readlink('/proc/self/ns/pid').catch(() => null);
}

function lockedBy(
  owner: Owner | undefined,
  { path, namespace }: { readonly path: string; readonly namespace: string | null },
): PlatformError {
  const elsewhere = 'or use another folder with --state.';
  if (!owner)
    return new PlatformError('STATE_LOCKED', {
      field: path,
      value: 'held by another process',
      remedy: `Stop it, ${elsewhere}`,
    });
  const { pid, host, since, holder } = owner;
  const isHere = host === hostname() && owner.namespace === namespace;
  const process = `process ${pid}${isHere ? '' : ` in another container or on another machine (${host})`}`;
  return new PlatformError('STATE_LOCKED', {
    field: path,
    value: `held by ${holder}, ${process}, since ${new Date(since).toISOString()}`,
    remedy: isHere ? `Stop it (kill ${pid}) ${elsewhere}` : `Stop it there, ${elsewhere}`,
  });
}
