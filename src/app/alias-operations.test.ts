import { expect, test } from 'vitest';
import { emptySqlite } from '../adapters/sql/empty-sqlite.fixture.ts';
import { sqlRegistryStore } from '../adapters/sql/registry/registry-store.ts';
import { digestOf } from '../kernel/digest.ts';
import { newRunId } from '../kernel/ids.ts';
import { housesProject } from '../lifecycle/houses.fixture.ts';
import { boostedTrees } from '../training/boosted-trees/trainer.ts';
import type { RegistryStore } from '../registry/store.ts';
import { type AliasDeps, aliasOperations } from './alias-operations.ts';
import { openHousesApp } from './houses-app.fixture.ts';
import { removeAlias } from '../registry/store.fixture.ts';

interface Opened extends AsyncDisposable {
  readonly registry: RegistryStore;
  readonly operations: ReturnType<typeof aliasOperations>;
}

/** A registry with three versions of a model that nothing here serves. */
async function open(caller = { key: 'k', protocol: 'native', name: 'asha' }): Promise<Opened> {
  const database = await emptySqlite();
  const registry = sqlRegistryStore(database);
  for (let count = 0; count < 3; count += 1) {
    const folder = digestOf(`folder ${count}`);
    await registry.register({ model: 'score', runId: newRunId(), folder, metrics: {}, createdAt: 1 });
  }
  let time = 100;
  const deps: AliasDeps = {
    registry,
    blobs: undefined as never,
    loadCode: () => Promise.reject(new TypeError('nothing is served')),
    now: () => (time += 1),
    endpointOf: () => undefined,
    verdictSummary: async () => 'promoted: the first version',
  };
  return {
    registry,
    operations: aliasOperations(deps, caller),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}

const prod = { model: 'score', alias: 'prod' };

test('every move is told with who, when, from, to and why, the latest first', async () => {
  await using opened = await open();
  const { operations, registry } = opened;
  await registry.moveAlias({ ...prod, from: undefined, to: 1, by: 'gate', movedAt: 50 });
  await operations.promote({ ...prod, version: 2, why: 'the new season' });
  await operations.rollback(prod);
  await removeAlias(registry, prod, { by: 'a client of MLflow', at: 60 });
  expect(await operations.listAliasMoves(prod)).toEqual([
    { ...prod, from: 1, to: null, by: 'a client of MLflow', movedAt: 60, why: '' },
    { ...prod, from: 2, to: 1, by: 'asha', movedAt: 102, why: 'rollback' },
    { ...prod, from: 1, to: 2, by: 'asha', movedAt: 101, why: 'the new season' },
    { ...prod, from: null, to: 1, by: 'gate', movedAt: 50, why: 'promoted: the first version' },
  ]);
});

test('an alias goes back step by step, and from where it was taken away to what it last had', async () => {
  await using opened = await open();
  const { operations, registry } = opened;
  const live = async () => (await registry.findModel('score'))?.aliases['prod'];
  for (const version of [1, 2, 3]) await operations.promote({ ...prod, version });
  await operations.rollback(prod);
  expect(await live()).toBe(2);
  await operations.rollback(prod);
  expect(await live()).toBe(1);
  await expect(operations.rollback(prod)).rejects.toMatchObject({ code: 'VERSION_NOT_FOUND' });
  await operations.promote({ ...prod, version: 3 });
  await removeAlias(registry, prod, { by: 'asha', at: 1 });
  await operations.rollback(prod);
  expect(await live()).toBe(3);
  await registry.deleteVersion({ model: 'score', version: 1 }, { by: 'asha', at: 1 });
  await expect(operations.rollback(prod), 'version 1 is gone').rejects.toMatchObject({
    code: 'VERSION_NOT_FOUND',
  });
});

test('a move that was meant for another version does not happen', async () => {
  await using opened = await open();
  const { operations, registry } = opened;
  await operations.promote({ ...prod, version: 1, expected: null });
  await operations.promote({ ...prod, version: 2, expected: 1 });
  const moved = { code: 'ALIAS_MOVED', detail: { value: 2 } };
  await expect(operations.promote({ ...prod, version: 3, expected: 1 })).rejects.toMatchObject(moved);
  await expect(operations.promote({ ...prod, version: 3, expected: null })).rejects.toMatchObject(moved);
  await expect(operations.rollback({ ...prod, expected: 3 })).rejects.toMatchObject(moved);
  expect((await registry.findModel('score'))?.aliases).toEqual({ prod: 2 });
});

test('an alias is removed from where it was expected, once', async () => {
  await using opened = await open();
  const { operations, registry } = opened;
  await operations.promote({ ...prod, version: 2 });
  await expect(operations.removeAlias({ ...prod, expected: 1 })).rejects.toMatchObject({
    code: 'ALIAS_MOVED',
  });
  expect(await operations.removeAlias({ ...prod, expected: 2, why: 'unused' })).toMatchObject({
    from: 2,
    to: null,
    by: 'asha',
    why: 'unused',
  });
  expect((await registry.findModel('score'))?.aliases).toEqual({});
  await expect(operations.removeAlias(prod)).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    detail: { field: 'alias', value: 'prod' },
  });
});

test.each<[object, object]>([
  [{ model: 'none' }, { code: 'MODEL_NOT_FOUND', detail: { value: 'none' } }],
  [{ version: 9 }, { code: 'VERSION_NOT_FOUND', detail: { value: 9 } }],
  [{ version: 1 }, { code: 'INPUT_INVALID', detail: { field: 'version' } }],
  [{ alias: 'latest' }, { code: 'INPUT_INVALID', detail: { field: 'alias' } }],
  [{ alias: 'a b' }, { code: 'INPUT_INVALID', detail: { field: 'alias' } }],
])('a promotion with %j is refused', async (over, error) => {
  await using opened = await open();
  await opened.operations.promote({ ...prod, version: 1 });
  await expect(opened.operations.promote({ ...prod, version: 2, ...over })).rejects.toMatchObject(error);
});

test('an alias whose name every object has points nowhere', async () => {
  await using opened = await open();
  const moved = await opened.operations.promote({ model: 'score', alias: 'constructor', version: 1 });
  expect(moved).toMatchObject({ from: null, to: 1 });
});

test('an endpoint follows a rollback at once, and what it cannot serve is not promoted', async () => {
  const price = housesProject();
  await using host = await openHousesApp(price);
  const { app, houses, events } = host;
  const start = { project: 'houses' };
  await host.run(start);
  await host.host(housesProject({ trainer: boostedTrees({ trees: 60, depth: 4, minLeafRows: 5 }) }));
  await host.run(start);
  const answering = async () =>
    (await app.predict({ endpoint: 'house-price', request: { size: 80, garden: true } })).version;
  expect(await answering()).toBe(2);
  const alias = { model: 'house-price', alias: 'prod' };
  expect(await app.rollback(alias)).toMatchObject({ from: 2, to: 1, why: 'rollback' });
  expect(await answering()).toBe(1);
  expect(events.at(-1)).toEqual({ type: 'alias', project: 'houses', version: 1, ...alias });

  const source = { model: 'house-price', source: 's3://bucket/tree', storage: 's3://bucket/tree' };
  const client = {
    ...source,
    runId: undefined,
    runLink: '',
    loggedModelId: undefined,
    description: '',
    tags: {},
  };
  const { version } = await houses.registry.createVersion({ ...client, at: 1 });
  await expect(app.promote({ ...alias, version })).rejects.toMatchObject({ code: 'MODEL_UNSUPPORTED' });
  expect(await answering()).toBe(1);
  expect((await app.listAliasMoves(alias)).map(({ by, why }) => [by, why])).toEqual([
    ['owner', 'rollback'],
    ['gate', expect.stringMatching(/^promoted: MAE is .* lower than version 1/)],
    ['gate', expect.stringMatching(/^promoted: the first version; MAE is /)],
  ]);
});
