import { z } from 'zod';

/**
 * Where blobs are, as JSON, so that a task on any machine can open them. Credentials are not part of it: each machine has its
 * own.
 */
export const blobLocation = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('folder'), path: z.string().min(1) }),
  z.object({
    kind: z.literal('s3'),
    bucket: z.string().min(1),
    /** Prefix of the keys in the bucket. @default none */
    prefix: z.string().optional(),
    /** @default the region that the SDK finds */
    region: z.string().optional(),
    /** Of a store other than Amazon's: 'https://minio.internal:9000'. */
    endpoint: z.string().optional(),
  }),
]);

export type BlobLocation = z.infer<typeof blobLocation>;

/** The folder for copies of remote blobs on this machine. */
export interface BlobCacheOptions {
  readonly folder: string;
  /** Limit of all copies in bytes; exceeded only while tasks use them. */
  readonly limit: number;
}
