import { expect, test } from 'vitest';
import type { RunId } from '../kernel/ids.ts';
import type { LoggedModelStore } from './logged-model-store.ts';
import type { PurgeSelection, PurgeStore } from './purge-store.ts';
import type { RunMoves } from './run-moves.ts';
import type { RunOwners } from './run-owners.ts';
import { point, readRun, startRun, type OpenRunStores, type StartedRun } from './run-stores.fixture.ts';
import type { RunStore } from './run-store.ts';

/** Stores over one empty database, gone when disposed of. */
export interface OpenPurge extends OpenRunStores {
  readonly loggedModels: LoggedModelStore;
  readonly purge: PurgeStore;
  readonly moves: RunMoves;
  readonly owners: RunOwners;
  /** The pipeline's view, for a process of this name. */
  readonly ownedBy: (owner: string) => RunStore;
  /** Registers a version of a model, created if it is missing. @returns its number */
  readonly register: (version: {
    readonly model: string;
    readonly source: string;
    readonly runId?: string;
    readonly loggedModelId?: string;
  }) => Promise<number>;
  /** The same as our pipeline does it. */
  readonly registerOurs: (model: string, runId: RunId) => Promise<number>;
  readonly unregister: (model: string, version: number) => Promise<void>;
  /** Sets the alias `prod`. */
  readonly alias: (model: string, version: number) => Promise<void>;
  readonly unalias: (model: string) => Promise<void>;
  /** Tables in which a text stands, but for those of the registry. */
  readonly tablesWith: (text: string) => Promise<readonly string[]>;
  /** Nests a run in another without a check, as older builds did. */
  readonly nestUnchecked: (id: string, parent: string) => Promise<void>;
  /** Writes what no store writes: an active run in a deleted experiment. */
  readonly activateUnchecked: (run: string) => Promise<void>;
  /** '0 rows' for the dataset rows of experiment 0. */
  readonly datasets: () => Promise<readonly string[]>;
}

export type OpenPurgeStores = () => Promise<OpenPurge>;

/** What every store that purges must do; each adapter's test is one call of this. */
export function purgeStoreContract(label: string, open: OpenPurgeStores): void {
  runs(label, open);
  needs(label, open);
  experiments(label, open);
  registeredModels(label, open);
  folders(label, open);
}

const nothing: PurgeSelection = {
  runs: [],
  loggedModels: [],
  experiments: [],
  registeredModels: [],
  deletedBefore: undefined,
};

/** @returns the removed entities, and the others with the reason */
async function purged(
  { purge }: OpenPurge,
  selection: Partial<PurgeSelection>,
): Promise<readonly (readonly string[])[]> {
  const { go, kept } = await purge.plan({ ...nothing, ...selection });
  const gone = await purge.remove(go, 900);
  return [
    gone.map(({ kind, id }) => `${kind} ${id}`),
    kept.map(({ kind, id, why }) => `${kind} ${id}: ${why}`),
  ];
}

/** A run with something in every table. */
async function fullRun(opened: OpenPurge, over: StartedRun = {}): Promise<{ run: RunId; model: string }> {
  const { runs: store, loggedModels, tasks } = opened;
  const run = await startRun(opened, {
    params: { depth: '3' },
    metrics: [point('loss', 1), point('loss', 0.5, [1, 60])],
    tags: { colour: 'green' },
    ...over,
  });
  const model = `m-${run}`;
  const pair = [{ key: 'k', value: 'v' }];
  await loggedModels.create({
    id: model,
    experimentId: over.experimentId ?? '0',
    name: 'tree',
    modelType: '',
    sourceRunId: run,
    params: pair,
    tags: pair,
    now: 100,
  });
  await store.log(run, { metrics: [{ ...point('mae', 2), modelId: model }] });
  await store.link(run, {
    datasets: [dataset('own'), dataset('shared')],
    modelOutputs: [{ modelId: model, step: 0 }],
  });
  await tasks.saveTasks(run, [
    {
      task: 'train',
      operation: 'train',
      declared: { kind: 'model', name: 'score' },
      position: 0,
      status: 'done',
      key: undefined,
      startedAt: 1,
      endedAt: 2,
      needs: [],
      code: [],
      outputs: {},
      facts: {},
      error: undefined,
    },
  ]);
  return { run, model };
}

function dataset(name: string) {
  const tags = [{ key: 'mlflow.data.context', value: 'training' }];
  return { dataset: { name, digest: `${name}-1`, sourceType: 'local', source: '{}' }, tags };
}

function runs(label: string, open: OpenPurgeStores): void {
  test(`${label}: a deleted run goes with all that hangs on it, and what others share stays`, async () => {
    await using opened = await open();
    const { run, model } = await fullRun(opened);
    const child = await startRun(opened, { tags: { 'mlflow.parentRunId': run } });
    await opened.runs.link(child, { datasets: [dataset('shared')], modelInputs: [model] });
    await opened.runs.delete(run, 500);
    expect(await purged(opened, { deletedBefore: 499 })).toEqual([[], []]);
    expect(await purged(opened, { deletedBefore: 500 })).toEqual([
      [`run ${run}`, `logged model ${model}`],
      [],
    ]);
    expect(await opened.runs.get(run)).toBeUndefined();
    expect(await opened.loggedModels.get(model, { deleted: true })).toBeUndefined();
    expect(await opened.tablesWith(run), 'the tag of what was nested in it, and its folders').toEqual([
      'run_tags',
      'purged_folders',
    ]);
    expect(await opened.datasets()).toEqual(['0 shared']);
    expect((await readRun(opened, child)).tags).toContainEqual({ key: 'mlflow.parentRunId', value: run });
    expect(await purged(opened, { deletedBefore: 500 })).toEqual([[], []]);
  });

  test(`${label}: what is named and not deleted stays, and so does what is not there`, async () => {
    await using opened = await open();
    const { run, model } = await fullRun(opened);
    expect(
      await purged(opened, { runs: [run, 'none'], loggedModels: [model], experiments: ['0', 'x'] }),
    ).toEqual([
      [],
      [
        `run ${run}: it is not deleted`,
        `logged model ${model}: it is not deleted`,
        'experiment 0: it is not deleted',
        'run none: not found, or already purged',
        'experiment x: not found, or already purged',
      ],
    ]);
    expect((await readRun(opened, run)).params).toHaveLength(1);
  });

  test(`${label}: a logged model that was deleted goes alone`, async () => {
    await using opened = await open();
    const { run, model } = await fullRun(opened);
    await opened.loggedModels.delete(model, 400);
    expect(await purged(opened, { deletedBefore: 400 })).toEqual([[`logged model ${model}`], []]);
    expect(await opened.tablesWith(model)).toEqual(['purged_folders']);
    expect((await readRun(opened, run)).modelOutputs).toEqual([]);
  });

  test(`${label}: a run that is restored after it was looked at stays`, async () => {
    await using opened = await open();
    const { run, model } = await fullRun(opened);
    await opened.runs.delete(run, 5);
    const { go } = await opened.purge.plan({ ...nothing, runs: [run] });
    await opened.runs.restore(run);
    expect(await opened.purge.remove(go, 9)).toEqual([]);
    expect((await readRun(opened, run)).metrics).toHaveLength(2);
    expect(await opened.loggedModels.get(model)).toMatchObject({ params: [{ key: 'k', value: 'v' }] });
    expect(await opened.purge.folders(9)).toEqual([]);
  });

  test(`${label}: more runs than one transaction takes`, async () => {
    await using opened = await open();
    const id = await opened.experiments.create({ name: 'many', tags: [], now: 1 });
    for (let count = 0; count < 105; count += 1) await startRun(opened, { experimentId: id });
    await opened.experiments.delete(id, 5);
    const [gone = []] = await purged(opened, { experiments: [id] });
    expect(gone).toHaveLength(106);
    expect(await opened.purge.folders(1000)).toHaveLength(106);
  });
}

function needs(label: string, open: OpenPurgeStores): void {
  test.each(['its files', 'files in a folder of it', 'its logged model', 'its history'])(
    `${label}: a run stays while a registered version needs %s`,
    async (need) => {
      await using opened = await open();
      const { run, model } = await fullRun(opened);
      const { artifactUri } = (await readRun(opened, run)).info;
      const sources: Readonly<Record<string, Parameters<OpenPurge['register']>[0]>> = {
        'its files': { model: 'score', source: artifactUri.replace(':/', '://elsewhere:5000/') },
        'files in a folder of it': { model: 'score', source: `${artifactUri}/a/b` },
        'its logged model': { model: 'score', source: `models:/${model}`, loggedModelId: model },
      };
      const source = sources[need];
      const version = source ? await opened.register(source) : await opened.registerOurs('score', run);
      await opened.runs.delete(run, 5);
      const [gone, kept = []] = await purged(opened, { runs: [run] });
      const why = `score version ${version} needs it: delete that version first`;
      expect(gone).toEqual([]);
      expect(kept).toEqual([
        `run ${run}: ${why}`,
        ...(need === 'its logged model' ? [`logged model ${model}: ${why}`] : []),
      ]);
      expect((await readRun(opened, run)).params).toHaveLength(1);
      await opened.unregister('score', version);
      expect((await purged(opened, { runs: [run] }))[0]).toContain(`run ${run}`);
    },
  );

  test(`${label}: the run around a training stays with the training, and what only names a run keeps none`, async () => {
    await using opened = await open();
    const { experiments, runs: store } = opened;
    const outer = await startRun(opened);
    const { id: experimentId } = await experiments.ensure('Default', 1);
    const training = '0'.repeat(32) as RunId;
    await store.create({ id: training, experimentId, name: 'training', startedAt: 1, parentId: outer });
    await opened.registerOurs('score', training);
    const linked = await startRun(opened);
    await opened.register({ model: 'other', source: 's3://bucket/model', runId: linked });
    for (const id of [outer, linked]) await store.delete(id, 5);
    expect(await purged(opened, { deletedBefore: 5 })).toEqual([
      [`run ${linked}`],
      [`run ${outer}: score version 1 needs it: delete that version first`],
    ]);
  });

  test(`${label}: a version that is registered after a run was looked at keeps it`, async () => {
    await using opened = await open();
    const run = await startRun(opened);
    await opened.runs.delete(run, 5);
    const { go } = await opened.purge.plan({ ...nothing, runs: [run] });
    await opened.register({ model: 'score', source: (await readRun(opened, run)).info.artifactUri });
    expect(await opened.purge.remove(go, 9)).toEqual([]);
  });
}

function experiments(label: string, open: OpenPurgeStores): void {
  test(`${label}: an experiment goes with all in it, and its name can be taken again`, async () => {
    await using opened = await open();
    const make = () => opened.experiments.create({ name: 'again', tags: [{ key: 'k', value: 'v' }], now: 1 });
    const id = await make();
    const { run, model } = await fullRun(opened, { experimentId: id });
    await opened.experiments.delete(id, 6);
    await expect(make(), 'deleted, it keeps its name').rejects.toMatchObject({ code: 'EXPERIMENT_EXISTS' });
    expect(await purged(opened, { experiments: [id] })).toEqual([
      [`run ${run}`, `logged model ${model}`, `experiment ${id}`],
      [],
    ]);
    expect(await opened.experiments.get(id)).toBeUndefined();
    expect(await opened.datasets()).toEqual([]);
    const next = await make();
    expect(Number(next)).toBeGreaterThan(Number(id));
    expect(await opened.experiments.ensure('again', 7)).toMatchObject({ id: next });
  });

  test(`${label}: an experiment stays with what stays in it; the first one always does`, async () => {
    await using opened = await open();
    const id = await opened.experiments.create({ name: 'needed', tags: [], now: 1 });
    const run = await startRun(opened, { experimentId: id });
    const other = await startRun(opened, { experimentId: id });
    await opened.register({ model: 'score', source: (await readRun(opened, run)).info.artifactUri });
    for (const experiment of [id, '0']) await opened.experiments.delete(experiment, 6);
    const why = 'score version 1 needs it: delete that version first';
    expect(await purged(opened, { deletedBefore: 6 })).toEqual([
      [`run ${other}`],
      [
        `run ${run}: ${why}`,
        'experiment 0: clients write to it that name no experiment',
        `experiment ${id}: its run ${run} stays: ${why}`,
      ],
    ]);
    expect(await opened.experiments.get(id)).toMatchObject({ lifecycle: 'deleted' });
  });

  test(`${label}: an active run in a deleted experiment, as an older build stored it, keeps the experiment`, async () => {
    await using opened = await open();
    const { id } = await opened.experiments.ensure('houses', 1);
    const run = '1'.repeat(32) as RunId;
    await opened.runs.create({ id: run, experimentId: id, name: 'r', startedAt: 5 });
    await opened.experiments.delete(id, 6);
    await opened.activateUnchecked(run);
    expect((await purged(opened, { experiments: [id] }))[1]).toEqual([
      `run ${run}: it is not deleted`,
      `experiment ${id}: its run ${run} stays: it is not deleted`,
    ]);
  });
}

function registeredModels(label: string, open: OpenPurgeStores): void {
  test(`${label}: a registered model goes unless an alias points to it; its numbers begin at 1 again`, async () => {
    await using opened = await open();
    const version = { model: 'score', source: 's3://bucket/model' };
    for (const number of [1, 2]) expect(await opened.register(version)).toBe(number);
    await opened.alias('score', 2);
    expect(await purged(opened, { registeredModels: ['score', 'none'] })).toEqual([
      [],
      [
        'registered model score: the alias prod points to it: delete the alias first',
        'registered model none: not found, or already purged',
      ],
    ]);
    await opened.unalias('score');
    expect(await purged(opened, { registeredModels: ['score'] })).toEqual([['registered model score'], []]);
    expect(await opened.register(version)).toBe(1);
  });
}

function folders(label: string, open: OpenPurgeStores): void {
  test(`${label}: folders of removed entities are recorded until they are forgotten`, async () => {
    await using opened = await open();
    const { run, model } = await fullRun(opened);
    await opened.runs.delete(run, 5);
    await purged(opened, { runs: [run] });
    const recorded = await opened.purge.folders(9);
    expect(recorded).toEqual(
      [
        { location: `mlflow-artifacts:/0/${run}/artifacts`, inUse: false },
        { location: `mlflow-artifacts:/0/models/${model}/artifacts`, inUse: false },
      ].toSorted((a, b) => (a.location < b.location ? -1 : 1)),
    );
    expect(await opened.purge.folders(1)).toEqual(recorded.slice(0, 1));
    for (const { location } of recorded) await opened.purge.forgetFolder(location);
    expect(await opened.purge.folders(9)).toEqual([]);
  });

  test(`${label}: a folder is in use by a run of the same id, a run that was moved, an experiment within`, async () => {
    await using opened = await open();
    const [old, target] = [
      await opened.experiments.create({ name: 'old', tags: [], now: 1 }),
      await opened.experiments.create({ name: 'target', tags: [], now: 1 }),
    ];
    const moved = await startRun(opened, { experimentId: old });
    const back = await startRun(opened);
    const outer = await startRun(opened);
    await opened.moves.move({ runs: [moved], experimentId: target, nested: false });
    for (const id of [back, outer]) await opened.runs.delete(id, 5);
    await opened.experiments.delete(old, 5);
    await purged(opened, { deletedBefore: 5 });
    await opened.runs.create({ id: back, experimentId: '0', name: 'r', user: '', startedAt: 1, tags: [] });
    const artifactLocation = `mlflow-artifacts:/0/${outer}/artifacts/inner`;
    await opened.experiments.create({ name: 'within', artifactLocation, tags: [], now: 1 });
    const recorded = await opened.purge.folders(9);
    expect(recorded.map(({ inUse }) => inUse)).toEqual([true, true, true]);
    expect((await readRun(opened, moved)).info.artifactUri).toBe(
      `mlflow-artifacts:/${old}/${moved}/artifacts`,
    );
  });
}
