import { expect, test } from 'vitest';
import { digestOf } from '../kernel/digest.ts';
import { newRunId, type RunId } from '../kernel/ids.ts';
import type { NewRun } from './model.ts';
import { valuesByKey } from './run-entries.ts';
import {
  type OpenRunStores,
  type OpenStores,
  pairs,
  point,
  readRun,
  startRun,
} from './run-stores.fixture.ts';
import type { RunList } from './run-store.ts';

/** How every store of runs creates, ends and lists the runs of pipelines; each adapter's test is one call of this. */
export function runListContract(label: string, open: OpenStores): void {
  pipelineRuns(label, open);
  ends(label, open);
  lists(label, open);
}

function pipelineRuns(label: string, open: OpenStores): void {
  test(`${label}: a run of a pipeline has its plan and its parent`, async () => {
    await using opened = await open();
    const { id: experimentId } = await opened.experiments.ensure('t20', 0);
    const parent = await startRun(opened, { experimentId, startedBy: 'pipeline' });
    const child = newRunId();
    const created = await opened.runs.create({
      id: child,
      experimentId,
      parentId: parent,
      name: 'brisk-heron',
      plan: digestOf('plan'),
      startedAt: 100,
      startedBy: 'pipeline',
      tags: pairs({ why: 'drift', ключ: '值' }),
    });
    expect(created.info).toEqual({
      id: child,
      experimentId,
      name: 'brisk-heron',
      user: '',
      status: 'RUNNING',
      startedAt: 100,
      endedAt: undefined,
      artifactUri: `mlflow-artifacts:/${experimentId}/${child}/artifacts`,
      lifecycle: 'active',
      parentId: parent,
      plan: digestOf('plan'),
    });
    expect(valuesByKey(created.tags)).toEqual({
      why: 'drift',
      ключ: '值',
      'mlflow.runName': 'brisk-heron',
      'mlflow.parentRunId': parent,
    });
    expect([created.params, created.metrics]).toEqual([[], []]);
    expect(await opened.runs.get(child)).toEqual(created);
    expect((await readRun(opened, parent)).info).toMatchObject({ parentId: undefined, plan: undefined });
    expect(await opened.runs.get(newRunId())).toBeUndefined();
    const infos = await opened.runs.getInfos([child, newRunId(), parent]);
    expect(infos.toSorted((a, b) => Number(b.id === child) - Number(a.id === child))).toEqual([
      created.info,
      (await readRun(opened, parent)).info,
    ]);
    expect(await opened.runs.getInfos([])).toEqual([]);
  });

  test(`${label}: an id is used once, and experiment and parent must exist`, async () => {
    await using opened = await open();
    const { runs } = opened;
    const { id: experimentId } = await opened.experiments.ensure('t20', 0);
    const id = await startRun(opened, { experimentId });
    const run: NewRun = { id: newRunId(), experimentId, name: 'n', startedAt: 1, startedBy: 'pipeline' };
    await expect(runs.create({ ...run, id })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      detail: { field: 'run' },
    });
    await expect(runs.create({ ...run, experimentId: '987' })).rejects.toMatchObject({
      code: 'EXPERIMENT_NOT_FOUND',
    });
    const unknown = newRunId();
    await expect(runs.create({ ...run, parentId: unknown })).rejects.toMatchObject({
      code: 'RUN_NOT_FOUND',
      detail: { value: unknown },
    });
    expect(await runs.get(run.id)).toBeUndefined();
  });
}

function ends(label: string, open: OpenStores): void {
  test.each(['FINISHED', 'FAILED', 'KILLED'] as const)(`${label}: a run ends as %s`, async (status) => {
    await using opened = await open();
    const { runs } = opened;
    const id = await startRun(opened);
    await runs.end(id, status, 900);
    expect((await readRun(opened, id)).info).toMatchObject({ status, endedAt: 900 });
    await expect(runs.end(newRunId(), status, 900)).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
  });

  test(`${label}: a run that was deleted while it was running can still end`, async () => {
    await using opened = await open();
    const id = await startRun(opened);
    await opened.runs.delete(id, 5);
    await opened.runs.end(id, 'FINISHED', 9);
    expect((await readRun(opened, id)).info).toMatchObject({ status: 'FINISHED', lifecycle: 'deleted' });
  });

  test(`${label}: unfinished pipeline runs can be marked as killed, and no others`, async () => {
    await using opened = await open();
    const { runs } = opened;
    const start = () => startRun(opened, { startedBy: 'pipeline' });
    const [done, first, second] = [await start(), await start(), await start()];
    await runs.end(done, 'FINISHED', 500);
    expect(await runs.killUnfinished(700)).toBe(2);
    expect((await readRun(opened, done)).info).toMatchObject({ status: 'FINISHED', endedAt: 500 });
    for (const id of [first, second])
      expect((await readRun(opened, id)).info).toMatchObject({ status: 'KILLED', endedAt: 700 });
    expect(await runs.killUnfinished(800)).toBe(0);
  });
}

function lists(label: string, open: OpenStores): void {
  test(`${label}: lists the latest first, page by page`, async () => {
    await using opened = await open();
    const ids: RunId[] = [];
    for (const startedAt of [10, 30, 20]) ids.push(await startRun(opened, { startedAt }));
    const [at10, at30, at20] = ids;
    const after = (startedAt: number, id = '') => ({ after: { startedAt, id }, limit: 10 });
    expect(await listed(opened, { limit: 10 })).toEqual([at30, at20, at10]);
    expect(await listed(opened, { limit: 2 })).toEqual([at30, at20]);
    expect(await listed(opened, after(30))).toEqual([at20, at10]);
    expect(await listed(opened, after(30, at30))).toEqual([at20, at10]);
    expect(await listed(opened, after(30, 'z'))).toEqual([at30, at20, at10]);
    expect(await listed(opened, after(10))).toEqual([]);
    expect(await listed(opened, { limit: 0 })).toEqual([]);
  });

  test(`${label}: pages have every run once, also where runs started at the same time`, async () => {
    await using opened = await open();
    const ids = await Promise.all(Array.from({ length: 7 }, () => startRun(opened, { startedAt: 5 })));
    const found: string[] = [];
    let after: RunList['after'];
    const lengths: number[] = [];
    do {
      const page = await opened.runs.list({ limit: 3, ...(after && { after }) });
      found.push(...page.runs.map(({ info }) => info.id));
      lengths.push(page.runs.length);
      after = page.next;
    } while (after);
    expect(lengths).toEqual([3, 3, 1]);
    expect(found).toEqual(ids.toSorted().toReversed());
    expect((await opened.runs.list({ limit: 7 })).next).toBeUndefined();
  });

  test(`${label}: lists the runs with a tag that are nested in any of several`, async () => {
    await using opened = await open();
    const [one, two, three] = [await startRun(opened), await startRun(opened), await startRun(opened)];
    const nest = (parentId: RunId, startedAt: number, tags = {}) =>
      startRun(opened, { parentId, startedAt, tags });
    const tagged = [await nest(one, 1, { kind: 'a' }), await nest(two, 2, { kind: '' })];
    await nest(three, 3, { kind: 'c' });
    const other = await nest(one, 4);
    expect(await listed(opened, { parentIds: [one, two], tag: 'kind', limit: 9 })).toEqual(
      tagged.toReversed(),
    );
    expect(await listed(opened, { parentIds: [one], limit: 9 })).toEqual([other, tagged[0]]);
    expect(await listed(opened, { parentIds: [], limit: 9 })).toEqual([]);
  });

  test(`${label}: lists by experiment and by parent, each run with its own params, metrics and tags`, async () => {
    await using opened = await open();
    const { experiments, runs } = opened;
    const { id: experimentId } = await experiments.ensure('t20', 0);
    const root = await startRun(opened, { experimentId, startedAt: 1 });
    const child = await startRun(opened, {
      experimentId,
      startedAt: 2,
      parentId: root,
      tags: { of: 'child' },
      params: { depth: '6' },
      metrics: [point('mae', 1)],
    });
    const grandchild = await startRun(opened, {
      experimentId,
      startedAt: 3,
      parentId: child,
      params: { depth: '9' },
      metrics: [point('mae', 2)],
    });
    const other = await experiments.ensure('other', 0);
    const elsewhere = await startRun(opened, { startedAt: 4, experimentId: other.id });

    expect(await listed(opened, { experimentId, limit: 10 })).toEqual([grandchild, child, root]);
    expect(await listed(opened, { experimentId: other.id, limit: 10 })).toEqual([elsewhere]);
    expect(await listed(opened, { parentIds: null, limit: 10 })).toEqual([elsewhere, root]);
    expect(await listed(opened, { parentIds: null, experimentId, limit: 10 })).toEqual([root]);
    expect(await listed(opened, { parentIds: [root], limit: 10 })).toEqual([child]);
    const all = await runs.list({ experimentId, limit: 10 });
    expect(
      all.runs.map(({ params, metrics, tags }) => [
        valuesByKey(params),
        valuesByKey(metrics),
        valuesByKey(tags),
      ]),
    ).toEqual([
      [{ depth: '9' }, { mae: 2 }, { 'mlflow.runName': 'calm-otter', 'mlflow.parentRunId': child }],
      [
        { depth: '6' },
        { mae: 1 },
        { of: 'child', 'mlflow.runName': 'calm-otter', 'mlflow.parentRunId': root },
      ],
      [{}, {}, { 'mlflow.runName': 'calm-otter' }],
    ]);
  });
}

async function listed({ runs }: OpenRunStores, list: RunList): Promise<readonly RunId[]> {
  return (await runs.list(list)).runs.map(({ info }) => info.id);
}
