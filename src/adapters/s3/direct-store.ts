import type { Clock } from '../../kernel/clock.ts';
import type { ArtifactPath } from '../../tracking/artifacts/path.ts';
import type { DirectStore } from '../../tracking/artifacts/store.ts';
import { presignedUrl, uriEncoded } from './presign.ts';
import type { Bucket } from './s3-bucket.ts';

/** Seconds. */
const addressLife = 3600;

interface DirectOptions {
  readonly now: Clock;
  readonly sizeOf: (path: ArtifactPath) => Promise<number>;
}

/** Addresses by which clients reach the bucket without this server. */
export function directStore(bucket: Bucket, { now, sizeOf }: DirectOptions): DirectStore {
  const { client, options } = bucket;
  const presign = async (
    method: 'GET' | 'PUT',
    path: ArtifactPath,
    query: Readonly<Record<string, string>> = {},
  ): Promise<string> => {
    const [credentials, region] = await Promise.all([client.config.credentials(), client.config.region()]);
    const key = bucket.keyOf(path).split('/').map(uriEncoded).join('/');
    const base = options.endpoint
      ? `${options.endpoint.replace(/\/$/, '')}/${options.bucket}`
      : `https://${options.bucket}.s3.${region}.amazonaws.com`;
    const url = new URL(`${base}/${key}`);
    return presignedUrl({ method, url, query, credentials, region, now: now(), expires: addressLife });
  };
  return {
    async download(path) {
      const size = await sizeOf(path);
      const query = { 'response-content-disposition': 'attachment' };
      return { url: await presign('GET', path, query), headers: {}, size };
    },
    upload: async (path) => ({ url: await presign('PUT', path), headers: {} }),
    part: async (path, { upload, part }) => ({
      url: await presign('PUT', path, { partNumber: String(part), uploadId: upload }),
      headers: {},
    }),
  };
}
