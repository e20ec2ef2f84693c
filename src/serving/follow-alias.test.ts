import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readDataset } from '../data/dataset.ts';
import { type Digest, digestOf } from '../kernel/digest.ts';
import { clientVersion, copyOfFirst, housesProject, versionOf } from '../lifecycle/houses.fixture.ts';
import { meanTrainer } from '../lifecycle/mean-trainer.fixture.ts';
import { lower } from '../project/models/promotion.ts';
import { putAlias } from '../registry/store.fixture.ts';
import { asha, ask, openServed, projectWith, question } from './endpoint.fixture.ts';

const always = { alias: 'prod', when: lower('mae'), first: 'always' } as const;

test('of two refreshes that overlap the later look at the alias wins', async () => {
  let slow: Promise<void> | undefined;
  let startSlow = (): void => {};
  let looks = 0;
  await using served = await openServed({}, ({ registry }) => ({
    registry: {
      ...registry,
      aliases(model) {
        looks += 1;
        return registry.aliases(model);
      },
      async findVersion(key) {
        const found = await registry.findVersion(key);
        if (key.version === 1 && slow) {
          startSlow();
          await slow;
        }
        return found;
      },
    },
  }));
  const { houses, endpoint } = served;
  await houses.run(projectWith({}, 2));
  await houses.run(projectWith({}, 40));
  await houses.registry.moveAlias({
    model: 'house-price',
    alias: 'prod',
    from: 2,
    to: 1,
    by: 'me',
    movedAt: 1,
  });
  let release = (): void => {};
  slow = new Promise((resolve) => (release = resolve));
  const begun = new Promise<void>((resolve) => (startSlow = resolve));
  const before = looks;
  const first = endpoint.refresh();
  await begun;
  await houses.registry.moveAlias({
    model: 'house-price',
    alias: 'prod',
    from: 1,
    to: 2,
    by: 'me',
    movedAt: 2,
  });
  const second = endpoint.refresh();
  const third = endpoint.refresh();
  await new Promise((resolve) => setImmediate(resolve));
  expect(looks, 'the second waits for the first, which would else take over after it').toBe(before + 1);
  release();
  await Promise.all([first, second, third]);
  expect(endpoint.current()?.version.version).toBe(2);
});

test('lost files of the live version are named, and a run makes them again', async () => {
  await using served = await openServed();
  const { houses, endpoint } = served;
  await houses.run(projectWith({}));
  const version = await versionOf(houses, 1);
  const folder = await readDataset(version.folder, houses.blobs);
  const files = folder.kind === 'files' ? folder.files : [];
  const lose = (digest: Digest): Promise<void> =>
    rm(join(houses.folder, 'blobs/sha256', digest.slice(0, 2), digest.slice(2)));
  for (const lost of [['model.xgb.json', 'modelyard/features.mjs'], ['modelyard/version.json'], []]) {
    for (const { name, digest } of files) if (lost.includes(name)) await lose(digest);
    if (lost.length === 0) await lose(version.folder);
    const what = lost.length > 0 ? lost.join(', ') : 'the list of its files';
    const fresh = served.open();
    await expect(fresh.refresh()).rejects.toMatchObject({
      code: 'VERSION_DAMAGED',
      detail: { value: `version 1 lost ${what}`, remedy: expect.stringContaining('modelyard run') },
    });
    await expect(ask(fresh, question)).rejects.toMatchObject({
      code: 'NOT_READY',
      message: expect.stringContaining(what),
    });
    await houses.run(projectWith({}));
    await fresh.refresh();
    expect(fresh.problem()).toBeUndefined();
    expect((await ask(fresh, question)).served.version.version).toBe(1);
  }
  expect(endpoint.current()).toBeUndefined();
});

test('it follows its alias, and the new version forgets the answers of the old one', async () => {
  await using served = await openServed({ cache: '30s' });
  await served.houses.run(projectWith({}, 2));
  await served.endpoint.refresh();
  const before = await ask(served.endpoint, question);
  await served.houses.run(projectWith({}, 40));
  expect(await ask(served.endpoint, question)).toMatchObject({ prediction: before.prediction, cached: true });

  await served.endpoint.refresh();
  const after = await ask(served.endpoint, question);
  expect(after.served.version.version).toBe(2);
  expect(after.cached).toBe(false);
  expect(after.prediction.value).not.toBe(before.prediction.value);
  const info = served.metered.filter((line) => line.startsWith('modelyard_model_info'));
  expect(info.map((line) => `${/version=\d/.exec(line)?.[0]} ${line.at(-1)}`)).toEqual([
    'version=1 1',
    'version=1 0',
    'version=2 1',
  ]);
});

test('a version that does not load leaves the old one serving; one that does takes over then', async () => {
  await using served = await openServed();
  const { houses, endpoint } = served;
  await houses.run(projectWith({}));
  await endpoint.refresh();
  const first = await versionOf(houses, 1);
  const broken = await houses.registry.register({ ...first, folder: digestOf('gone') });
  const move = (from: number, to: number): Promise<unknown> =>
    houses.registry.moveAlias({ model: 'house-price', alias: 'prod', from, to, by: 'me', movedAt: 1 });
  await move(1, broken.version);
  await expect(endpoint.refresh()).rejects.toMatchObject({ code: 'VERSION_DAMAGED' });
  expect((await ask(endpoint, question)).served.version.version).toBe(1);
  await expect(endpoint.refresh(), 'it is tried again').rejects.toMatchObject({ code: 'VERSION_DAMAGED' });

  await move(broken.version, 1);
  await endpoint.refresh();
  expect(endpoint.current()?.version.version).toBe(1);
});

test('a copy of a version is served as that version is', async () => {
  await using served = await openServed();
  const { houses, endpoint } = served;
  await houses.run(projectWith({}, 2));
  await endpoint.refresh();
  const before = await ask(endpoint, question);
  await houses.run(projectWith({}, 40));
  const { version } = await houses.registry.createVersion(await copyOfFirst(houses));
  await putAlias(houses.registry, { model: 'house-price', alias: 'prod', version }, asha);
  await endpoint.refresh();
  const after = await ask(endpoint, question);
  expect(after).toMatchObject({ prediction: before.prediction, served: { version: { version: 3 } } });
  expect(after.served.manifest).toEqual(before.served.manifest);
  expect(after.served.version.runId).toBe(before.served.version.runId);
  expect(endpoint.problem()).toBeUndefined();
});

test('a version of a client leaves the last one serving, which is told until the alias is where it can be', async () => {
  await using served = await openServed();
  const { houses, endpoint, metered } = served;
  await houses.run(projectWith({}));
  await endpoint.refresh();
  const { version } = await houses.registry.createVersion(clientVersion());
  const put = (to: number): Promise<unknown> =>
    putAlias(houses.registry, { model: 'house-price', alias: 'prod', version: to }, asha);
  await put(version);
  await expect(endpoint.refresh()).rejects.toMatchObject({ code: 'MODEL_UNSUPPORTED' });
  expect((await ask(endpoint, question)).served.version.version).toBe(1);
  expect(endpoint.problem()).toMatchObject({
    code: 'MODEL_UNSUPPORTED',
    message: expect.stringMatching(/Version 1 serves meanwhile.*\(house-price@prod: "version 2"/),
  });
  const behind = (): string | undefined => metered.findLast((line) => line.includes('behind_alias'));
  expect(behind()).toBe('modelyard_endpoint_behind_alias{project=houses,model=house-price,alias=prod} 1');
  await put(1);
  await endpoint.refresh();
  expect(endpoint.problem()).toBeUndefined();
  expect(behind()).toMatch(/ 0$/);
});

test('whose alias is taken away answers no more; a model that is made anew is another, whatever its numbers', async () => {
  await using served = await openServed();
  const { houses, endpoint, metered } = served;
  await houses.run(projectWith({}, 2));
  await endpoint.refresh();
  const before = await ask(endpoint, question);
  await houses.registry.deleteModel('house-price', asha);
  await houses.run(projectWith({}, 40));
  await endpoint.refresh();
  const after = await ask(endpoint, question);
  expect(after.served.version.version).toBe(before.served.version.version);
  expect(after.prediction.value).not.toBe(before.prediction.value);

  await houses.registry.renameModel('house-price', { name: 'old-price', at: 1 });
  await endpoint.refresh();
  expect(endpoint.current()).toBeUndefined();
  await expect(ask(endpoint, question)).rejects.toThrow(expect.objectContaining({ code: 'NOT_READY' }));
  expect(metered.findLast((line) => line.startsWith('modelyard_model_info'))).toMatch(/version=1.* 0$/);
  await houses.registry.renameModel('old-price', { name: 'house-price', at: 2 });
  await endpoint.refresh();
  expect(await ask(endpoint, question)).toMatchObject({ prediction: after.prediction });
});

test('the files of a damaged version are read completely once, not at every look', async () => {
  const reads: Digest[] = [];
  await using served = await openServed({}, ({ blobs }) => ({
    blobs: {
      ...blobs,
      read: async (digest) => {
        reads.push(digest);
        return blobs.read(digest);
      },
    },
  }));
  const { houses, endpoint } = served;
  await houses.run(projectWith({}));
  const folder = await readDataset((await versionOf(houses, 1)).folder, houses.blobs);
  const files = folder.kind === 'files' ? folder.files : [];
  const digestOfFile = (name: string): Digest => files.find((file) => file.name === name)?.digest as Digest;
  const lost = digestOfFile('modelyard/version.json');
  await rm(join(houses.folder, 'blobs/sha256', lost.slice(0, 2), lost.slice(2)));
  const learned = digestOfFile('modelyard/learned.parquet');
  for (const _look of [1, 2, 3])
    await expect(endpoint.refresh()).rejects.toMatchObject({
      code: 'VERSION_DAMAGED',
      detail: { value: 'version 1 lost modelyard/version.json' },
    });
  expect(reads.filter((digest) => digest === learned)).toHaveLength(1);
});

test('a trainer that refuses missing values is served', async () => {
  await using served = await openServed();
  const { houses, endpoint } = served;
  const refusing = meanTrainer({
    predict: (mean, size) => {
      if (Number.isNaN(size)) throw new RangeError('no size');
      return mean;
    },
  });
  await houses.run(housesProject({ trainer: refusing, promote: always }));
  await endpoint.refresh();
  expect(endpoint.problem()).toBeUndefined();
  expect((await ask(endpoint, question)).served.version.version).toBe(1);
});

test('a trainer of the project that predicts NaN is named as the fault', async () => {
  await using served = await openServed();
  const { houses, endpoint } = served;
  const failing = meanTrainer({ predict: (mean, size) => (size > 1000 ? Number.NaN : mean) });
  await houses.run(housesProject({ trainer: failing, promote: always }));
  await endpoint.refresh();
  await expect(ask(endpoint, { size: 1e6, garden: true })).rejects.toMatchObject({
    code: 'USER_CODE_FAILED',
    detail: { field: 'predict of trainer mean' },
  });
});
