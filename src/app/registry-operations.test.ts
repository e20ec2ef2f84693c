import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openFileArtifactStore } from '../adapters/files/artifact-store.ts';
import { emptySqlite } from '../adapters/sql/empty-sqlite.fixture.ts';
import { sqlRegistryStore } from '../adapters/sql/registry/registry-store.ts';
import { sqlTrackingStores } from '../adapters/sql/tracking/tracking-stores.ts';
import { housesProject } from '../lifecycle/houses.fixture.ts';
import { newModel, newVersion, putAlias, removeAlias } from '../registry/store.fixture.ts';
import type { RegistryStore } from '../registry/store.ts';
import { artifactPath } from '../tracking/artifacts/path.ts';
import type { ArtifactStore } from '../tracking/artifacts/store.ts';
import { type OpenRunStores, startRun } from '../tracking/run-stores.fixture.ts';
import { openHousesApp } from './houses-app.fixture.ts';
import { registryOperations } from './registry-operations.ts';

interface Opened {
  readonly registry: RegistryStore;
  readonly tracking: Omit<OpenRunStores, typeof Symbol.asyncDispose>;
  readonly artifacts: ArtifactStore;
  readonly operations: ReturnType<typeof registryOperations>;
}

const asha = { by: 'asha', at: 60 };

/** A registry of clients alone. */
async function open(): Promise<Opened> {
  const database = await emptySqlite();
  onTestFinished(() => database[Symbol.asyncDispose]());
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const artifacts = await openFileArtifactStore(join(folder, 'artifacts'));
  onTestFinished(() => artifacts[Symbol.asyncDispose]());
  const registry = sqlRegistryStore(database);
  const tracking = sqlTrackingStores(database);
  const stores = { registry, tracking, operations: [] };
  const operations = registryOperations({ projects: () => [], stores, artifacts, blobs: undefined as never });
  return { registry, tracking, artifacts, operations };
}

test('models are listed by name or by their last change, page by page, and counted when asked', async () => {
  const { registry, operations } = await open();
  for (const [name, at] of [
    ['b', 3],
    ['a%', 1],
    ['c', 2],
  ] as const)
    await registry.createModel(newModel({ name, at }));
  const list = operations.listRegisteredModels;
  const first = await list({ limit: 2, offset: 0, count: true });
  expect([first.models.map(({ name }) => name), first.total, first.next]).toEqual([['a%', 'b'], 3, 2]);
  const last = await list({ limit: 2, offset: 2 });
  expect([last.models.map(({ name }) => name), last.total, last.next]).toEqual([['c'], null, null]);
  const latest = await list({ limit: 9, offset: 0, order: 'updated' });
  expect(latest.models.map(({ name }) => name)).toEqual(['b', 'c', 'a%']);
  const found = await list({ limit: 9, offset: 0, contains: '%', count: true });
  expect([found.models.map(({ name }) => name), found.total]).toEqual([['a%'], 1]);
});

test('a model says its latest version, its stages, and what is known of its aliases', async () => {
  const { registry, operations } = await open();
  await registry.createModel(newModel({ tags: { team: 'x' }, description: 'd' }));
  for (let count = 0; count < 3; count += 1) await registry.createVersion(newVersion());
  await registry.moveToStage(
    { model: 'm', version: 2 },
    { stage: 'Production', archiveOthers: false, at: 51 },
  );
  for (const version of [1, 2]) await putAlias(registry, { model: 'm', version, alias: 'prod' }, asha);
  await putAlias(registry, { model: 'm', version: 3, alias: 'constructor' }, asha);
  await putAlias(registry, { model: 'm', version: 3, alias: 'gone' }, asha);
  await removeAlias(registry, { model: 'm', alias: 'gone' }, asha);
  const moved = { at: 60, by: 'asha', why: '' };
  expect(await operations.getRegisteredModel({ model: 'm' })).toEqual({
    name: 'm',
    description: 'd',
    tags: { team: 'x' },
    aliases: { constructor: 3, prod: 2 },
    latestVersion: 3,
    stages: { Production: 2 },
    createdAt: 10,
    updatedAt: expect.any(Number),
    versionCount: 3,
    aliasList: [
      { alias: 'constructor', version: 3, moved, previous: null },
      { alias: 'prod', version: 2, moved, previous: 1 },
    ],
    served: null,
  });
  await registry.deleteVersion({ model: 'm', version: 1 }, asha);
  expect((await operations.getRegisteredModel({ model: 'm' })).aliasList[1]).toMatchObject({
    previous: null,
  });
});

test('versions come with their runs, the highest number first', async () => {
  const { registry, tracking, operations } = await open();
  const run = await startRun(tracking as OpenRunStores, { name: 'calm-otter' });
  await registry.createModel(newModel());
  await registry.createModel(newModel({ name: 'other' }));
  await registry.createVersion(newVersion({ runId: run, tags: { k: 'v' }, description: 'first' }));
  await registry.createVersion(newVersion({ runId: 'f'.repeat(32) }));
  await registry.createVersion(newVersion({ model: 'other' }));
  const { versions, next } = await operations.listModelVersions({ model: 'm', limit: 10, offset: 0 });
  expect(next).toBeNull();
  expect(versions.map(({ version, run: of }) => [version, of?.name ?? null])).toEqual([
    [2, null],
    [1, 'calm-otter'],
  ]);
  expect(versions[1]).toMatchObject({ tags: { k: 'v' }, description: 'first', stage: 'None', verdict: null });
  expect(await operations.listModelVersions({ model: 'm', limit: 1, offset: 0 })).toMatchObject({ next: 1 });
  expect(await operations.getModelVersion({ model: 'm', version: 2 })).toMatchObject({
    run: null,
    runId: 'f'.repeat(32),
    source: 's3://b/k',
    signature: null,
  });
});

test('a prompt has its versions too', async () => {
  const { registry, operations } = await open();
  const tags = { 'mlflow.prompt.is_prompt': 'true' };
  await registry.createModel(newModel({ tags }));
  await registry.createVersion(newVersion({ tags }));
  expect(await operations.getRegisteredModel({ model: 'm' })).toMatchObject({ versionCount: 1 });
  const { versions } = await operations.listModelVersions({ model: 'm', limit: 10, offset: 0 });
  expect(versions).toHaveLength(1);
});

test('the signature comes from the files of the version, and what lies elsewhere has none', async () => {
  const { registry, artifacts, operations } = await open();
  const text = `signature:\n  inputs: '[{"type": "double", "name": "size", "required": true}]'\n  outputs: null\n`;
  await artifacts.put(
    artifactPath('1/r/artifacts/model/MLmodel'),
    (async function* () {
      yield Buffer.from(text);
    })(),
  );
  await registry.createModel(newModel());
  for (const source of ['mlflow-artifacts:/1/r/artifacts/model', 'mlflow-artifacts:/1/none', 's3://b/k'])
    await registry.createVersion(newVersion({ source }));
  const signatures = await Promise.all(
    [1, 2, 3].map(async (version) => (await operations.getModelVersion({ model: 'm', version })).signature),
  );
  expect(signatures).toEqual([
    { inputs: [{ name: 'size', type: 'double', required: true, default: null }], outputs: [], params: [] },
    null,
    null,
  ]);
});

test('what is not registered is named', async () => {
  const { registry, operations } = await open();
  await registry.createModel(newModel());
  const missing = { code: 'MODEL_NOT_FOUND', detail: { field: 'model', value: 'none' } };
  await expect(operations.getRegisteredModel({ model: 'none' })).rejects.toMatchObject(missing);
  const page = { model: 'none', limit: 1, offset: 0 };
  await expect(operations.listModelVersions(page)).rejects.toMatchObject(missing);
  await expect(operations.getModelVersion({ model: 'm', version: 7 })).rejects.toMatchObject({
    code: 'VERSION_NOT_FOUND',
    detail: { field: 'version', value: 7 },
  });
});

test('a model of a project says where it is served, with the figures and verdicts of its versions', async () => {
  await using host = await openHousesApp(housesProject());
  const { app } = host;
  await host.run({ project: 'houses' });
  const model = 'house-price';
  const served = { endpoint: model, project: 'houses', alias: 'prod', version: 1, problem: null };
  expect(await app.getRegisteredModel({ model })).toMatchObject({ served, versionCount: 1 });
  const version = await app.getModelVersion({ model, version: 1 });
  expect(version.verdicts).toEqual([version.verdict]);
  expect(version.verdict?.summary).toMatch(/^promoted: the first version/);
  expect(version.metrics[0]).toMatchObject({ name: 'mae' });
  expect(version.signature?.inputs.length).toBeGreaterThan(0);
  await app.removeAlias({ model, alias: 'prod', expected: 1, why: 'wrong rows' });
  expect(await app.getRegisteredModel({ model })).toMatchObject({
    served: { version: null },
    aliasList: [{ alias: 'prod', version: null, previous: 1, moved: { why: 'wrong rows' } }],
  });
});
