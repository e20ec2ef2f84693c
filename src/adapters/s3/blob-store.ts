import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { hashFile, moveFile } from '../../data/blob-files.ts';
import type { Blob, BlobStore } from '../../data/blob-store.ts';
import { type Digest, digestOf } from '../../kernel/digest.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { writeHashed } from './local-files.ts';
import { type Bucket, isAbsent, openBucket, type S3Options, speaking } from './s3-bucket.ts';
import { uploadFile } from './upload-file.ts';

export interface S3BlobStoreOptions extends S3Options {
  /** On this machine: copies of blobs that tools read as files, and unfinished files. */
  readonly cacheFolder: string;
}

/**
 * Blobs as objects of a bucket, `sha256/ab/cdef…`. S3 checks each upload against its digest, and each read is checked
 * again; an object that does not match its name is moved below `damaged/`, so that running the project again makes it anew.
 * @throws PlatformError STATE_UNWRITABLE where the cache folder cannot be made
 */
export async function openS3BlobStore({ cacheFolder, ...options }: S3BlobStoreOptions): Promise<BlobStore> {
  await mkdir(cacheFolder, { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
    const remedy = 'must be a folder that this user can write to';
    throw new PlatformError(
      'STATE_UNWRITABLE',
      { field: 'cache folder', value: cacheFolder, remedy },
      { cause },
    );
  });
  return new S3BlobStore(await openBucket(options), cacheFolder);
}

class S3BlobStore implements BlobStore {
  readonly #bucket: Bucket;
  readonly #cache: string;

  constructor(bucket: Bucket, cacheFolder: string) {
    this.#bucket = bucket;
    this.#cache = cacheFolder;
  }

  async put(content: Uint8Array | string): Promise<Blob> {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    const blob = { digest: digestOf(bytes), size: bytes.length };
    if (await this.#isThere(blob)) return blob;
    const { sdk, client } = this.#bucket;
    const command = new sdk.PutObjectCommand({
      ...this.#at(blob.digest),
      Body: bytes,
      ContentLength: blob.size,
      ChecksumSHA256: base64Of(blob.digest),
    });
    await speaking(this.#bucket, () => client.send(command));
    return blob;
  }

  async putStream(content: AsyncIterable<Uint8Array>): Promise<Blob> {
    const path = this.#unfinished();
    try {
      return await this.#putLocal(path, await writeHashed(path, content));
    } finally {
      await rm(path, { force: true });
    }
  }

  async putFile(path: string): Promise<Blob> {
    const own = this.#unfinished();
    await moveFile(path, own);
    try {
      return await this.#putLocal(own, await hashFile(own));
    } finally {
      await rm(own, { force: true });
    }
  }

  async has(digest: Digest): Promise<boolean> {
    return (await this.#sizeOf(digest)) !== undefined;
  }

  async read(digest: Digest): Promise<Uint8Array> {
    const body = await this.#get(digest);
    const bytes = await buffer(body);
    if (digestOf(bytes) !== digest) throw await this.#moveAside(digest);
    return bytes;
  }

  async localPath(digest: Digest): Promise<string> {
    const path = join(this.#cache, digest);
    if ((await hashFile(path).catch(() => undefined))?.digest === digest) return path;
    const unfinished = this.#unfinished();
    try {
      await pipeline(await this.#get(digest), createWriteStream(unfinished, { mode: 0o600 }));
      if ((await hashFile(unfinished)).digest !== digest) throw await this.#moveAside(digest);
      await rename(unfinished, path);
      return path;
    } finally {
      await rm(unfinished, { force: true });
    }
  }

  async scratch(): Promise<{ readonly path: string } & AsyncDisposable> {
    const path = join(this.#cache, `scratch-${randomUUID()}`);
    await mkdir(path, { mode: 0o700 });
    return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#bucket.client.destroy();
  }

  async #putLocal(path: string, blob: Blob): Promise<Blob> {
    if (!(await this.#isThere(blob)))
      await uploadFile(this.#bucket, { path, blob, at: this.#at(blob.digest) });
    return blob;
  }

  #at(digest: Digest): { readonly Bucket: string; readonly Key: string } {
    const Key = this.#bucket.keyOf(`sha256/${digest.slice(0, 2)}/${digest.slice(2)}`);
    return { Bucket: this.#bucket.options.bucket, Key };
  }

  #unfinished(): string {
    return join(this.#cache, `unfinished-${randomUUID()}`);
  }

  /** An object of another length is damaged, and is written over. */
  async #isThere({ digest, size }: Blob): Promise<boolean> {
    return (await this.#sizeOf(digest)) === size;
  }

  async #sizeOf(digest: Digest): Promise<number | undefined> {
    const { sdk, client } = this.#bucket;
    try {
      const command = new sdk.HeadObjectCommand(this.#at(digest));
      return (await speaking(this.#bucket, () => client.send(command))).ContentLength;
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }

  async #get(digest: Digest): Promise<Readable> {
    const { sdk, client } = this.#bucket;
    try {
      const command = new sdk.GetObjectCommand(this.#at(digest));
      const { Body } = await speaking(this.#bucket, () => client.send(command));
      return Body instanceof Readable ? Body : Readable.from([]);
    } catch (error) {
      throw isAbsent(error) ? notFound(digest) : error;
    }
  }

  async #moveAside(digest: Digest): Promise<PlatformError> {
    const { sdk, client, keyOf } = this.#bucket;
    const { Bucket: name, Key } = this.#at(digest);
    const aside = keyOf(`damaged/${digest}-${randomUUID().slice(0, 8)}`);
    const source = `${name}/${Key}`.split('/').map(encodeURIComponent).join('/');
    await speaking(this.#bucket, () =>
      client.send(new sdk.CopyObjectCommand({ Bucket: name, Key: aside, CopySource: source })),
    );
    await speaking(this.#bucket, () => client.send(new sdk.DeleteObjectCommand({ Bucket: name, Key })));
    return new PlatformError('STATE_DAMAGED', {
      field: `s3://${name}/${Key}`,
      value: 'bytes that do not match its digest',
      remedy: `It was moved to s3://${name}/${aside}; run the project again to create it again.`,
    });
  }
}

function base64Of(digest: Digest): string {
  return Buffer.from(digest, 'hex').toString('base64');
}

function notFound(digest: Digest): PlatformError {
  return new PlatformError('BLOB_NOT_FOUND', {
    field: 'digest',
    value: digest,
    remedy: 'Run the project again: it creates missing data again.',
  });
}
