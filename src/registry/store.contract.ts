import { expect, test } from 'vitest';
import { newRunId } from '../kernel/ids.ts';
import type { Clause } from '../tracking/search/ast.ts';
import { newModel, newVersion, type OpenRegistry } from './store.fixture.ts';
import { sharedVersionsContract } from './shared-versions.contract.ts';
import { pageBytesContract } from './page-bytes.contract.ts';
import { pipelineVersionsContract } from './pipeline-versions.contract.ts';
import type { RegistrySearch, RegistryStore } from './store.ts';
import { putAlias, removeAlias } from './store.fixture.ts';

type Open = () => Promise<OpenRegistry>;

const asha = { by: 'asha', at: 90 };

/** What every registry must do; each adapter's test is one call of this. */
export function registryStoreContract(label: string, open: Open): void {
  models(label, open);
  versions(label, open);
  aliases(label, open);
  byAlias(label, open);
  searches(label, open);
  pageBytesContract(label, open);
  pipelineVersionsContract(label, open);
  sharedVersionsContract(label, open);
}

function models(label: string, open: Open): void {
  test(`${label}: a model is made once, found, described, renamed and deleted`, async () => {
    await using opened = await open();
    const { store } = opened;
    const created = await store.createModel(newModel({ tags: { b: '2', a: 'é' }, description: 'd' }));
    expect(created).toEqual({
      name: 'm',
      description: 'd',
      tags: { a: 'é', b: '2' },
      aliases: {},
      latest: [],
      createdAt: 10,
      updatedAt: 10,
    });
    expect(await store.findModel('m')).toEqual(created);
    await expect(store.createModel(newModel())).rejects.toMatchObject({ code: 'MODEL_EXISTS' });
    expect(await store.describeModel('m', { description: 'new', at: 20 })).toEqual({
      ...created,
      description: 'new',
      updatedAt: 20,
    });
    await store.createModel(newModel({ name: 'other' }));
    await expect(store.renameModel('m', { name: 'other', at: 30 })).rejects.toMatchObject({
      code: 'MODEL_EXISTS',
    });
    for (const alias of ['prod', 'old']) {
      await store.createVersion(newVersion());
      await putAlias(store, { model: 'm', version: 1, alias }, asha);
    }
    const gone = { model: 'm', from: 1, to: undefined, by: 'asha', movedAt: 90 };
    expect(await store.deleteModel('m', asha)).toEqual([
      { ...gone, alias: 'old' },
      { ...gone, alias: 'prod' },
    ]);
    expect(await store.findModel('m')).toBeUndefined();
    expect(await store.findModel('other')).toMatchObject({ name: 'other' });
    expect(await store.deleteModel('other', asha)).toEqual([]);
  });

  test(`${label}: what is asked of a model that is not there is refused`, async () => {
    await using opened = await open();
    const { store } = opened;
    const missing = { code: 'MODEL_NOT_FOUND', detail: { value: 'none' } };
    const key = { model: 'none', version: 1 };
    for (const asked of [
      () => store.describeModel('none', { description: '', at: 1 }),
      () => store.renameModel('none', { name: 'n', at: 1 }),
      () => store.deleteModel('none', asha),
      () => store.createVersion(newVersion({ model: 'none' })),
      () => store.describeVersion(key, { description: '', at: 1 }),
      () => store.deleteVersion(key, asha),
      () => store.setTag({ model: 'none', key: 'k' }, 'v', 1),
      () => store.deleteTag({ model: 'none', key: 'k' }, 1),
      () => putAlias(store, { ...key, alias: 'prod' }, asha),
      () => removeAlias(store, { model: 'none', alias: 'prod' }, asha),
    ])
      await expect(asked()).rejects.toMatchObject(missing);
  });

  test(`${label}: a rename takes versions, tags, aliases and the history along`, async () => {
    await using opened = await open();
    const { store } = opened;
    await store.createModel(newModel({ tags: { k: 'v' } }));
    await store.createVersion(newVersion({ tags: { a: 'b' } }));
    await putAlias(store, { model: 'm', version: 1, alias: 'prod' }, asha);
    const renamed = await store.renameModel('m', { name: 'n', at: 40 });
    expect(renamed).toMatchObject({ name: 'n', tags: { k: 'v' }, aliases: { prod: 1 }, updatedAt: 40 });
    expect(renamed.latest).toEqual([await store.findVersion({ model: 'n', version: 1 })]);
    expect(renamed.latest[0]).toMatchObject({ tags: { a: 'b' }, aliases: ['prod'], updatedAt: 40 });
    expect(await store.aliasHistory('n', 'prod')).toHaveLength(1);
    expect(await store.findModel('m')).toBeUndefined();
    expect(await store.findVersion({ model: 'm', version: 1 })).toBeUndefined();
  });
}

function versions(label: string, open: Open): void {
  test(`${label}: versions are numbered, found as they were made, and a number is not given twice`, async () => {
    await using opened = await open();
    const { store } = opened;
    await store.createModel(newModel());
    const runId = newRunId();
    const first = await store.createVersion(
      newVersion({ runId, runLink: 'http://x', tags: { k: 'v' }, description: 'd', loggedModelId: 'm-1' }),
    );
    expect(first).toEqual({
      model: 'm',
      version: 1,
      source: 's3://b/k',
      storage: 's3://b/k',
      runId,
      runLink: 'http://x',
      loggedModelId: 'm-1',
      folder: undefined,
      metrics: {},
      description: 'd',
      stage: 'None',
      tags: { k: 'v' },
      aliases: [],
      createdAt: 50,
      updatedAt: 50,
    });
    const second = await store.createVersion(newVersion({ source: 'models:/m/1', storage: 's3://b/k' }));
    expect(second).toMatchObject({
      version: 2,
      source: 'models:/m/1',
      storage: 's3://b/k',
      runId: undefined,
    });
    expect(await store.findModel('m')).toMatchObject({ updatedAt: 50, latest: [second] });
    await store.deleteVersion({ model: 'm', version: 2 }, asha);
    expect(await store.findVersion({ model: 'm', version: 2 })).toBeUndefined();
    expect(await store.findModel('m')).toMatchObject({ updatedAt: 90, latest: [first] });
    expect((await store.createVersion(newVersion())).version).toBe(3);
  });

  test(`${label}: versions made at once get numbers of their own`, async () => {
    await using opened = await open();
    const { store } = opened;
    await store.createModel(newModel());
    const created = await Promise.all(Array.from({ length: 12 }, () => store.createVersion(newVersion())));
    expect(created.map(({ version }) => version).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 12 }, (_, index) => index + 1),
    );
  });

  test(`${label}: a stage is taken, and the others there are archived when that is asked`, async () => {
    await using opened = await open();
    const { store } = opened;
    await withVersions(store, 3);
    const to = { stage: 'Production', archiveOthers: false } as const;
    await store.moveToStage({ model: 'm', version: 1 }, { ...to, at: 60 });
    await store.moveToStage({ model: 'm', version: 2 }, { ...to, at: 61 });
    expect((await store.findModel('m'))?.latest.map(({ version, stage }) => [version, stage])).toEqual([
      [2, 'Production'],
      [3, 'None'],
    ]);
    await store.createVersion(newVersion());
    await store.moveToStage({ model: 'm', version: 1 }, { stage: 'None', archiveOthers: false, at: 61 });
    await store.moveToStage({ model: 'm', version: 3 }, { ...to, at: 61 });
    expect((await store.findModel('m'))?.latest.map(({ version, stage }) => [version, stage])).toEqual([
      [4, 'None'],
      [3, 'Production'],
    ]);
    await store.moveToStage({ model: 'm', version: 1 }, { ...to, at: 61 });
    await store.moveToStage({ model: 'm', version: 3 }, { stage: 'None', archiveOthers: false, at: 61 });
    const moved = await store.moveToStage({ model: 'm', version: 3 }, { ...to, archiveOthers: true, at: 62 });
    expect(moved).toMatchObject({ version: 3, stage: 'Production', updatedAt: 62 });
    expect(await store.findVersion({ model: 'm', version: 1 })).toMatchObject({
      stage: 'Archived',
      updatedAt: 62,
    });
    expect((await store.findModel('m'))?.updatedAt).toBe(62);
  });

  test(`${label}: tags of models and versions are set, replaced and deleted; one that is not there is no error`, async () => {
    await using opened = await open();
    const { store } = opened;
    await withVersions(store, 1);
    const ofModel = { model: 'm', key: 'k' };
    const ofVersion = { ...ofModel, version: 1 };
    for (const value of ['1', '']) {
      await store.setTag(ofModel, value, 70);
      await store.setTag(ofVersion, `v${value}`, 70);
    }
    expect((await store.findModel('m'))?.tags).toEqual({ k: '' });
    expect((await store.findVersion({ model: 'm', version: 1 }))?.tags).toEqual({ k: 'v' });
    for (const tag of [ofModel, ofVersion, ofModel, ofVersion]) await store.deleteTag(tag, 71);
    expect((await store.findModel('m'))?.tags).toEqual({});
    expect((await store.findVersion({ model: 'm', version: 1 }))?.tags).toEqual({});
    await expect(store.setTag({ ...ofVersion, version: 9 }, 'v', 1)).rejects.toMatchObject({
      code: 'VERSION_NOT_FOUND',
    });
  });
}

function aliases(label: string, open: Open): void {
  test(`${label}: an alias moves wherever it was, and the history tells moves and removals`, async () => {
    await using opened = await open();
    const { store } = opened;
    await withVersions(store, 2);
    const prod = { model: 'm', alias: 'prod' };
    const first = await putAlias(store, { ...prod, version: 1 }, asha);
    expect(first).toEqual({ ...prod, from: undefined, to: 1, by: 'asha', movedAt: 90 });
    expect(await putAlias(store, { ...prod, version: 1 }, asha)).toBeUndefined();
    const second = await putAlias(store, { ...prod, version: 2 }, { by: 'ben', at: 91 });
    expect(second).toMatchObject({ from: 1, to: 2 });
    const removed = await removeAlias(store, prod, { by: 'ben', at: 92 });
    expect(removed).toEqual({ ...prod, from: 2, to: undefined, by: 'ben', movedAt: 92 });
    expect(await removeAlias(store, prod, asha)).toBeUndefined();
    expect(await store.aliasHistory('m', 'prod')).toEqual([removed, second, first]);
    expect(await store.aliasHistory('m', 'prod', 2)).toEqual([removed, second]);
    expect((await store.findModel('m'))?.aliases).toEqual({});
    await expect(putAlias(store, { ...prod, version: 9 }, asha)).rejects.toMatchObject({
      code: 'VERSION_NOT_FOUND',
    });
  });

  test(`${label}: a deleted version takes its aliases with it, and they are told`, async () => {
    await using opened = await open();
    const { store } = opened;
    await withVersions(store, 2);
    for (const alias of ['b', 'a']) await putAlias(store, { model: 'm', version: 1, alias }, asha);
    await putAlias(store, { model: 'm', version: 2, alias: 'c' }, asha);
    const changes = await store.deleteVersion({ model: 'm', version: 1 }, { by: 'ben', at: 95 });
    expect(changes.map(({ alias, from, to }) => [alias, from, to])).toEqual([
      ['a', 1, undefined],
      ['b', 1, undefined],
    ]);
    expect((await store.findModel('m'))?.aliases).toEqual({ c: 2 });
    expect(await store.aliasHistory('m', 'a')).toMatchObject([{ to: undefined, by: 'ben' }, { to: 1 }]);
  });
}

function byAlias(label: string, open: Open): void {
  test(`${label}: a version is found by its alias, with its tags and all its aliases`, async () => {
    await using opened = await open();
    const { store } = opened;
    for (const model of ['m', 'n']) {
      await store.createModel(newModel({ name: model }));
      for (const k of ['1', '2']) await store.createVersion(newVersion({ model, tags: { k } }));
    }
    for (const [model, version, alias] of [
      ['m', 1, 'prod'],
      ['m', 2, 'next'],
      ['n', 2, 'prod'],
      ['m', 1, 'old'],
    ] as const)
      await putAlias(store, { model, version, alias }, asha);
    const found = await store.findAliased({ model: 'm', alias: 'prod' });
    expect(found).toMatchObject({ model: 'm', version: 1, tags: { k: '1' }, aliases: ['old', 'prod'] });
    expect(found).toEqual(await store.findVersion({ model: 'm', version: 1 }));
    expect(await store.findAliased({ model: 'n', alias: 'prod' })).toMatchObject({ model: 'n', version: 2 });
    expect(await store.findAliased({ model: 'n', alias: 'next' })).toBeUndefined();
    expect(await store.findAliased({ model: 'none', alias: 'prod' })).toBeUndefined();
    await putAlias(store, { model: 'm', version: 2, alias: 'prod' }, asha);
    expect(await store.findAliased({ model: 'm', alias: 'prod' })).toMatchObject({
      version: 2,
      aliases: ['next', 'prod'],
    });
  });
}

function searches(label: string, open: Open): void {
  test(`${label}: models are searched by name and tag, in an order, page by page`, async () => {
    await using opened = await open();
    const { store } = opened;
    for (const [name, at] of [
      ['Cat', 3],
      ['cow', 1],
      ['dog_x', 2],
      ['dogx', 4],
    ] as const)
      await store.createModel(
        newModel({ name, at, tags: name === 'cow' ? { legs: 'four', wild: 'no' } : {} }),
      );
    const found = (search: Partial<RegistrySearch>): Promise<readonly string[]> => modelNames(store, search);
    expect(await found({})).toEqual(['Cat', 'cow', 'dog_x', 'dogx']);
    expect(await found({ filter: named('LIKE', 'c%') })).toEqual(['cow']);
    expect(await found({ filter: named('ILIKE', 'C%') })).toEqual(['Cat', 'cow']);
    expect(await found({ filter: named('LIKE', 'dog_') })).toEqual(['dogx']);
    expect(await found({ filter: named('!=', 'cow') })).toEqual(['Cat', 'dog_x', 'dogx']);
    expect(await found({ filter: tagged('legs', '=', 'four') })).toEqual(['cow']);
    expect(await found({ filter: tagged('legs', '!=', 'four') })).toEqual([]);
    expect(
      await found({ filter: { kind: 'any', of: [named('=', 'Cat'), tagged('wild', '=', 'no')] } }),
    ).toEqual(['Cat', 'cow']);
    const latest = { entity: 'attribute', key: 'last_updated_timestamp', ascending: false } as const;
    expect(await found({ order: [latest] })).toEqual(['dogx', 'Cat', 'dog_x', 'cow']);
    const [first, second] = [0, 3].map((offset) => store.searchModels({ limit: 3, offset }));
    expect(await first).toMatchObject({ more: true, items: [{ name: 'Cat' }, {}, { name: 'dog_x' }] });
    expect(await second).toMatchObject({ more: false, items: [{ name: 'dogx' }] });
    expect(await store.countModels({})).toBe(4);
    expect(await store.countModels({ filter: named('LIKE', 'c%') })).toBe(1);
  });

  test(`${label}: models are found by a text in their names, whatever signs it has`, async () => {
    await using opened = await open();
    const { store } = opened;
    const names = ['50% off', '50 off', 'Churn_a', 'churnXa', 'back\\slash', "o'clock"];
    for (const name of names) await store.createModel(newModel({ name }));
    await store.createVersion(newVersion({ model: 'Churn_a' }));
    for (const [contains, found] of [
      ['%', ['50% off']],
      ['N_A', ['Churn_a']],
      ['churn', ['Churn_a', 'churnXa']],
      ['\\', ['back\\slash']],
      ["'", ["o'clock"]],
      ['none', []],
    ] as const) {
      expect(await modelNames(store, { contains })).toEqual(found);
      expect(await store.countModels({ contains })).toBe(found.length);
    }
    expect(await modelNames(store, { contains: 'churn', filter: named('LIKE', '%X%') })).toEqual(['churnXa']);
    expect(await versionNames(store, { contains: 'churn' })).toEqual(['Churn_a/1']);
    expect(await store.countVersions({ contains: 'back' })).toBe(0);
  });

  test(`${label}: prompts are found only by who asks for them`, async () => {
    await using opened = await open();
    const { store } = opened;
    const prompt = 'mlflow.prompt.is_prompt';
    await store.createModel(newModel({ name: 'model' }));
    await store.createModel(newModel({ name: 'not-one', tags: { [prompt]: 'false' } }));
    await store.createModel(newModel({ name: 'prompt', tags: { [prompt]: 'true' } }));
    expect(await modelNames(store, {})).toEqual(['model', 'not-one']);
    expect(await modelNames(store, { filter: tagged(prompt, '!=', 'true') })).toEqual(['model', 'not-one']);
    expect(await modelNames(store, { filter: tagged(prompt, '=', 'true') })).toEqual(['prompt']);
    expect(await store.countModels({})).toBe(2);
    await store.createVersion(newVersion({ model: 'prompt', tags: { [prompt]: 'true' } }));
    await store.createVersion(newVersion({ model: 'model' }));
    expect(await versionNames(store, {})).toEqual(['model/1']);
    expect(await versionNames(store, { filter: tagged(prompt, '=', 'true') })).toEqual(['prompt/1']);
  });

  test(`${label}: versions are searched by name, run, source, number and tag, the last changed first`, async () => {
    await using opened = await open();
    const { store } = opened;
    for (const name of ['a', 'b']) await store.createModel(newModel({ name }));
    const [first, second] = [newRunId(), newRunId()];
    await store.createVersion(newVersion({ model: 'a', runId: first, at: 1, tags: { t: 'x' } }));
    await store.createVersion(newVersion({ model: 'a', runId: second, at: 2, source: 's3://B/other' }));
    await store.createVersion(newVersion({ model: 'b', at: 2 }));
    const found = (search: Partial<RegistrySearch>): Promise<readonly string[]> =>
      versionNames(store, search);
    expect(await found({})).toEqual(['a/2', 'b/1', 'a/1']);
    expect(await found({ filter: named('=', 'a') })).toEqual(['a/2', 'a/1']);
    expect(await found({ filter: inRuns([first]) })).toEqual(['a/1']);
    expect(await found({ filter: inRuns([first, second]) })).toEqual(['a/2', 'a/1']);
    expect(await found({ filter: ofRun('=', '') })).toEqual(['b/1']);
    expect(await found({ filter: ofRun('=', first) })).toEqual(['a/1']);
    expect(await found({ filter: ofRun('!=', first) })).toEqual(['a/2', 'b/1']);
    expect(await found({ filter: ofRun('LIKE', '%') })).toEqual(['a/2', 'b/1', 'a/1']);
    expect(await found({ filter: inRuns(['', first]) })).toEqual(['a/1']);
    expect(await found({ filter: tagged('t', 'LIKE', 'X') })).toEqual([]);
    expect(await found({ filter: tagged('t', 'ILIKE', 'X') })).toEqual(['a/1']);
    const source: Clause = {
      kind: 'text',
      entity: 'attribute',
      key: 'source_path',
      comparator: '=',
      value: 's3://B/other',
    };
    expect(await found({ filter: source })).toEqual(['a/2']);
    const second2: Clause = {
      kind: 'number',
      entity: 'attribute',
      key: 'version_number',
      comparator: '>=',
      value: 2,
    };
    expect(await found({ filter: second2 })).toEqual(['a/2']);
    const byNumber = { entity: 'attribute', key: 'version_number', ascending: true } as const;
    expect(await found({ order: [byNumber] })).toEqual(['a/1', 'b/1', 'a/2']);
    expect(await store.searchVersions({ limit: 1, offset: 1 })).toMatchObject({
      more: true,
      items: [{ model: 'b' }],
    });
    expect(await store.countVersions({})).toBe(3);
    expect(await store.countVersions({ filter: named('=', 'a') })).toBe(2);
  });
}

async function withVersions(store: RegistryStore, count: number): Promise<void> {
  await store.createModel(newModel());
  for (let index = 0; index < count; index += 1) await store.createVersion(newVersion());
}

function named(comparator: '=' | '!=' | 'LIKE' | 'ILIKE', value: string): Clause {
  return { kind: 'text', entity: 'attribute', key: 'name', comparator, value };
}

function tagged(key: string, comparator: '=' | '!=' | 'LIKE' | 'ILIKE', value: string): Clause {
  return { kind: 'text', entity: 'tag', key, comparator, value };
}

function ofRun(comparator: '=' | '!=' | 'LIKE', value: string): Clause {
  return { kind: 'text', entity: 'attribute', key: 'run_id', comparator, value };
}

function inRuns(values: readonly string[]): Clause {
  return { kind: 'list', entity: 'attribute', key: 'run_id', comparator: 'IN', values };
}

async function modelNames(store: RegistryStore, search: Partial<RegistrySearch>): Promise<readonly string[]> {
  const { items } = await store.searchModels({ limit: 100, offset: 0, ...search });
  return items.map(({ name }) => name);
}

async function versionNames(
  store: RegistryStore,
  search: Partial<RegistrySearch>,
): Promise<readonly string[]> {
  const { items } = await store.searchVersions({ limit: 100, offset: 0, ...search });
  return items.map(({ model, version }) => `${model}/${version}`);
}
