import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { artifactPath } from '../../src/tracking/artifacts/path.ts';
import { artifactStoreContract } from '../../src/tracking/artifacts/store.contract.ts';
import { openS3ArtifactStore } from '../../src/adapters/s3/artifact-store.ts';
import { credentials, freePort, type Gateway, startGateway, withoutGateway } from './s3-gateway.ts';

let gateway: Gateway | undefined;
let endpoint = '';

const open = (bucket: string) =>
  openS3ArtifactStore({ bucket, prefix: 'team/artifacts', region: 'us-east-1', endpoint, credentials });

const newBucket = async (): Promise<string> => (await gateway?.newBucket()) ?? '';

describe.skipIf(withoutGateway)('S3 (needs versitygw)', () => {
  beforeAll(async () => {
    gateway = await startGateway();
    ({ endpoint } = gateway);
  });

  afterAll(() => gateway?.[Symbol.asyncDispose]());

  artifactStoreContract('s3', async () => {
    const bucket = await newBucket();
    return { store: await open(bucket), again: () => open(bucket) };
  });

  test('a file longer than a part is read back in full, and a failed upload leaves nothing', async () => {
    await using store = await open(await newBucket());
    const piece = new Uint8Array(1 << 20).map((_value, index) => index % 251);
    async function* pieces(count: number, fault?: string): AsyncGenerator<Uint8Array> {
      for (let sent = 0; sent < count; sent += 1) yield piece;
      if (fault !== undefined) throw new Error(fault);
    }
    const path = artifactPath('large.bin');
    await expect(store.put(path, pieces(20, 'the line went dead'))).rejects.toThrow('the line went dead');
    expect(await store.stat(path)).toBeUndefined();
    expect((await store.put(path, pieces(20))).size).toBe(20 << 20);
    await using opened = await store.open(path);
    let index = 0;
    for await (const read of opened.read())
      for (const byte of read)
        if (byte !== (index++ % (1 << 20)) % 251) throw new Error(`byte ${index} is wrong`);
    expect(index).toBe(20 << 20);
  });

  test('presigned addresses accept a file and a part, and return a file', async () => {
    await using store = await open(await newBucket());
    const { direct } = store;
    const path = artifactPath('d/a b+(c).txt');
    const { url } = (await direct?.upload(path)) ?? { url: '' };
    expect((await fetch(url, { method: 'PUT', body: 'six' })).status).toBe(200);
    const download = await direct?.download(path);
    expect(download?.size).toBe(3);
    expect(await (await fetch(download?.url ?? '')).text()).toBe('six');
    expect((await fetch((download?.url ?? '').replace(/.$/, 'x'))).status).toBe(403);
    const upload = await store.beginUpload(path);
    const part = await direct?.part(path, { upload, part: 1 });
    const sent = await fetch(part?.url ?? '', { method: 'PUT', body: 'four' });
    const tag = (sent.headers.get('etag') ?? '').replaceAll('"', '');
    await store.completeUpload(path, upload, [{ part: 1, tag }]);
    expect(await (await fetch((await direct?.download(path))?.url ?? '')).text()).toBe('four');
  });

  test('a store that refuses us is distinguished from one that does not answer', async () => {
    const bucket = await newBucket();
    const options = { bucket, region: 'us-east-1' };
    const wrong = { ...credentials, secretAccessKey: 'x' };
    await using refused = await openS3ArtifactStore({ ...options, endpoint, credentials: wrong });
    await expect(refused.check()).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    await expect(refused.list(artifactPath('d'))).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    const nowhere = `http://127.0.0.1:${await freePort()}`;
    await using silent = await openS3ArtifactStore({ ...options, endpoint: nowhere, credentials });
    await expect(silent.list(artifactPath('d'))).rejects.toMatchObject({ code: 'NOT_READY' });
  });
});
