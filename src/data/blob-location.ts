import { z } from 'zod';

/**
 * Where blobs lie, as JSON, so that a task on any machine can open them. Credentials are no part of it: each machine has
 * its own.
 */
export const blobLocation = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('folder'), path: z.string().min(1) }),
  z.object({
    kind: z.literal('s3'),
    bucket: z.string().min(1),
    /** Where in the bucket the keys begin. @default the root */
    prefix: z.string().optional(),
    /** @default the region that the SDK finds */
    region: z.string().optional(),
    /** Of another store than Amazon's: 'https://minio.internal:9000'. */
    endpoint: z.string().optional(),
  }),
]);

export type BlobLocation = z.infer<typeof blobLocation>;

/** Where a machine keeps copies of remote blobs. */
export interface BlobCacheOptions {
  readonly folder: string;
  /** Bytes of all copies together; more only while tasks use them. */
  readonly limit: number;
}
