import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Blob, BlobStore } from '../data/blob-store.ts';
import { type Digest, digestOf } from '../kernel/digest.ts';
import { PlatformError } from '../kernel/errors.ts';

export interface LocalBlobs extends BlobStore {
  readonly folder: string;
  /** How many contents were handed over. */
  readonly puts: () => number;
}

/** Real files in a temporary folder, gone when disposed of: enough of a store to test what fills and reads one. */
export async function openLocalBlobs(): Promise<LocalBlobs> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-sources-'));
  const pathOf = (digest: Digest): string => join(folder, digest);
  let count = 0;
  const scratch = async (): Promise<{ path: string } & AsyncDisposable> => {
    const path = await mkdtemp(join(folder, 'scratch-'));
    return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
  };
  const putFile = async (path: string): Promise<Blob> => {
    count++;
    const digest = digestOf(await readFile(path));
    await rename(path, pathOf(digest));
    return { digest, size: (await stat(pathOf(digest))).size };
  };
  const localPath = async (digest: Digest): Promise<string> => {
    if (await has(digest)) return pathOf(digest);
    throw new PlatformError('BLOB_NOT_FOUND', { field: 'digest', value: digest, remedy: 'Put it first.' });
  };
  const has = (digest: Digest): Promise<boolean> => stat(pathOf(digest)).then(Boolean, () => false);
  return {
    folder,
    puts: () => count,
    scratch,
    putFile,
    localPath,
    has,
    check: async () => void (await stat(folder)),
    async put(content) {
      await using unfinished = await scratch();
      await writeFile(join(unfinished.path, 'content'), content);
      return await putFile(join(unfinished.path, 'content'));
    },
    async putStream(content) {
      await using unfinished = await scratch();
      const path = join(unfinished.path, 'content');
      await pipeline(content, createWriteStream(path));
      return await putFile(path);
    },
    read: async (digest) => await readFile(await localPath(digest)),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

/** A folder with these files, texts by name, gone when disposed of. */
export async function openFolder(
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'modelyard-raw-'));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(path, name, '..'), { recursive: true });
    await writeFile(join(path, name), content);
  }
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}
