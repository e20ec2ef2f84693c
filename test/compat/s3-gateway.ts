import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';

export const credentials = { accessKeyId: 'access', secretAccessKey: 'secret-of-the-test' };

/** A store that speaks S3 and checks signatures. */
function findGateway(): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(':'), join(homedir(), 'go/bin')];
  const places = [process.env['VERSITYGW'] ?? '', ...folders.map((folder) => join(folder, 'versitygw'))];
  return places.find((place) => place !== '' && existsSync(place));
}

const gateway = findGateway();

export const withoutGateway = gateway === undefined;

export interface Gateway extends AsyncDisposable {
  /** http://127.0.0.1:… */
  readonly endpoint: string;
  /** Makes an empty bucket. @returns its name */
  newBucket(): Promise<string>;
}

/** Starts an S3 store over an empty folder. */
export async function startGateway(): Promise<Gateway> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-s3-'));
  for (const name of ['data', 'sidecar']) await mkdir(join(folder, name));
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const child = spawn(
    gateway ?? '',
    ['--port', `127.0.0.1:${port}`, 'posix', '--sidecar', join(folder, 'sidecar'), join(folder, 'data')],
    {
      env: { ROOT_ACCESS_KEY: credentials.accessKeyId, ROOT_SECRET_KEY: credentials.secretAccessKey },
      stdio: 'ignore',
    },
  );
  await vi.waitFor(() => fetch(endpoint), { timeout: 20_000 });
  let buckets = 0;
  return {
    endpoint,
    async newBucket() {
      const { CreateBucketCommand, S3Client } = await import('@aws-sdk/client-s3');
      const client = new S3Client({ region: 'us-east-1', endpoint, forcePathStyle: true, credentials });
      const bucket = `artifacts-${buckets++}`;
      await client.send(new CreateBucketCommand({ Bucket: bucket }));
      client.destroy();
      return bucket;
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
