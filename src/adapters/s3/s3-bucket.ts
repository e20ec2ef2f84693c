import type * as S3 from '@aws-sdk/client-s3';
import type { _Error as S3Error, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { PlatformError } from '../../kernel/errors.ts';
import { silentLog } from '../../kernel/log.ts';

export type Sdk = typeof S3;

export interface S3Options {
  readonly bucket: string;
  /** Prefix of our keys in the bucket, without a final slash. @default none */
  readonly prefix?: string | undefined;
  /** @default the region that the SDK finds in its environment */
  readonly region?: string | undefined;
  /** Of a store other than Amazon's: 'https://minio.internal:9000'. Its addresses have the bucket in the path. */
  readonly endpoint?: string | undefined;
  /** @default the SDK's chain: environment, files, the role of a pod or machine */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** A bucket with its client. The SDK is loaded when the first bucket is opened. */
export interface Bucket {
  readonly sdk: Sdk;
  readonly client: S3Client;
  readonly options: S3Options;
  /** The key of a path below the prefix. */
  readonly keyOf: (path: string) => string;
}

export async function openBucket(options: S3Options): Promise<Bucket> {
  const sdk = await import('@aws-sdk/client-s3');
  const { region, endpoint, credentials, prefix = '' } = options;
  const client = new sdk.S3Client({
    // Errors are thrown: the SDK need not log them as well.
    logger: silentLog,
    // A store that accepts connections but never responds must not block a task for ever.
    requestHandler: { connectionTimeout: 5000, socketTimeout: 60_000 },
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    ...(credentials && { credentials }),
  });
  return { sdk, client, options, keyOf: (path) => (prefix === '' ? path : `${prefix}/${path}`) };
}

const absentNames: ReadonlySet<string> = new Set(['NotFound', 'NoSuchKey', 'NoSuchUpload']);
const noBucket = 'NoSuchBucket';
const badPartNames: ReadonlySet<string> = new Set([
  'InvalidPart',
  'InvalidPartOrder',
  'EntityTooSmall',
  'InvalidArgument',
  'InvalidRequest',
  'MalformedXML',
]);

/** Whether an object or upload is absent; a missing bucket is a configuration error. */
export function isAbsent(error: unknown): boolean {
  if (!(error instanceof Error) || error.name === noBucket) return false;
  return absentNames.has(error.name) || statusOf(error) === 404;
}

export function isBadPart(error: unknown): boolean {
  return isS3Error(error) && badPartNames.has(error.name);
}

/** Rejects while the bucket does not respond or cannot be used. @throws as `speaking` */
export async function checkBucket(bucket: Bucket): Promise<void> {
  const { sdk, client, options, keyOf } = bucket;
  const command = new sdk.ListObjectsV2Command({ Bucket: options.bucket, Prefix: keyOf(''), MaxKeys: 1 });
  await speaking(bucket, () => client.send(command));
}

/** Runs requests to the bucket. @throws PlatformError CONFIG_INVALID if it refuses us, NOT_READY if it fails */
export async function speaking<Response>(
  { options: { bucket } }: Bucket,
  speak: () => Promise<Response>,
): Promise<Response> {
  try {
    return await speak();
  } catch (error) {
    if (!(error instanceof Error) || isAbsent(error) || isBadPart(error)) throw error;
    const setting = remedyOf(error);
    throw new PlatformError(
      setting === undefined ? 'NOT_READY' : 'CONFIG_INVALID',
      {
        field: 'bucket',
        value: `${bucket}: ${error.name}`,
        remedy: setting ?? 'The S3 store does not respond as it should: try again when it does.',
      },
      { cause: error },
    );
  }
}

/** The error of one of several objects: the response itself is a success. */
export function notDeleted({ sdk }: Bucket, { Code = 'Error', Key, Message }: S3Error): S3ServiceException {
  return new sdk.S3ServiceException({
    name: Code,
    message: `${Key} was not deleted: ${Message}`,
    $fault: 'client',
    $metadata: Code === 'AccessDenied' ? { httpStatusCode: 403 } : {},
  });
}

/** How to fix the configuration; undefined if the store is at fault. */
function remedyOf(error: Error): string | undefined {
  if (error.name === noBucket) return 'Create the bucket, or name another.';
  if (error.message.startsWith('Region is missing')) return 'Set AWS_REGION to the region of the bucket.';
  if (error.name === 'CredentialsProviderError' || statusOf(error) === 403)
    return 'Set credentials that may list, read, write and delete in the bucket.';
  return undefined;
}

function statusOf(error: Error): number | undefined {
  return isS3Error(error) ? error.$metadata.httpStatusCode : undefined;
}

function isS3Error(error: unknown): error is S3ServiceException {
  return error instanceof Error && '$metadata' in error;
}
