import { expect, test } from 'vitest';
import { emptySqlite } from '../adapters/sql/empty-sqlite.fixture.ts';
import { sqlRegistryStore } from '../adapters/sql/registry/registry-store.ts';
import { notifyingRegistry } from './notifying-registry.ts';
import { putAlias, removeAlias } from './store.fixture.ts';

const asha = { by: 'asha', at: 9 };

test('each way in which an alias comes, moves and goes is told after it has happened', async () => {
  await using database = await emptySqlite();
  const registry = notifyingRegistry(sqlRegistryStore(database));
  const moves: string[] = [];
  const end = registry.onAliasMoved(
    ({ model, alias, from, to }) => void moves.push(`${model}@${alias} ${from ?? '-'} to ${to ?? '-'}`),
  );
  const movesOf = async (work: () => Promise<unknown>): Promise<readonly string[]> => {
    await work();
    return moves.splice(0);
  };
  const version = {
    model: 'm',
    source: 's3://b/k',
    storage: 's3://b/k',
    runId: undefined,
    runLink: '',
    loggedModelId: undefined,
    description: '',
    tags: {},
    at: 1,
  };
  await registry.createModel({ name: 'm', description: '', tags: {}, at: 1 });
  for (let count = 0; count < 2; count += 1) await registry.createVersion(version);
  const put = (alias: string, to: number) => () =>
    putAlias(registry, { model: 'm', alias, version: to }, asha);

  expect(await movesOf(put('prod', 1))).toEqual(['m@prod - to 1']);
  expect(await movesOf(put('prod', 2))).toEqual(['m@prod 1 to 2']);
  expect(await movesOf(put('prod', 2)), 'nothing moved').toEqual([]);
  expect(await movesOf(put('old', 1))).toEqual(['m@old - to 1']);
  expect(await movesOf(() => registry.deleteVersion({ model: 'm', version: 1 }, asha))).toEqual([
    'm@old 1 to -',
  ]);
  expect(await movesOf(() => registry.renameModel('m', { name: 'n', at: 3 }))).toEqual([
    'm@prod 2 to -',
    'n@prod - to 2',
  ]);
  expect(await movesOf(() => removeAlias(registry, { model: 'n', alias: 'none' }, asha))).toEqual([]);
  expect(await movesOf(() => registry.deleteModel('n', asha))).toEqual(['n@prod 2 to -']);
  await expect(registry.deleteModel('n', asha)).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
  end();
  await registry.createModel({ name: 'm', description: '', tags: {}, at: 1 });
  await registry.createVersion(version);
  expect(await movesOf(put('prod', 1)), 'nobody listens any more').toEqual([]);
});
