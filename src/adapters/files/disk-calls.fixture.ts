import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { dirname } from 'node:path';

/** What a power cut would take: a kill cannot show it, because the system keeps what it was given. */
export interface DiskCalls extends Disposable {
  /** What is not on disk now: 'bytes of …' for a file, 'names in …' for a folder. @param isKept whether a path counts */
  notOnDisk(isKept?: (path: string) => boolean): readonly string[];
  /** Files that were given their final name before their bytes were on disk. */
  readonly renamedEarly: readonly string[];
  /** How many times something was put on disk. */
  readonly syncs: number;
}

type Handle = fs.promises.FileHandle;
const handleMethods = ['writeFile', 'write', 'writev', 'appendFile', 'truncate', 'sync', 'datasync'] as const;

/**
 * Watches the calls of `node:fs/promises` in this process, which happen all the same, until disposed of. Bytes that were
 * written are on disk after `sync` or `datasync` of their file, and a new name after `sync` of its folder.
 */
export async function watchDisk(): Promise<DiskCalls> {
  const paths = new WeakMap<Handle, string>();
  const dirty = new Set<string>();
  const renamedEarly: string[] = [];
  let syncs = 0;
  const { open, rename, mkdir } = fs.promises;
  const probe = await open(import.meta.filename, 'r');
  const prototype = Object.getPrototypeOf(probe) as Record<string, (...args: unknown[]) => unknown>;
  await probe.close();
  const methods = new Map(handleMethods.map((name) => [name, prototype[name]] as const));
  const bytes = (path: string): string => `bytes of ${path}`;
  const names = (path: string): string => `names in ${dirname(path)}`;

  fs.promises.open = async (path, flags, mode) => {
    const isNew = typeof flags === 'string' && flags !== 'r' && !fs.existsSync(path);
    const handle = await open(path, flags, mode);
    paths.set(handle, String(path));
    if (isNew) dirty.add(names(String(path)));
    return handle;
  };
  fs.promises.rename = async (from, to) => {
    if (dirty.has(bytes(String(from)))) renamedEarly.push(String(to));
    await rename(from, to);
    if (dirty.delete(bytes(String(from)))) dirty.add(bytes(String(to)));
    dirty.add(names(String(from)));
    dirty.add(names(String(to)));
  };
  fs.promises.mkdir = (async (path: string, options?: fs.MakeDirectoryOptions) => {
    const first = await mkdir(path, options);
    const top = options?.recursive === true ? first : path;
    for (let each = path; top !== undefined && each.length >= top.length; each = dirname(each))
      dirty.add(names(each));
    return first;
  }) as typeof fs.promises.mkdir;
  for (const [name, method] of methods)
    prototype[name] = async function watched(this: Handle, ...args) {
      const path = paths.get(this);
      const isSync = name === 'sync' || name === 'datasync';
      if (path !== undefined && !isSync) dirty.add(bytes(path));
      const result: unknown = await method?.apply(this, args);
      if (path !== undefined && isSync) {
        syncs += 1;
        dirty.delete(bytes(path));
        dirty.delete(`names in ${path}`);
      }
      return result;
    };
  syncBuiltinESMExports();

  return {
    notOnDisk: (isKept = () => true) => [...dirty].filter((entry) => isKept(entry.replace(/^\w+ \w+ /, ''))),
    renamedEarly,
    get syncs() {
      return syncs;
    },
    [Symbol.dispose]() {
      Object.assign(fs.promises, { open, rename, mkdir });
      for (const [name, method] of methods) if (method) prototype[name] = method;
      syncBuiltinESMExports();
    },
  };
}
