import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openS3ArtifactStore } from '../../src/adapters/s3/artifact-store.ts';
import { purgeStores } from '../../src/adapters/sql/purge/purge.fixture.ts';
import { openSqlite } from '../../src/adapters/sql/sqlite/sqlite.ts';
import { artifactPath } from '../../src/tracking/artifacts/path.ts';
import type { OpenPurge } from '../../src/tracking/purge-store.contract.ts';
import { purge } from '../../src/tracking/purge.ts';
import { startRun } from '../../src/tracking/run-stores.fixture.ts';
import { credentials, freePort, type Gateway, startGateway, withoutGateway } from './s3-gateway.ts';

let gateway: Gateway | undefined;
let folder = '';
let databases = 0;

const open = (bucket: string, endpoint = gateway?.endpoint ?? '') =>
  openS3ArtifactStore({ bucket, prefix: 'team/artifacts', region: 'us-east-1', endpoint, credentials });

async function openStores(): Promise<OpenPurge> {
  databases += 1;
  return purgeStores(await openSqlite(join(folder, `${databases}.db`)));
}

async function* content(): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode('bytes');
}

const selection = { runs: [], loggedModels: [], experiments: [], registeredModels: [], deletedBefore: 5 };

describe.skipIf(withoutGateway)('purges on S3 (needs versitygw)', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'modelyard-s3-purge-'));
    gateway = await startGateway();
  });

  afterAll(async () => {
    await gateway?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  test('a purge removes the artifacts of purged runs and no others', async () => {
    await using artifacts = await open((await gateway?.newBucket()) ?? '');
    await using stores = await openStores();
    const [gone, stays] = [await startRun(stores), await startRun(stores)];
    for (const run of [gone, stays])
      for (const name of ['a.txt', 'model/b.txt', 'model/c/d.txt'])
        await artifacts.put(artifactPath(`0/${run}/artifacts/${name}`), content());
    await stores.runs.delete(gone, 5);
    const deps = { store: stores.purge, artifacts, now: () => 9 };
    expect(await purge(selection, deps)).toMatchObject({ gone: [{ id: gone }], foldersRemoved: 1, left: [] });
    expect((await artifacts.list(artifactPath('0'))).map(({ path }) => path)).toEqual([`0/${stays}`]);
    expect(await artifacts.list(artifactPath(`0/${stays}/artifacts/model`))).toHaveLength(2);
  });

  test('a purge while the store does not answer is finished by the next', async () => {
    const bucket = (await gateway?.newBucket()) ?? '';
    await using artifacts = await open(bucket);
    await using silent = await open(bucket, `http://127.0.0.1:${await freePort()}`);
    await using stores = await openStores();
    const run = await startRun(stores);
    await artifacts.put(artifactPath(`0/${run}/artifacts/a.txt`), content());
    await stores.runs.delete(run, 5);
    const deps = { store: stores.purge, now: () => 9 };
    expect(await purge(selection, { ...deps, artifacts: silent })).toMatchObject({
      gone: [{ id: run }],
      foldersRemoved: 0,
      left: [{ location: `mlflow-artifacts:/0/${run}/artifacts`, why: expect.stringContaining('not ready') }],
    });
    const next = await purge(selection, { ...deps, artifacts });
    expect(next).toMatchObject({ gone: [], foldersRemoved: 1, left: [] });
    expect(await artifacts.list(artifactPath('0'))).toEqual([]);
  });
});
