import { expect, test } from 'vitest';
import { digestOf } from '../kernel/digest.ts';
import { newRunId } from '../kernel/ids.ts';
import { folderUri } from '../tracking/artifacts/location.ts';
import { asPipelineVersion } from './model.ts';
import { newModel, newVersion, type OpenRegistry } from './store.fixture.ts';
import { putAlias, removeAlias } from './store.fixture.ts';

const asha = { by: 'asha', at: 90 };

/** What clients and the pipeline see of each other's versions and aliases. */
export function sharedVersionsContract(label: string, open: () => Promise<OpenRegistry>): void {
  test(`${label}: a version of the pipeline is a model version; one of a client is no version of the pipeline`, async () => {
    await using opened = await open();
    const { store } = opened;
    const folder = digestOf('folder');
    const trained = { model: 'm', runId: newRunId(), folder, metrics: { mae: 14.5 }, createdAt: 5 };
    await store.register(trained);
    expect(await store.findVersion({ model: 'm', version: 1 })).toMatchObject({
      source: `mlflow-artifacts:/modelyard/${folder}`,
      storage: `mlflow-artifacts:/modelyard/${folder}`,
      runId: trained.runId,
      folder,
      metrics: { mae: 14.5 },
      createdAt: 5,
    });
    expect((await store.createVersion(newVersion())).version).toBe(2);
    expect(asPipelineVersion(await store.findVersion({ model: 'm', version: 2 }))).toBeUndefined();
    expect((await store.listPipelineVersions('m')).map(({ version }) => version)).toEqual([1]);
    expect((await store.register({ ...trained, folder: digestOf('next') })).version).toBe(3);
  });

  test(`${label}: a copy of a pipeline's version is one of the pipeline too, under whichever model`, async () => {
    await using opened = await open();
    const { store } = opened;
    const folder = digestOf('folder');
    const trained = { model: 'm', runId: newRunId(), folder, metrics: { mae: 14.5 }, createdAt: 5 };
    await store.register(trained);
    await store.createModel(newModel({ name: 'n' }));
    const storage = folderUri(folder);
    const { runId, metrics } = trained;
    for (const model of ['m', 'n'])
      await store.createVersion(newVersion({ model, source: 'models:/m/1', storage, runId, metrics }));
    const copy = { ...trained, version: 2, createdAt: 50 };
    expect(asPipelineVersion(await store.findVersion({ model: 'm', version: 2 }))).toMatchObject(copy);
    expect(await store.findVersion({ model: 'm', version: 2 })).toMatchObject({ folder, metrics });
    expect(await store.listPipelineVersions('m')).toMatchObject([copy, { ...trained, version: 1 }]);
    expect(await store.listPipelineVersions('n')).toMatchObject([{ ...copy, model: 'n', version: 1 }]);
    expect(await store.findByFolder('m', folder), 'the first that had it').toMatchObject({
      ...trained,
      version: 1,
    });
    expect(await store.register({ ...trained, createdAt: 99 })).toMatchObject({ ...trained, version: 1 });
    expect(await store.register({ ...trained, model: 'n' })).toMatchObject({ model: 'n', version: 1 });
    await store.moveAlias({ model: 'm', alias: 'prod', from: undefined, to: 2, by: 'x', movedAt: 1 });
    expect(await store.aliases('m')).toEqual({ prod: 2 });
  });

  test.each([
    { name: 'a part of a folder', storage: `${folderUri(digestOf('folder'))}/modelyard` },
    { name: 'what no run is known of', runId: undefined },
    { name: 'the files of a folder by their address', source: folderUri(digestOf('folder')) },
  ])(`${label}: $name is no version of the pipeline`, async ({ name: _name, ...over }) => {
    await using opened = await open();
    const { store } = opened;
    await store.createModel(newModel());
    const copy = { source: 'models:/m/1', storage: folderUri(digestOf('folder')), runId: newRunId() };
    await store.createVersion(newVersion({ ...copy, ...over }));
    expect(asPipelineVersion(await store.findVersion({ model: 'm', version: 1 }))).toBeUndefined();
    expect(await store.listPipelineVersions('m')).toEqual([]);
  });

  test(`${label}: a client's move of an alias is a move by hand of the same alias`, async () => {
    await using opened = await open();
    const { store } = opened;
    for (const text of ['one', 'two'])
      await store.register({
        model: 'm',
        runId: newRunId(),
        folder: digestOf(text),
        metrics: {},
        createdAt: 5,
      });
    const prod = { model: 'm', alias: 'prod' };
    await store.moveAlias({ ...prod, from: undefined, to: 1, by: 'gate', movedAt: 6 });
    await putAlias(store, { ...prod, version: 2 }, { by: 'a client', at: 7 });
    expect(await store.aliases('m')).toEqual({ prod: 2 });
    expect(await store.aliasHistory('m', 'prod')).toMatchObject([
      { from: 1, to: 2, by: 'a client', movedAt: 7 },
      { to: 1, by: 'gate' },
    ]);
    await removeAlias(store, prod, asha);
    expect(await store.aliases('m')).toEqual({});
    expect(await store.aliasHistory('m', 'prod')).toMatchObject([{ from: 2, to: undefined }, {}, {}]);
  });
}
