import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { openProcessLauncher } from '../../src/adapters/process/launcher.ts';
import { openS3BlobStore, type S3BlobStoreOptions } from '../../src/adapters/s3/blob-store.ts';
import { openS3ResultStore } from '../../src/adapters/s3/result-store.ts';
import { openBucket } from '../../src/adapters/s3/s3-bucket.ts';
import { blobStoreContract } from '../../src/data/blob-store.contract.ts';
import type { BlobStore } from '../../src/data/blob-store.ts';
import { readDataset, saveDataset } from '../../src/data/dataset.ts';
import { openTableWriter } from '../../src/data/table-writer.ts';
import { digestOf } from '../../src/kernel/digest.ts';
import { siblingEntry } from '../../src/kernel/entry.ts';
import { split } from '../../src/lifecycle/operations/split.ts';
import { resultStoreContract } from '../../src/pipeline/result-store.contract.ts';
import { credentials, freePort, type Gateway, startGateway, withoutGateway } from './s3-gateway.ts';

let gateway: Gateway | undefined;

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-s3-blobs-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function optionsOf(change: Partial<S3BlobStoreOptions> = {}): Promise<S3BlobStoreOptions> {
  const bucket = change.bucket ?? (await gateway?.newBucket()) ?? '';
  const cache = { folder: await temporaryFolder(), limit: 1e9 };
  const region = 'us-east-1';
  return {
    bucket,
    prefix: 'team/blobs',
    region,
    endpoint: gateway?.endpoint,
    credentials,
    cache,
    ...change,
  };
}

const open = async (change: Partial<S3BlobStoreOptions> = {}): Promise<BlobStore> =>
  openS3BlobStore(await optionsOf(change));

describe.skipIf(withoutGateway)('blobs on S3 (needs versitygw)', () => {
  beforeAll(async () => {
    gateway = await startGateway();
  });

  afterAll(() => gateway?.[Symbol.asyncDispose]());

  blobStoreContract('s3', () => open());
  resultStoreContract('s3', async () => {
    const { cache: _cache, ...bucket } = await optionsOf();
    return openS3ResultStore(bucket);
  });

  test('a blob from one machine is read on another, which keeps one verified copy for tools', async () => {
    const options = await optionsOf();
    await using one = await openS3BlobStore(options);
    await using other = await open({ bucket: options.bucket });
    const { digest } = await one.put('six runs');
    expect(new TextDecoder().decode(await other.read(digest))).toBe('six runs');
    const path = await other.localPath(digest);
    expect(await other.localPath(digest)).toBe(path);
    await rm(path);
    await writeFile(path, 'seven runs');
    expect(new TextDecoder().decode(await other.read(digest))).toBe('six runs');
    await other.localPath(digest);
    expect(digestOf(await readFile(path)), 'a copy that was changed is fetched again').toBe(digest);
  });

  test('an object that does not match its name is reported, moved aside and can be stored again', async () => {
    const options = await optionsOf();
    await using blobs = await openS3BlobStore(options);
    const { digest } = await blobs.put('six runs');
    const bucket = await openBucket(options);
    const Key = bucket.keyOf(`sha256/${digest.slice(0, 2)}/${digest.slice(2)}`);
    const damage = (Body: string): Promise<unknown> =>
      bucket.client.send(new bucket.sdk.PutObjectCommand({ Bucket: options.bucket, Key, Body }));
    for (const read of [() => blobs.read(digest), () => blobs.localPath(digest)]) {
      await damage('six runz');
      await expect(read()).rejects.toMatchObject({ code: 'STATE_DAMAGED' });
      expect(await blobs.has(digest)).toBe(false);
      await blobs.put('six runs');
    }
    await damage('short');
    await blobs.put('six runs');
    expect(new TextDecoder().decode(await blobs.read(digest)), 'another length is written over').toBe(
      'six runs',
    );
    const listed = await bucket.client.send(
      new bucket.sdk.ListObjectsV2Command({ Bucket: options.bucket, Prefix: 'team/blobs/damaged/' }),
    );
    expect(listed.KeyCount).toBe(2);
    bucket.client.destroy();
  });

  test('no unfinished file stays on this machine', async () => {
    const options = await optionsOf();
    await using blobs = await openS3BlobStore(options);
    const path = join(await temporaryFolder(), 'rows');
    await writeFile(path, 'rows');
    await blobs.putFile(path);
    await expect(
      blobs.putStream(
        (async function* () {
          yield new Uint8Array(3);
          throw new Error('the line went dead');
        })(),
      ),
    ).rejects.toThrow('the line went dead');
    const { folder } = options.cache;
    for (const name of await readdir(join(folder, 'tmp')))
      expect(await readdir(join(folder, 'tmp', name))).toEqual([]);
    expect(await readdir(join(folder, 'files')), 'a complete copy of what was put').toEqual([
      digestOf('rows'),
    ]);
  });

  test('a store that refuses us is distinguished from one that does not answer', async () => {
    await using refused = await open({ credentials: { ...credentials, secretAccessKey: 'x' } });
    await expect(refused.put('six')).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    await expect(refused.check()).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    await using silent = await open({ endpoint: `http://127.0.0.1:${await freePort()}` });
    await expect(silent.has(digestOf('six'))).rejects.toMatchObject({ code: 'NOT_READY' });
    await expect(silent.check()).rejects.toMatchObject({ code: 'NOT_READY' });
    await using absent = await open({ bucket: 'nowhere' });
    for (const use of [() => absent.put('six'), () => absent.check()])
      await expect(use()).rejects.toMatchObject({
        code: 'CONFIG_INVALID',
        detail: { value: 'nowhere: NoSuchBucket', remedy: 'Create the bucket, or name another.' },
      });
    await using present = await open();
    await present.check();
  });

  test('a task runs on a machine without our files: it reads inputs from the bucket and stores outputs there', async () => {
    const options = await optionsOf();
    await using blobs = await openS3BlobStore(options);
    await using scratch = await blobs.scratch();
    await using writer = await openTableWriter<{ price: number; day: string }>({
      name: 'rows',
      schema: {
        columns: [
          { name: 'price', type: 'number', nullable: false },
          { name: 'day', type: 'date', nullable: false },
        ],
      },
      scratchPath: scratch.path,
    });
    for (let row = 0; row < 20; row += 1)
      writer.add({ price: 100 + row, day: `2026-01-${String(row + 1).padStart(2, '0')}` });
    const rows = await saveDataset(await writer.finish(blobs), blobs);

    const elsewhere = await temporaryFolder();
    const { cache: _here, credentials: _ours, ...bucket } = options;
    const launcher = openProcessLauncher({
      entry: siblingEntry(new URL('../../src/cli/main.ts', import.meta.url).href, './task-process'),
      env: {
        PATH: process.env['PATH'],
        TMPDIR: elsewhere,
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      },
      blobs: { kind: 's3', ...bucket },
      cache: { folder: join(elsewhere, 'cache'), limit: 1e9 },
      moduleFolder: join(elsewhere, 'modules'),
      projectFolder: elsewhere,
    });
    const result = await launcher.launch(
      {
        task: 'price.split',
        operation: split.name,
        key: digestOf('key'),
        inputs: { rows },
        code: {},
        params: { target: 'price', split: { by: 'day', test: 0.25 } },
        outputs: { subsets: { kind: 'table' }, learned: { kind: 'table' } },
      },
      { onEvent: () => {}, signal: new AbortController().signal },
    );
    expect(result.facts).toMatchObject({ train: 15, test: 5 });
    const subsets = result.outputs['subsets'];
    expect(subsets && (await readDataset(subsets, blobs))).toMatchObject({ kind: 'table', rows: 20 });
  });
});
