import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
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
  const candidates = [process.env['VERSITYGW'] ?? '', ...folders.map((folder) => join(folder, 'versitygw'))];
  return candidates.find((path) => path !== '' && existsSync(path));
}

const gateway = findGateway();

export const withoutGateway = gateway === undefined;

export interface Gateway extends AsyncDisposable {
  /** http://127.0.0.1:… */
  readonly endpoint: string;
  /** The settings that a server needs to use it. */
  readonly env: Readonly<Record<string, string>>;
  /** Creates an empty bucket. @returns its name */
  newBucket(): Promise<string>;
  /** Kills it. Its data stays. */
  kill(): Promise<void>;
  /** Starts it again at the same address. */
  start(): Promise<void>;
}

/** Starts an S3 store in an empty folder. */
export async function startGateway(): Promise<Gateway> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-s3-'));
  for (const name of ['data', 'sidecar']) await mkdir(join(folder, name));
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const args = ['--port', `127.0.0.1:${port}`, 'posix', '--sidecar', join(folder, 'sidecar')];
  const env = { ROOT_ACCESS_KEY: credentials.accessKeyId, ROOT_SECRET_KEY: credentials.secretAccessKey };
  let child: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    child = spawn(gateway ?? '', [...args, join(folder, 'data')], { env, stdio: 'ignore' });
    await vi.waitFor(() => fetch(endpoint), { timeout: 20_000 });
  };
  const kill = async (): Promise<void> => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  await start();
  let buckets = 0;
  return {
    endpoint,
    env: {
      MODELYARD_S3_ENDPOINT: endpoint,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    },
    start,
    kill,
    async newBucket() {
      const { CreateBucketCommand, S3Client } = await import('@aws-sdk/client-s3');
      const client = new S3Client({ region: 'us-east-1', endpoint, forcePathStyle: true, credentials });
      const bucket = `artifacts-${buckets++}`;
      await client.send(new CreateBucketCommand({ Bucket: bucket }));
      client.destroy();
      return bucket;
    },
    async [Symbol.asyncDispose]() {
      await kill();
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
