import { expect, test } from 'vitest';
import type { ImportNote, ImportStore } from '../tracking/import-store.ts';
import type { RegistryStore } from './store.ts';
import type { ImportedVersion, RegistryImport } from './import-store.ts';

export interface OpenRegistryImport extends AsyncDisposable {
  readonly store: RegistryImport;
  readonly notes: ImportStore;
  readonly registry: RegistryStore;
}

type Open = () => Promise<OpenRegistryImport>;

const source = 'http://theirs';
const model = { name: 'reg', description: 'd', tags: { k: 'v' }, createdAt: 3, updatedAt: 4 };

function noteOf(kind: ImportNote['kind'], id: string, change: Partial<ImportNote> = {}): ImportNote {
  return { source, kind, id, localId: id, attempt: 1, state: 'complete', digest: '', facts: {}, ...change };
}

function version(number: number, change: Partial<ImportedVersion> = {}): ImportedVersion {
  return {
    model: 'reg',
    version: number,
    source: 'models:/m-1',
    storage: 's3://b/m',
    runId: 'r',
    runLink: 'http://r',
    loggedModelId: 'm-1',
    description: 'd1',
    stage: 'Production',
    tags: { a: 'b' },
    createdAt: 5,
    updatedAt: 6,
    ...change,
  };
}

/** What every store of an imported registry must do; each adapter's test is one call of this. */
export function registryImportContract(label: string, open: Open): void {
  test(`${label}: a model and its versions are what they were there`, async () => {
    await using opened = await open();
    const { store, registry, notes } = opened;
    expect(await store.putModel(model, noteOf('registered model', 'reg'))).toBe(true);
    expect(await store.putVersion(version(4), noteOf('model version', 'reg/4'))).toBe(true);
    expect(await registry.findVersion({ model: 'reg', version: 4 })).toEqual({
      ...version(4),
      folder: undefined,
      metrics: {},
      aliases: [],
    });
    expect(await registry.findModel('reg')).toMatchObject({ ...model, aliases: {} });
    expect(await notes.find(noteOf('model version', 'reg/4'))).toEqual(noteOf('model version', 'reg/4'));
    const next = { ...version(0), at: 9 };
    expect((await registry.createVersion(next)).version, 'the next number').toBe(5);
  });

  test(`${label}: they follow their source, and keep what was added here`, async () => {
    await using opened = await open();
    const { store, registry } = opened;
    const [ofModel, ofVersion] = [noteOf('registered model', 'reg'), noteOf('model version', 'reg/2')];
    await store.putModel(model, ofModel);
    await store.putVersion(version(2), ofVersion);
    await registry.setTag({ model: 'reg', key: 'local' }, '1', 7);
    expect(await store.putModel({ ...model, description: 'new', tags: { k: 'w' } }, ofModel)).toBe(true);
    expect(await store.putVersion(version(2, { stage: 'Archived', updatedAt: 8 }), ofVersion)).toBe(true);
    expect(await registry.findModel('reg')).toMatchObject({
      description: 'new',
      tags: { k: 'w', local: '1' },
    });
    expect(await registry.findVersion({ model: 'reg', version: 2 })).toMatchObject({
      stage: 'Archived',
      updatedAt: 8,
    });
  });

  test(`${label}: what is not of the source is left as it is`, async () => {
    await using opened = await open();
    const { store, registry, notes } = opened;
    await registry.createModel({ name: 'reg', description: 'ours', tags: {}, at: 1 });
    expect(await store.putModel(model, noteOf('registered model', 'reg'))).toBe(false);
    expect(await registry.findModel('reg')).toMatchObject({ description: 'ours', tags: {} });
    await registry.createVersion({ ...version(1, { description: 'ours' }), at: 1 });
    expect(await store.putVersion(version(1), noteOf('model version', 'reg/1'))).toBe(false);
    expect(await registry.findVersion({ model: 'reg', version: 1 })).toMatchObject({ description: 'ours' });
    expect(await notes.find(noteOf('model version', 'reg/1'))).toBeUndefined();
  });

  test(`${label}: aliases point where they do there, and the history tells which moved`, async () => {
    await using opened = await open();
    const { store, registry } = opened;
    await store.putModel(model, noteOf('registered model', 'reg'));
    for (const number of [1, 2])
      await store.putVersion(version(number), noteOf('model version', `reg/${number}`));
    const by = { by: 'import', at: 9 };
    await store.putAliases('reg', { prod: 1, best: 2 }, by);
    await store.putAliases('reg', { prod: 1, best: 1 }, { ...by, at: 10 });
    expect((await registry.findModel('reg'))?.aliases).toEqual({ best: 1, prod: 1 });
    expect(await registry.aliasHistory('reg', 'prod')).toHaveLength(1);
    expect(await registry.aliasHistory('reg', 'best')).toMatchObject([
      { from: 2, to: 1, by: 'import', movedAt: 10 },
      { from: undefined, to: 2, movedAt: 9 },
    ]);
    await expect(store.putAliases('reg', { x: 7 }, by)).rejects.toMatchObject({ code: 'VERSION_NOT_FOUND' });
    await expect(store.putAliases('no', {}, by)).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
  });
}
