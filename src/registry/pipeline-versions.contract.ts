import { expect, test } from 'vitest';
import { digestOf } from '../kernel/digest.ts';
import { newRunId } from '../kernel/ids.ts';
import { folderUri } from '../tracking/artifacts/location.ts';
import type { GateFacts } from './gate.ts';
import type { AliasMove, NewPipelineVersion, NewVerdict, PipelineVersion } from './model.ts';
import type { OpenRegistry } from './store.fixture.ts';
import type { RegistryStore } from './store.ts';

type Open = () => Promise<OpenRegistry>;

/** Versions that the pipeline registers, its moves of aliases, and its verdicts. */
export function pipelineVersionsContract(label: string, open: Open): void {
  versions(label, open);
  aliases(label, open);
  decisions(label, open);
}

function versions(label: string, open: Open): void {
  test(`${label}: versions of a model are numbered 1, 2, 3, and found as they were registered`, async () => {
    await using opened = await open();
    const { store } = opened;
    const first = newVersion({ metrics: { mae: 14.2, nan: Number.NaN, inf: Number.POSITIVE_INFINITY } });
    expect(await store.register(first)).toEqual(registered(first, 1));
    const second = await store.register(newVersion());
    const other = await store.register(newVersion({ model: 'otro-модель' }));
    expect([second.version, other.version]).toEqual([2, 1]);
    expect(await store.findVersion({ model: 'score', version: 1 })).toEqual(registered(first, 1));
    expect(await store.findByFolder('score', second.folder)).toEqual(second);
    expect(await store.findVersion({ model: 'score', version: 3 })).toBeUndefined();
    expect(await store.findVersion({ model: 'none', version: 1 })).toBeUndefined();
    expect(await store.findVersions('score', [1, 3])).toEqual([registered(first, 1)]);
    expect(await store.findVersions('score', [])).toEqual([]);
    expect(await store.findByFolder('score', other.folder)).toBeUndefined();
    expect(await store.listPipelineVersions('score')).toEqual([second, registered(first, 1)]);
    expect(await store.listPipelineVersions('none')).toEqual([]);
    expect(await store.listModels()).toEqual(['otro-модель', 'score']);
  });

  test(`${label}: a folder that the model has answers with its version, and nothing is written`, async () => {
    await using opened = await open();
    const { store } = opened;
    const first = await store.register(newVersion());
    const again = newVersion({ folder: first.folder, createdAt: 999, metrics: { mae: 0 } });
    expect(await store.register(again)).toEqual(first);
    expect(await store.listPipelineVersions('score')).toEqual([first]);
    expect((await store.register({ ...again, model: 'other' })).version).toBe(1);
    expect((await store.register(newVersion())).version).toBe(2);
  });

  test(`${label}: a version of a client that is adopted keeps its source and its run, and gets a folder`, async () => {
    await using opened = await open();
    const { store } = opened;
    await store.createModel({ name: 'score', description: '', tags: {}, at: 1 });
    const runId = newRunId();
    const source = 'mlflow-artifacts:/1/models/m-1/artifacts';
    const client = { model: 'score', source, storage: source, runLink: '', description: '', tags: {}, at: 2 };
    const [withRun, without] = [
      await store.createVersion({ ...client, runId, loggedModelId: undefined }),
      await store.createVersion({ ...client, runId: undefined, loggedModelId: undefined }),
    ];
    const other = newRunId();
    const folder = digestOf('adopted');
    const change = { folder, metrics: { mae: 3 } };
    expect(await store.adopt({ ...withRun, ...change, runId: other, at: 9 })).toEqual({
      ...withRun,
      ...change,
      updatedAt: 9,
    });
    expect(
      await store.adopt({ ...without, ...change, folder: digestOf('other'), runId: other, at: 9 }),
    ).toMatchObject({
      runId: other,
      source,
    });
    expect(await store.findByFolder('score', folder)).toMatchObject({ version: 1, runId });
    await expect(store.adopt({ model: 'score', version: 3, ...change, runId, at: 9 })).rejects.toMatchObject({
      code: 'VERSION_NOT_FOUND',
    });
  });

  test(`${label}: versions registered at once get numbers of their own`, async () => {
    await using opened = await open();
    const { store } = opened;
    const versions = await Promise.all(Array.from({ length: 20 }, () => store.register(newVersion())));
    expect(versions.map(({ version }) => version).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 1),
    );
    for (const version of versions)
      expect(await store.findByFolder('score', version.folder)).toEqual(version);
  });

  test(`${label}: one folder registered by many at once is one version`, async () => {
    await using opened = await open();
    const { store } = opened;
    const version = newVersion();
    const versions = await Promise.all(Array.from({ length: 8 }, () => store.register(version)));
    expect(versions).toEqual(Array.from({ length: 8 }, () => registered(version, 1)));
    expect(await store.listPipelineVersions('score')).toHaveLength(1);
  });
}

function aliases(label: string, open: Open): void {
  test(`${label}: an alias moves by hand, and its history tells how, the latest first`, async () => {
    await using opened = await open();
    const { store } = opened;
    await withVersions(store, 2);
    const first = move({ from: undefined, to: 1 });
    const second = move({ from: 1, to: 2, by: 'asha@example.org', movedAt: 60 });
    const back = move({ from: 2, to: 1, by: 'asha@example.org', movedAt: 55, why: 'it was better' });
    for (const one of [first, second, back]) await store.moveAlias(one);
    await store.moveAlias(move({ alias: 'staging', from: undefined, to: 2 }));
    expect(await store.aliases('score')).toEqual({ prod: 1, staging: 2 });
    expect(await store.aliasHistory('score', 'prod')).toEqual([back, second, first]);
    expect(await store.aliases('none')).toEqual({});
    expect(await store.aliasHistory('score', 'none')).toEqual([]);
  });

  test.each([
    { name: 'it is somewhere else', from: 2 },
    { name: 'it is there and was thought absent', from: undefined },
  ])(`${label}: an alias stays when $name`, async ({ from }) => {
    await using opened = await open();
    const { store } = opened;
    await withVersions(store, 3);
    await store.moveAlias(move({ from: undefined, to: 1 }));
    await expect(store.moveAlias(move({ from, to: 3 }))).rejects.toMatchObject({
      code: 'ALIAS_MOVED',
      detail: { value: 1 },
    });
    expect(await store.aliases('score')).toEqual({ prod: 1 });
    expect(await store.aliasHistory('score', 'prod')).toHaveLength(1);
  });

  test(`${label}: an alias that is nowhere cannot move from a version, nor any to a version that is not`, async () => {
    await using opened = await open();
    const { store } = opened;
    await withVersions(store, 1);
    await expect(store.moveAlias(move({ from: 1, to: 1 }))).rejects.toMatchObject({ code: 'ALIAS_MOVED' });
    await expect(store.moveAlias(move({ from: undefined, to: 2 }))).rejects.toMatchObject({
      code: 'VERSION_NOT_FOUND',
    });
    await expect(store.moveAlias(move({ model: 'none', from: undefined, to: 1 }))).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
    });
    expect(await store.aliases('score')).toEqual({});
    expect(await store.aliasHistory('score', 'prod')).toEqual([]);
  });

  test(`${label}: of many who move an alias from the same version at once, one wins`, async () => {
    await using opened = await open();
    const { store } = opened;
    await withVersions(store, 9);
    await store.moveAlias(move({ from: undefined, to: 1 }));
    const moves = Array.from({ length: 8 }, (_, index) => store.moveAlias(move({ from: 1, to: index + 2 })));
    const outcomes = await Promise.allSettled(moves);
    const winners = outcomes.flatMap(({ status }, index) => (status === 'fulfilled' ? [index + 2] : []));
    expect(winners).toHaveLength(1);
    const losers = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
    );
    for (const reason of losers) expect(reason).toMatchObject({ code: 'ALIAS_MOVED' });
    expect(await store.aliases('score')).toEqual({ prod: winners[0] });
    expect(await store.aliasHistory('score', 'prod')).toHaveLength(2);
  });
}

function decisions(label: string, open: Open): void {
  test(`${label}: a verdict is kept with its facts, whatever numbers are among them`, async () => {
    await using opened = await open();
    const { store } = opened;
    await withVersions(store, 2);
    const held = await store.decide(
      verdict(1, { metrics: { mae: Number.NaN, r2: Number.NEGATIVE_INFINITY } }),
      undefined,
    );
    const promoted = await store.decide(verdict(2), move({ from: undefined, to: 2, by: 'gate' }));
    expect(held).toEqual({
      ...verdict(1, { metrics: { mae: Number.NaN, r2: Number.NEGATIVE_INFINITY } }),
      id: held.id,
    });
    expect(promoted.id).not.toBe(held.id);
    expect(await store.listVerdicts('score')).toEqual([promoted, held]);
    expect(await store.listVerdicts('score', [1])).toEqual([held]);
    expect(await store.listVerdicts('score', [3])).toEqual([]);
    expect(await store.listVerdicts('score', [])).toEqual([]);
    expect(await store.listVerdicts('none')).toEqual([]);
    expect(await store.aliases('score')).toEqual({ prod: 2 });
    expect(await store.aliasHistory('score', 'prod')).toEqual([move({ from: undefined, to: 2, by: 'gate' })]);
  });

  test(`${label}: a verdict whose alias has moved meanwhile writes nothing`, async () => {
    await using opened = await open();
    const { store } = opened;
    await withVersions(store, 3);
    await store.moveAlias(move({ from: undefined, to: 1 }));
    await expect(store.decide(verdict(3), move({ from: 2, to: 3 }))).rejects.toMatchObject({
      code: 'ALIAS_MOVED',
    });
    expect(await store.listVerdicts('score')).toEqual([]);
    expect(await store.aliases('score')).toEqual({ prod: 1 });
    await expect(store.decide(verdict(7), undefined)).rejects.toMatchObject({ code: 'VERSION_NOT_FOUND' });
  });

  test(`${label}: of verdicts that promote at once, one is written with its move and the others not at all`, async () => {
    await using opened = await open();
    const { store } = opened;
    await withVersions(store, 6);
    const candidates = [1, 2, 3, 4, 5, 6];
    const outcomes = await Promise.allSettled(
      candidates.map((version) => store.decide(verdict(version), move({ from: undefined, to: version }))),
    );
    const [winner, ...more] = outcomes.flatMap((outcome) =>
      outcome.status === 'fulfilled' ? [outcome.value] : [],
    );
    expect(more).toEqual([]);
    expect(await store.listVerdicts('score')).toEqual([winner]);
    expect(await store.aliases('score')).toEqual({ prod: winner?.version });
  });
}

let folders = 0;

function newVersion(over: Partial<NewPipelineVersion> = {}): NewPipelineVersion {
  folders += 1;
  return {
    model: 'score',
    runId: newRunId(),
    folder: digestOf(`folder ${folders}`),
    metrics: { mae: 14.2 },
    createdAt: 50,
    ...over,
  };
}

/** A version as it comes back. */
function registered(version: NewPipelineVersion, number: number): PipelineVersion {
  const source = folderUri(version.folder);
  return {
    ...version,
    version: number,
    source,
    storage: source,
    runLink: '',
    loggedModelId: undefined,
    description: '',
    stage: 'None',
    tags: {},
    aliases: [],
    updatedAt: version.createdAt,
  };
}

async function withVersions(store: RegistryStore, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) await store.register(newVersion());
}

function move(over: Partial<AliasMove>): AliasMove {
  return { model: 'score', alias: 'prod', from: undefined, to: 1, by: 'gate', movedAt: 70, ...over };
}

function verdict(version: number, candidate: Partial<GateFacts['candidate']> = {}): NewVerdict {
  const facts: GateFacts = {
    rule: { alias: 'prod', when: { metric: 'mae', better: 'lower', by: 0 }, atLeast: { r2: 0.5 } },
    candidate: { version, metrics: { mae: 14.2 }, ...candidate },
    champion: { version: 1, reason: 'its rows lack “overs”' },
    baseline: null,
    leftOut: 0,
    testRows: 12_480,
    testData: digestOf('test'),
  };
  const decision = { kind: 'hold', because: 'outside-limit', metric: 'r2', limit: 0.5, value: 0.41 } as const;
  return { model: 'score', version, alias: 'prod', decision, facts, decidedAt: 80 };
}
