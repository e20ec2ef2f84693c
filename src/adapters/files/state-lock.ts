import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type Clock, systemClock } from '../../kernel/clock.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { ensureFolder, systemCode, writeSynced, writing } from './durable.ts';

/** Who has a state folder. */
export interface LockInfo {
  /** For people: 'modelyard dev'. */
  readonly holder: string;
  /** @default systemClock */
  readonly now?: Clock;
}

const Owner = z.object({
  /** Of one holding: no two locks have the same. */
  id: z.string(),
  pid: z.number(),
  /** When its process started, in the system's own count: tells a process from a later one of the same number. */
  started: z.string().nullable(),
  since: z.number(),
  holder: z.string(),
});
type Owner = z.infer<typeof Owner>;

/**
 * Takes a state folder for this process until disposed of. A lock whose process is gone is taken over.
 * @throws PlatformError STATE_LOCKED naming the process that has it; STATE_UNWRITABLE
 */
export async function openStateLock(folder: string, info: LockInfo): Promise<AsyncDisposable> {
  const path = join(folder, 'lock');
  const id = randomUUID();
  const own = join(folder, `lock-${id}`);
  const since = (info.now ?? systemClock)();
  const owner: Owner = {
    id,
    pid: process.pid,
    started: (await startOf(process.pid)) ?? null,
    since,
    holder: info.holder,
  };
  await writing(folder, async () => {
    await ensureFolder(folder);
    await writeSynced(own, JSON.stringify(owner));
  });
  try {
    await acquire(path, own);
  } finally {
    await rm(own, { force: true });
  }
  return {
    async [Symbol.asyncDispose]() {
      if (idOf(await readOwner(path)) === id) await rm(path, { force: true });
    },
  };
}

/**
 * Puts a link to `own` at `path`. Whoever finds a dead owner there first takes a lock on being its successor, named by
 * the dead owner's id, and looks again: of many that start at once, one replaces it. That lock then becomes the lock.
 */
async function acquire(path: string, own: string): Promise<void> {
  for (;;) {
    if (await linkIfFree(own, path)) return;
    const found = await readOwner(path);
    if (found === 'gone') continue;
    if (found !== 'unreadable' && (await isAlive(found))) throw lockedBy(found, path);
    const succession = `${path}.${idOf(found)}`;
    await acquire(succession, own);
    if (idOf(await readOwner(path)) === idOf(found)) return rename(succession, path);
    await rm(succession, { force: true });
  }
}

async function linkIfFree(own: string, path: string): Promise<boolean> {
  return writing(path, () =>
    link(own, path).then(
      () => true,
      (error: unknown) => {
        if (systemCode(error) === 'EEXIST') return false;
        throw error;
      },
    ),
  );
}

type Found = Owner | 'gone' | 'unreadable';

function idOf(found: Found): string {
  return typeof found === 'string' ? found : found.id;
}

async function readOwner(path: string): Promise<Found> {
  try {
    return Owner.safeParse(JSON.parse(await readFile(path, 'utf8'))).data ?? 'unreadable';
  } catch (error) {
    return systemCode(error) === 'ENOENT' ? 'gone' : 'unreadable';
  }
}

async function isAlive({ pid, started }: Owner): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // A process of another user cannot be signalled, and is there all the same.
    if (systemCode(error) !== 'EPERM') return false;
  }
  const start = await startOf(pid);
  return started === null || start === undefined || start === started;
}

/** In clock ticks since the machine started, where Linux tells (proc(5), field 22 of stat). */
async function startOf(pid: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The second field is the program's name in brackets, which may hold spaces and brackets itself.
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')[19];
}

function lockedBy({ pid, since, holder }: Owner, path: string): PlatformError {
  const when = new Date(since).toISOString();
  return new PlatformError('STATE_LOCKED', {
    field: path,
    value: `held by ${holder}, process ${pid}, since ${when}`,
    remedy: `Stop it (kill ${pid}) or use another folder with --state.`,
  });
}
