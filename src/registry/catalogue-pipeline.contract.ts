import { expect, test } from 'vitest';
import { digestOf } from '../kernel/digest.ts';
import { newRunId } from '../kernel/ids.ts';
import { folderUri } from '../tracking/artifacts/location.ts';
import { newModel, newVersion, type OpenCatalogue } from './catalogue.fixture.ts';

const asha = { by: 'asha', at: 90 };

/** What clients and the pipeline see of each other's versions and aliases. */
export function cataloguePipelineContract(label: string, open: () => Promise<OpenCatalogue>): void {
  test(`${label}: a version of the pipeline is one of the catalogue, one of a client is none of the pipeline`, async () => {
    await using opened = await open();
    const { store, pipeline } = opened;
    const folder = digestOf('folder');
    const made = { model: 'm', runId: newRunId(), folder, metrics: { mae: 14.5 }, createdAt: 5 };
    await pipeline.register(made);
    expect(await store.findVersion({ model: 'm', version: 1 })).toMatchObject({
      source: `mlflow-artifacts:/modelyard/${folder}`,
      storage: `mlflow-artifacts:/modelyard/${folder}`,
      runId: made.runId,
      folder,
      metrics: { mae: 14.5 },
      createdAt: 5,
    });
    expect((await store.createVersion(newVersion())).version).toBe(2);
    expect(await pipeline.findVersion('m', 2)).toBeUndefined();
    expect((await pipeline.listVersions('m')).map(({ version }) => version)).toEqual([1]);
    expect((await pipeline.register({ ...made, folder: digestOf('next') })).version).toBe(3);
  });

  test(`${label}: a copy of a pipeline's version is one of the pipeline too, under whichever model`, async () => {
    await using opened = await open();
    const { store, pipeline } = opened;
    const folder = digestOf('folder');
    const made = { model: 'm', runId: newRunId(), folder, metrics: { mae: 14.5 }, createdAt: 5 };
    await pipeline.register(made);
    await store.createModel(newModel({ name: 'n' }));
    const storage = folderUri(folder);
    const { runId, metrics } = made;
    for (const model of ['m', 'n'])
      await store.createVersion(newVersion({ model, source: 'models:/m/1', storage, runId, metrics }));
    const copy = { ...made, version: 2, createdAt: 50 };
    expect(await pipeline.findVersion('m', 2)).toEqual(copy);
    expect(await store.findVersion({ model: 'm', version: 2 })).toMatchObject({ folder, metrics });
    expect(await pipeline.listVersions('m')).toEqual([copy, { ...made, version: 1 }]);
    expect(await pipeline.listVersions('n')).toEqual([{ ...copy, model: 'n', version: 1 }]);
    expect(await pipeline.findByFolder('m', folder), 'the first that had it').toEqual({
      ...made,
      version: 1,
    });
    expect(await pipeline.register({ ...made, createdAt: 99 })).toEqual({ ...made, version: 1 });
    expect(await pipeline.register({ ...made, model: 'n' })).toMatchObject({ model: 'n', version: 1 });
    await pipeline.moveAlias({ model: 'm', alias: 'prod', from: undefined, to: 2, by: 'x', movedAt: 1 });
    expect(await pipeline.aliases('m')).toEqual({ prod: 2 });
  });

  test.each([
    { name: 'a part of a folder', storage: `${folderUri(digestOf('folder'))}/modelyard` },
    { name: 'what no run is known of', runId: undefined },
    { name: 'the files of a folder by their address', source: folderUri(digestOf('folder')) },
  ])(`${label}: $name is no version of the pipeline`, async ({ name: _name, ...over }) => {
    await using opened = await open();
    const { store, pipeline } = opened;
    await store.createModel(newModel());
    const copy = { source: 'models:/m/1', storage: folderUri(digestOf('folder')), runId: newRunId() };
    await store.createVersion(newVersion({ ...copy, ...over }));
    expect(await pipeline.findVersion('m', 1)).toBeUndefined();
    expect(await pipeline.listVersions('m')).toEqual([]);
  });

  test(`${label}: a client's move of an alias is a move by hand of the same alias`, async () => {
    await using opened = await open();
    const { store, pipeline } = opened;
    for (const text of ['one', 'two'])
      await pipeline.register({
        model: 'm',
        runId: newRunId(),
        folder: digestOf(text),
        metrics: {},
        createdAt: 5,
      });
    const prod = { model: 'm', alias: 'prod' };
    await pipeline.moveAlias({ ...prod, from: undefined, to: 1, by: 'gate', movedAt: 6 });
    await store.putAlias({ ...prod, version: 2 }, { by: 'a client', at: 7 });
    expect(await pipeline.aliases('m')).toEqual({ prod: 2 });
    expect(await pipeline.aliasHistory('m', 'prod')).toMatchObject([
      { from: 1, to: 2, by: 'a client', movedAt: 7 },
      { to: 1, by: 'gate' },
    ]);
    await store.removeAlias(prod, asha);
    expect(await pipeline.aliases('m')).toEqual({});
    expect(await pipeline.aliasHistory('m', 'prod')).toHaveLength(2);
  });
}
