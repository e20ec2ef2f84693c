import type { Readable } from 'node:stream';
import type { Digest } from '../../kernel/digest.ts';
import { type Clock, systemClock } from '../../kernel/clock.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { checkDigest } from '../../tracking/artifacts/digest-check.ts';
import { artifactPath, type ArtifactPath, joinPaths, rootPath } from '../../tracking/artifacts/path.ts';
import type {
  ArtifactEntry,
  ArtifactStore,
  ByteRange,
  DirectStore,
  OpenArtifact,
  PutOptions,
  StoredArtifact,
} from '../../tracking/artifacts/store.ts';
import { hashing, plainTag, s3Parts } from './artifact-parts.ts';
import { directStore } from './direct-store.ts';
import { chain, partsOf } from './upload-content.ts';
import {
  type Bucket,
  checkBucket,
  isAbsent,
  notDeleted,
  openBucket,
  type S3Options,
  speaking,
} from './s3-bucket.ts';

/**
 * Artifacts as objects of a bucket in S3 or a compatible store, each under its own path. The SDK is loaded on first use.
 */
export async function openS3ArtifactStore(
  options: S3Options & { readonly now?: Clock },
): Promise<ArtifactStore> {
  const bucket = await openBucket(options);
  return new S3ArtifactStore(bucket, options.now ?? systemClock);
}

class S3ArtifactStore implements ArtifactStore {
  readonly direct: DirectStore;
  readonly putPart: ArtifactStore['putPart'];
  readonly abortUpload: ArtifactStore['abortUpload'];
  readonly #bucket: Bucket;
  readonly #parts: ReturnType<typeof s3Parts>;

  constructor(bucket: Bucket, now: Clock) {
    this.#bucket = bucket;
    this.#parts = s3Parts(bucket);
    this.putPart = this.#parts.putPart;
    this.abortUpload = this.#parts.abortUpload;
    this.direct = directStore(bucket, { now, sizeOf: async (path) => (await this.open(path)).size });
  }

  async put(
    path: ArtifactPath,
    content: AsyncIterable<Uint8Array>,
    { digest }: PutOptions = {},
  ): Promise<StoredArtifact> {
    await this.#checkPath(path);
    const hash = hashing();
    let size = 0;
    const pieces = partsOf(content, (piece) => {
      hash.add(piece);
      size += piece.length;
    });
    const first = await pieces.next();
    const second = first.done ? first : await pieces.next();
    const finish = (): Digest => {
      const came = hash.digest() as Digest;
      checkDigest(path, { announced: digest, stored: came });
      return came;
    };
    if (second.done) {
      const came = finish();
      const { sdk, client } = this.#bucket;
      const Body = first.done ? new Uint8Array() : first.value;
      const command = new sdk.PutObjectCommand({ ...this.#at(path), Body, ContentLength: Body.length });
      await speaking(this.#bucket, () => client.send(command));
      return { path, size, digest: came };
    }
    const came = await this.#putInParts(
      path,
      chain([first.value ?? new Uint8Array(), second.value], pieces),
      finish,
    );
    return { path, size, digest: came };
  }

  check(): Promise<void> {
    return checkBucket(this.#bucket);
  }

  async open(path: ArtifactPath): Promise<OpenArtifact> {
    const { sdk, client } = this.#bucket;
    if (path === rootPath) throw noArtifact(path);
    const facts = await speaking(this.#bucket, () =>
      client.send(new sdk.HeadObjectCommand(this.#at(path))),
    ).catch((error: unknown) => {
      throw isAbsent(error) ? noArtifact(path) : error;
    });
    const size = facts.ContentLength ?? 0;
    return {
      size,
      modifiedAt: facts.LastModified?.getTime(),
      tag: plainTag(facts.ETag).replaceAll(/[^\w-]/g, ''),
      read: ({ start, end }: ByteRange = { start: 0, end: size }) =>
        this.#read(path, { start, end, ETag: facts.ETag }),
      async [Symbol.asyncDispose]() {},
    };
  }

  async stat(path: ArtifactPath): Promise<ArtifactEntry | undefined> {
    const file = await this.#sizeOf(path);
    if (file !== undefined) return { path, size: file };
    return (await this.#hasWithin(path)) ? { path, size: undefined } : undefined;
  }

  async list(folder: ArtifactPath): Promise<readonly ArtifactEntry[]> {
    const prefix = this.#prefixOf(folder);
    const entries: ArtifactEntry[] = [];
    const entry = (key: string, size: number | undefined): void => {
      const name = key.slice(prefix.length).replace(/\/$/, '');
      if (name !== '') entries.push({ path: joinPaths(folder, name as ArtifactPath), size });
    };
    for await (const page of this.#pages(prefix, '/')) {
      for (const { Prefix = '' } of page.CommonPrefixes ?? []) entry(Prefix, undefined);
      for (const { Key = '', Size = 0 } of page.Contents ?? []) if (!Key.endsWith('/')) entry(Key, Size);
    }
    return entries.toSorted((a, b) => (a.path < b.path ? -1 : Number(a.path > b.path)));
  }

  async remove(path: ArtifactPath): Promise<void> {
    if (path === rootPath) throw wrongPath(path, 'Name a file or folder: the root cannot be deleted.');
    const { sdk, client, options } = this.#bucket;
    await speaking(this.#bucket, () => client.send(new sdk.DeleteObjectCommand(this.#at(path))));
    for await (const page of this.#pages(this.#prefixOf(path))) {
      const Objects = (page.Contents ?? []).map(({ Key }) => ({ Key }));
      if (Objects.length === 0) continue;
      const command = new sdk.DeleteObjectsCommand({
        Bucket: options.bucket,
        Delete: { Objects, Quiet: true },
      });
      await speaking(this.#bucket, async () => {
        const { Errors: [error] = [] } = await client.send(command);
        if (error) throw notDeleted(this.#bucket, error);
      });
    }
  }

  async beginUpload(path: ArtifactPath): Promise<string> {
    await this.#checkPath(path);
    return this.#parts.beginUpload(path);
  }

  completeUpload: ArtifactStore['completeUpload'] = async (path, upload, parts) => {
    await this.#checkPath(path);
    await this.#parts.completeUpload(path, upload, parts);
  };

  async [Symbol.asyncDispose](): Promise<void> {
    this.#bucket.client.destroy();
  }

  async *#read(
    path: ArtifactPath,
    { start, end, ETag }: ByteRange & { readonly ETag: string | undefined },
  ): AsyncGenerator<Uint8Array> {
    if (end <= start) return;
    const { sdk, client } = this.#bucket;
    const command = new sdk.GetObjectCommand({
      ...this.#at(path),
      Range: `bytes=${start}-${end - 1}`,
      ...(ETag !== undefined && { IfMatch: ETag }),
    });
    const { Body } = await speaking(this.#bucket, () => client.send(command));
    yield* Body as Readable;
  }

  async #putInParts(
    path: ArtifactPath,
    pieces: AsyncIterable<Uint8Array>,
    finish: () => Digest,
  ): Promise<Digest> {
    const upload = await this.#parts.beginUpload(path);
    try {
      const { sdk, client } = this.#bucket;
      const sent: { readonly part: number; readonly tag: string }[] = [];
      for await (const Body of pieces) {
        const part = sent.length + 1;
        const command = new sdk.UploadPartCommand({
          ...this.#at(path),
          UploadId: upload,
          PartNumber: part,
          Body,
          ContentLength: Body.length,
        });
        const { ETag } = await speaking(this.#bucket, () => client.send(command));
        sent.push({ part, tag: plainTag(ETag) });
      }
      const digest = finish();
      await this.#parts.completeUpload(path, upload, sent);
      return digest;
    } catch (error) {
      await this.#parts.abortUpload(path, upload);
      throw error;
    }
  }

  /** @throws PlatformError INPUT_INVALID for a path below a file, or of a folder: S3 itself would allow both */
  async #checkPath(path: ArtifactPath): Promise<void> {
    const names = artifactPath(path).split('/');
    if (path === rootPath) throw wrongPath(path, 'Give the file a name.');
    const above = names.slice(1).map((_name, index) => names.slice(0, index + 1).join('/') as ArtifactPath);
    const [isFolder, ...files] = await Promise.all([
      this.#hasWithin(path),
      ...above.map(async (folder) => (await this.#sizeOf(folder)) !== undefined),
    ]);
    if (isFolder) throw wrongPath(path, 'A folder has this name.');
    const file = above[files.indexOf(true)];
    if (file !== undefined) throw wrongPath(path, `${file} is not a folder.`);
  }

  async #sizeOf(path: ArtifactPath): Promise<number | undefined> {
    return this.open(path).then(
      ({ size }) => size,
      (error: unknown) => {
        if (error instanceof PlatformError && error.code === 'ARTIFACT_NOT_FOUND') return undefined;
        throw error;
      },
    );
  }

  async #hasWithin(folder: ArtifactPath): Promise<boolean> {
    const { sdk, client, options } = this.#bucket;
    const command = new sdk.ListObjectsV2Command({
      Bucket: options.bucket,
      Prefix: this.#prefixOf(folder),
      MaxKeys: 1,
    });
    return ((await speaking(this.#bucket, () => client.send(command))).Contents ?? []).length > 0;
  }

  async *#pages(prefix: string, delimiter?: string) {
    const { sdk, client, options } = this.#bucket;
    for (let token: string | undefined, more = true; more;) {
      const command = new sdk.ListObjectsV2Command({
        Bucket: options.bucket,
        Prefix: prefix,
        ...(delimiter !== undefined && { Delimiter: delimiter }),
        ...(token !== undefined && { ContinuationToken: token }),
      });
      const page = await speaking(this.#bucket, () => client.send(command));
      yield page;
      token = page.NextContinuationToken;
      more = page.IsTruncated === true && token !== undefined;
    }
  }

  #prefixOf(folder: ArtifactPath): string {
    const key = this.#bucket.keyOf(folder).replace(/\/$/, '');
    return key === '' ? '' : `${key}/`;
  }

  #at(path: ArtifactPath): { readonly Bucket: string; readonly Key: string } {
    return { Bucket: this.#bucket.options.bucket, Key: this.#bucket.keyOf(path) };
  }
}

function noArtifact(path: string): PlatformError {
  return new PlatformError('ARTIFACT_NOT_FOUND', {
    field: 'path',
    value: path,
    remedy: 'No such file: list the folder to see what it has.',
  });
}

function wrongPath(path: string, remedy: string): PlatformError {
  return new PlatformError('INPUT_INVALID', { field: 'path', value: path, remedy });
}
