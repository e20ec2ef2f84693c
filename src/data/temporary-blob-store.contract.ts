import { mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Digest, digestOf } from '../kernel/digest.ts';
import { PlatformError } from '../kernel/errors.ts';
import type { Blob, BlobStore } from './blob-store.ts';

/** A small blob store for tests of whatever needs one: files of one temporary folder, gone when disposed of. */
export async function openTemporaryBlobStore(): Promise<BlobStore> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-test-blobs-'));
  const pathOf = (digest: Digest): string => join(folder, digest);
  const put = async (content: Uint8Array | string): Promise<Blob> => {
    const bytes = Buffer.from(content);
    const digest = digestOf(bytes);
    await writeFile(`${pathOf(digest)}.new`, bytes);
    await rename(`${pathOf(digest)}.new`, pathOf(digest)).catch(() => undefined);
    return { digest, size: bytes.length };
  };
  const has = (digest: Digest): Promise<boolean> =>
    stat(pathOf(digest)).then(
      () => true,
      () => false,
    );
  const localPath = async (digest: Digest): Promise<string> => {
    if (!(await has(digest)))
      throw new PlatformError('BLOB_NOT_FOUND', { field: 'digest', value: digest, remedy: 'Put it first.' });
    if (digestOf(await readFile(pathOf(digest))) === digest) return pathOf(digest);
    throw new PlatformError('STATE_DAMAGED', {
      field: pathOf(digest),
      value: digest,
      remedy: 'Put it again.',
    });
  };
  return {
    put,
    has,
    localPath,
    async putStream(content) {
      const pieces: Uint8Array[] = [];
      for await (const piece of content) pieces.push(piece);
      return put(Buffer.concat(pieces));
    },
    async putFile(path) {
      const blob = await put(await readFile(path));
      await rm(path);
      return blob;
    },
    async read(digest) {
      return readFile(await localPath(digest));
    },
    check: async () => void (await stat(folder)),
    async scratch() {
      const path = await mkdtemp(join(folder, 'scratch-'));
      return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
