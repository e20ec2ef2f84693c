import { checkBucket, openBucket } from '../../adapters/s3/s3-bucket.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { CommandContext } from '../command-context.ts';
import { type Bucket, readBuckets } from '../config/config.ts';
import type { Finding } from './examine.ts';

/** Whether the buckets that the environment names can be used. */
export async function bucketFindings(env: CommandContext['env']): Promise<readonly Finding[]> {
  try {
    const { bucket, blobBucket } = readBuckets(env);
    const named = [
      ['artifacts', bucket],
      ['blobs', blobBucket],
    ] as const;
    return await Promise.all(named.flatMap(([what, each]) => (each ? [bucketFinding(what, each)] : [])));
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    return [{ what: 'buckets', good: false, found: error.message }];
  }
}

async function bucketFinding(what: string, options: Bucket): Promise<Finding> {
  const bucket = await openBucket(options);
  const address = `s3://${[options.bucket, options.prefix].filter(Boolean).join('/')}`;
  const at = options.endpoint === undefined ? '' : ` at ${options.endpoint}`;
  try {
    await checkBucket(bucket);
    return { what, good: true, found: `${address}${at} responds` };
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    return { what, good: false, found: `${address}${at}: ${error.message}` };
  } finally {
    bucket.client.destroy();
  }
}
