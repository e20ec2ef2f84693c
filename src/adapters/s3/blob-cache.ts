import { randomUUID } from 'node:crypto';
import { chmod, link, mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { hashFile } from '../../data/blob-files.ts';
import type { BlobCacheOptions } from '../../data/blob-location.ts';
import { makePrivateFolder } from '../../data/private-folder.ts';
import { type Clock, systemClock } from '../../kernel/clock.ts';
import type { Digest } from '../../kernel/digest.ts';
import { isAlive } from '../../kernel/is-alive.ts';
import { systemCode } from '../../kernel/system-code.ts';

/** Copies of remote blobs on this machine, shared by the server and its task processes. */
export interface BlobCache extends AsyncDisposable {
  /** A verified copy, which stays as long as this process uses it. */
  find(digest: Digest): Promise<string | undefined>;
  /** Adds a file with the blob's bytes, and removes the least recently used copies. @returns as `find` */
  add(digest: Digest, file: string): Promise<string>;
  /** A path for an incomplete file. */
  unfinished(): string;
  scratch(): Promise<{ readonly path: string } & AsyncDisposable>;
}

export interface OpenBlobCacheOptions extends BlobCacheOptions {
  /** Whether no other process uses the cache yet: then all leases are leftovers. @default false */
  readonly isOwner?: boolean | undefined;
}

/** A copy that this process has not used for a while may be removed. */
const idleMs = 3_600_000;

/**
 * A folder of copies: `files/<digest>`. A process that uses a copy has a hard link to it in its own folder below `leases/`:
 * copies with more than one link are in use and are not removed.
 * @throws PlatformError STATE_UNWRITABLE if the folder cannot be created
 */
export async function openBlobCache(
  { folder, limit, isOwner = false }: OpenBlobCacheOptions,
  now: Clock = systemClock,
): Promise<BlobCache> {
  const [files, leases, temporary] = ['files', 'leases', 'tmp'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const processId = `${process.pid}-${randomUUID()}`;
  const [leased, unfinished] = [join(leases, processId), join(temporary, processId)];
  await makePrivateFolder(folder, 'cache folder');
  // Ids of processes begin again in each container, so they cannot show the owner which leases are in use.
  if (isOwner) for (const each of [leases, temporary]) await rm(each, { recursive: true, force: true });
  for (const each of [files, leased, unfinished]) await makePrivateFolder(each, 'cache folder');
  await Promise.all([leases, temporary].map(removeLeftovers));
  /** The time of last use of each copy, and the stat of its file when its digest was verified. */
  const used = new Map<Digest, { readonly at: number; readonly state: string }>();
  let evicting: Promise<void> | undefined;

  const use = async (digest: Digest): Promise<string | undefined> => {
    const path = join(leased, digest);
    const state = await stateOf(path);
    if (state === undefined) return undefined;
    const isKnown = used.get(digest)?.state === state;
    if (!isKnown && (await hashFile(path)).digest !== digest) {
      await rm(path, { force: true });
      return undefined;
    }
    used.set(digest, { at: now(), state });
    const { mtime } = await stat(path);
    await utimes(path, new Date(now()), mtime);
    return path;
  };
  const leaseTo = (file: string, digest: Digest): Promise<void> =>
    link(file, join(leased, digest)).catch((error: unknown) => {
      if (systemCode(error) !== 'ENOENT' && systemCode(error) !== 'EEXIST') throw error;
    });
  const find = async (digest: Digest): Promise<string | undefined> => {
    const path = await use(digest);
    if (path !== undefined) return path;
    await leaseTo(join(files, digest), digest);
    const found = await use(digest);
    // A damaged copy must not be used again.
    if (found === undefined) await rm(join(files, digest), { force: true });
    return found;
  };
  const evict = async (): Promise<void> => {
    const copies = await copiesIn(files);
    let total = copies.reduce((sum, { size }) => sum + size, 0);
    for (const copy of copies.toSorted((a, b) => a.usedAt - b.usedAt)) {
      if (total <= limit) return;
      const digest = basename(copy.path) as Digest;
      const mine = used.get(digest);
      const isIdle = mine !== undefined && mine.at < now() - idleMs;
      if (isIdle) {
        used.delete(digest);
        await rm(join(leased, digest), { force: true });
      }
      if (copy.links > (isIdle ? 2 : 1)) continue;
      await rm(copy.path, { force: true });
      total -= copy.size;
    }
  };

  return {
    find,
    async add(digest, file) {
      await chmod(file, 0o400);
      // Leased before others can find it, so that nobody removes it in between.
      await leaseTo(file, digest);
      await rename(file, join(files, digest));
      const path = await find(digest);
      evicting ??= evict().finally(() => (evicting = undefined));
      await evicting;
      if (path !== undefined) return path;
      throw new TypeError('a copy that was just added does not match its digest');
    },
    unfinished: () => join(unfinished, randomUUID()),
    async scratch() {
      const path = join(unfinished, `scratch-${randomUUID()}`);
      await mkdir(path, { mode: 0o700 });
      return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
    },
    async [Symbol.asyncDispose]() {
      await evicting;
      await Promise.all([leased, unfinished].map((path) => rm(path, { recursive: true, force: true })));
    },
  };
}

/** Removes leases of killed processes; their folders begin with their ids. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder))
    if (!isAlive(Number.parseInt(name, 10))) await rm(join(folder, name), { recursive: true, force: true });
}

interface Copy {
  readonly path: string;
  readonly size: number;
  readonly usedAt: number;
  readonly links: number;
}

async function copiesIn(files: string): Promise<readonly Copy[]> {
  const copies = (await readdir(files)).map(async (name): Promise<Copy | undefined> => {
    const path = join(files, name);
    const facts = await stat(path).catch(() => undefined);
    return facts && { path, size: facts.size, usedAt: facts.atimeMs, links: facts.nlink };
  });
  return (await Promise.all(copies)).filter((copy) => copy !== undefined);
}

/** Changes when a file is written to or replaced. */
async function stateOf(path: string): Promise<string | undefined> {
  const facts = await stat(path).catch(() => undefined);
  return facts && `${facts.ino} ${facts.size} ${facts.mtimeMs}`;
}
