import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { blobNotFound } from '../../data/blob-errors.ts';
import { hashFile, hashWhile, moveFile } from '../../data/blob-files.ts';
import type { Blob, BlobStore } from '../../data/blob-store.ts';
import { type Digest, digestOf } from '../../kernel/digest.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { type BlobCache, type OpenBlobCacheOptions, openBlobCache } from './blob-cache.ts';
import { type Bucket, checkBucket, isAbsent, openBucket, type S3Options, speaking } from './s3-bucket.ts';
import { uploadFile } from './upload-file.ts';

export interface S3BlobStoreOptions extends S3Options {
  /** Copies of blobs that tools read as files. */
  readonly cache: OpenBlobCacheOptions;
}

/**
 * Blobs as objects of a bucket, `sha256/ab/cdef…`. S3 checks each upload against its digest, and each read is checked again.
 * A damaged object is moved below `damaged/`, so that the next run of the project creates it again.
 * @throws PlatformError STATE_UNWRITABLE if the cache folder cannot be created
 */
export async function openS3BlobStore({ cache, ...options }: S3BlobStoreOptions): Promise<BlobStore> {
  return new S3BlobStore(await openBucket(options), await openBlobCache(cache));
}

class S3BlobStore implements BlobStore {
  readonly #bucket: Bucket;
  readonly #cache: BlobCache;

  constructor(bucket: Bucket, cache: BlobCache) {
    this.#bucket = bucket;
    this.#cache = cache;
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
    const path = this.#cache.unfinished();
    try {
      return await this.#putLocal(path, await writeLocal(path, content));
    } finally {
      await rm(path, { force: true });
    }
  }

  async putFile(path: string): Promise<Blob> {
    const taken = this.#cache.unfinished();
    await moveFile(path, taken);
    try {
      return await this.#putLocal(taken, await hashFile(taken));
    } finally {
      await rm(taken, { force: true });
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
    const found = await this.#cache.find(digest);
    if (found !== undefined) return found;
    const path = this.#cache.unfinished();
    try {
      await pipeline(await this.#get(digest), createWriteStream(path, { mode: 0o600 }));
      if ((await hashFile(path)).digest !== digest) throw await this.#moveAside(digest);
      return await this.#cache.add(digest, path);
    } finally {
      await rm(path, { force: true });
    }
  }

  check(): Promise<void> {
    return checkBucket(this.#bucket);
  }

  scratch(): Promise<{ readonly path: string } & AsyncDisposable> {
    return this.#cache.scratch();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#bucket.client.destroy();
    await this.#cache[Symbol.asyncDispose]();
  }

  /** Blobs that were created here are often read here next. */
  async #putLocal(path: string, blob: Blob): Promise<Blob> {
    if (!(await this.#isThere(blob)))
      await uploadFile(this.#bucket, { path, blob, at: this.#at(blob.digest) });
    await this.#cache.add(blob.digest, path);
    return blob;
  }

  #at(digest: Digest): { readonly Bucket: string; readonly Key: string } {
    const Key = this.#bucket.keyOf(`sha256/${digest.slice(0, 2)}/${digest.slice(2)}`);
    return { Bucket: this.#bucket.options.bucket, Key };
  }

  /** An object of another length is damaged and is overwritten. */
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
      throw isAbsent(error) ? blobNotFound(digest) : error;
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

async function writeLocal(path: string, content: AsyncIterable<Uint8Array>): Promise<Blob> {
  await using file = await open(path, 'wx', 0o600);
  return await hashWhile(content, (piece) => file.writeFile(piece));
}
