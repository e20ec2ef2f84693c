import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PlatformError } from '../../kernel/errors.ts';
import type { ArtifactPath } from '../../tracking/artifacts/path.ts';
import type { ArtifactStore, UploadedPart } from '../../tracking/artifacts/store.ts';
import { type Bucket, isAbsent, isBadPart, speaking } from './s3-bucket.ts';

const mostParts = 10_000;

type Parts = Pick<ArtifactStore, 'beginUpload' | 'putPart' | 'completeUpload' | 'abortUpload'>;

/** Multipart uploads, which S3 stores. */
export function s3Parts(bucket: Bucket): Parts {
  const { sdk, client, options, keyOf } = bucket;
  const at = (path: ArtifactPath): { readonly Bucket: string; readonly Key: string } => ({
    Bucket: options.bucket,
    Key: keyOf(path),
  });
  return {
    async beginUpload(path) {
      const { UploadId } = await speaking(bucket, () =>
        client.send(new sdk.CreateMultipartUploadCommand(at(path))),
      );
      if (UploadId !== undefined) return UploadId;
      throw noUpload('');
    },
    async putPart(path, { upload, part }, content) {
      checkUpload(upload);
      if (!Number.isInteger(part) || part < 1 || part > mostParts) throw wrongPart(part);
      // Checked first: a store that refuses a part during its transfer may close the connection before we read its response.
      const listParts = new sdk.ListPartsCommand({ ...at(path), UploadId: upload, MaxParts: 1 });
      await speaking(bucket, () => client.send(listParts)).catch(asPlatformError(upload, part));
      return spooled(content, async ({ file, size }) => {
        const command = new sdk.UploadPartCommand({
          ...at(path),
          UploadId: upload,
          PartNumber: part,
          Body: createReadStream(file),
          ContentLength: size,
        });
        const { ETag } = await speaking(bucket, () => client.send(command)).catch(
          asPlatformError(upload, part),
        );
        return { part, tag: plainTag(ETag) };
      });
    },
    async completeUpload(path, upload, parts) {
      checkUpload(upload);
      const ordered = parts.toSorted((a, b) => a.part - b.part);
      const command = new sdk.CompleteMultipartUploadCommand({
        ...at(path),
        UploadId: upload,
        MultipartUpload: {
          Parts: ordered.map(({ part, tag }) => ({ PartNumber: part, ETag: `"${tag}"` })),
        },
      });
      await speaking(bucket, () => client.send(command)).catch(asPlatformError(upload, ordered.at(-1)?.part));
    },
    async abortUpload(path, upload) {
      if (!isUpload(upload)) return;
      const command = new sdk.AbortMultipartUploadCommand({ ...at(path), UploadId: upload });
      await speaking(bucket, () => client.send(command)).catch((error: unknown) => {
        if (!isAbsent(error)) throw error;
      });
    },
  };
}

/** An entity tag without its quotes. */
export function plainTag(etag: string | undefined): string {
  return (etag ?? '').replaceAll('"', '');
}

/** S3 needs the length of a part in advance, so its bytes are first written to a local file. */
async function spooled(
  content: AsyncIterable<Uint8Array>,
  send: (spool: { readonly file: string; readonly size: number }) => Promise<UploadedPart>,
): Promise<UploadedPart> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-part-'));
  try {
    const file = join(folder, 'part');
    let size = 0;
    {
      await using handle = await open(file, 'wx', 0o600);
      for await (const piece of content) {
        size += piece.length;
        await handle.writeFile(piece);
      }
    }
    return await send({ file, size });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function isUpload(upload: string): boolean {
  return /^[\w.~+/=-]{8,1024}$/.test(upload) && !upload.includes('..');
}

function checkUpload(upload: string): void {
  if (!isUpload(upload)) throw noUpload(upload);
}

function asPlatformError(upload: string, part: number | undefined): (error: unknown) => never {
  return (error) => {
    if (isAbsent(error)) throw noUpload(upload, error);
    throw isBadPart(error) ? wrongPart(part, error) : error;
  };
}

function noUpload(upload: string, cause?: unknown): PlatformError {
  const remedy = 'This path has no such upload, or it is finished: begin another.';
  return new PlatformError('ARTIFACT_NOT_FOUND', { field: 'upload', value: upload, remedy }, { cause });
}

function wrongPart(part: number | undefined, cause?: unknown): PlatformError {
  const remedy = `Number parts from 1 to ${mostParts}, and name each once with the tag that its upload returned; all parts but the last need at least 5 MiB.`;
  return new PlatformError('INPUT_INVALID', { field: 'part', value: part, remedy }, { cause });
}

/** The running SHA-256 of a stream. */
export function hashing(): { readonly add: (piece: Uint8Array) => void; readonly digest: () => string } {
  const hash = createHash('sha256');
  return { add: (piece) => void hash.update(piece), digest: () => hash.digest('hex') };
}
