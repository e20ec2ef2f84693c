import { createReadStream } from 'node:fs';
import type { Blob } from '../../data/blob-store.ts';
import { plainTag } from './artifact-parts.ts';
import { type Bucket, speaking } from './s3-bucket.ts';

/** S3 takes 5 GB in one request. */
const mostAtOnce = 5_000_000_000;
const partSize = 512 << 20;

interface Upload {
  readonly path: string;
  readonly blob: Blob;
  readonly at: { readonly Bucket: string; readonly Key: string };
}

/** Uploads a finished file, completely or not at all. */
export async function uploadFile(bucket: Bucket, upload: Upload): Promise<void> {
  if (upload.blob.size > mostAtOnce) return uploadInParts(bucket, upload);
  const { path, blob, at } = upload;
  const { sdk, client } = bucket;
  await speaking(bucket, () =>
    client.send(
      new sdk.PutObjectCommand({
        ...at,
        Body: createReadStream(path),
        ContentLength: blob.size,
        ChecksumSHA256: Buffer.from(blob.digest, 'hex').toString('base64'),
      }),
    ),
  );
}

async function uploadInParts(bucket: Bucket, { path, blob, at }: Upload): Promise<void> {
  const { sdk, client } = bucket;
  const begun = await speaking(bucket, () => client.send(new sdk.CreateMultipartUploadCommand(at)));
  const of = { ...at, UploadId: begun.UploadId };
  try {
    const Parts: { PartNumber: number; ETag: string }[] = [];
    for (let start = 0; start < blob.size; start += partSize) {
      const end = Math.min(start + partSize, blob.size) - 1;
      const PartNumber = Parts.length + 1;
      const command = new sdk.UploadPartCommand({
        ...of,
        PartNumber,
        Body: createReadStream(path, { start, end }),
        ContentLength: end - start + 1,
      });
      const { ETag } = await speaking(bucket, () => client.send(command));
      Parts.push({ PartNumber, ETag: plainTag(ETag) });
    }
    const command = new sdk.CompleteMultipartUploadCommand({ ...of, MultipartUpload: { Parts } });
    await speaking(bucket, () => client.send(command));
  } catch (error) {
    await client.send(new sdk.AbortMultipartUploadCommand(of)).catch(() => {});
    throw error;
  }
}
