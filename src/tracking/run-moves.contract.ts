import { expect, test } from 'vitest';
import { newRunId, type RunId } from '../kernel/ids.ts';
import type { OpenPurge, OpenPurgeStores } from './purge-store.contract.ts';
import { parseFilter } from './search/filter.ts';
import { runSearch } from './search/grammar.ts';
import { point, readRun, startRun } from './run-stores.fixture.ts';

/** What every store that moves runs must do; each adapter's test is one call of this. */
export function runMovesContract(label: string, open: OpenPurgeStores): void {
  moving(label, open);
  nesting(label, open);
  refusals(label, open);
}

async function createTarget({ experiments }: OpenPurge): Promise<string> {
  return experiments.create({ name: 'target', tags: [], now: 1 });
}

function moving(label: string, open: OpenPurgeStores): void {
  test(`${label}: runs move with their datasets and logged models, and are found where they are`, async () => {
    await using opened = await open();
    const { runs, loggedModels, experiments } = opened;
    const experimentId = await createTarget(opened);
    const logged = { params: { depth: '3' }, metrics: [point('loss', 0.5)], tags: { colour: 'green' } };
    const [run, other, left] = [
      await startRun(opened, logged),
      await startRun(opened, logged),
      await startRun(opened, logged),
    ];
    const input = (name: string) => ({
      dataset: { name, digest: `${name}-1`, sourceType: 'local', source: '{}' },
      tags: [{ key: 'mlflow.data.context', value: 'training' }],
    });
    for (const id of [run, other, left]) await runs.link(id, { datasets: [input('shared')] });
    await runs.link(run, { datasets: [input('own')] });
    const model = { id: 'm-1', experimentId: '0', name: 'm', modelType: '', params: [], tags: [], now: 1 };
    await loggedModels.create({ ...model, sourceRunId: run });
    const before = await readRun(opened, run);

    expect((await opened.moves.move({ runs: [run, other], experimentId, nested: false })).toSorted()).toEqual(
      [run, other].toSorted(),
    );
    const after = await readRun(opened, run);
    expect(after).toEqual({ ...before, info: { ...before.info, experimentId } });
    expect(await loggedModels.get('m-1')).toMatchObject({ experimentId });
    const found = async (where: string, filter: string) => {
      const of = parseFilter(filter, runSearch);
      const query = { experimentIds: [where], view: 'active', offset: 0, limit: 9 } as const;
      const { items } = await runs.search({ ...query, filter: { kind: 'all', of } });
      return items.map(({ info }) => info.id).toSorted();
    };
    for (const filter of [
      "params.depth = '3'",
      'metrics.loss < 1',
      "tags.colour = 'green'",
      "dataset.name = 'shared'",
      "dataset.context = 'training'",
    ]) {
      expect([filter, await found(experimentId, filter), await found('0', filter)]).toEqual([
        filter,
        [run, other].toSorted(),
        [left],
      ]);
    }
    expect((await experiments.datasets([experimentId], 9)).map(({ name }) => name)).toEqual([
      'own',
      'shared',
    ]);
    expect((await opened.datasets()).toSorted()).toEqual(
      ['0 shared', `${experimentId} own`, `${experimentId} shared`].toSorted(),
    );
  });

  test(`${label}: a run that is there already stays, and nothing to move is no error`, async () => {
    await using opened = await open();
    const experimentId = await createTarget(opened);
    const run = await startRun(opened, { experimentId });
    expect(await opened.moves.move({ runs: [run], experimentId, nested: true })).toEqual([]);
    expect(await opened.moves.move({ runs: [], experimentId, nested: true })).toEqual([]);
  });
}

function nesting(label: string, open: OpenPurgeStores): void {
  test(`${label}: what is nested goes along when it is asked to, however deep and in a circle too`, async () => {
    await using opened = await open();
    const experimentId = await createTarget(opened);
    const parent = (id: string) => ({ tags: { 'mlflow.parentRunId': id } });
    const top = await startRun(opened);
    const middle = await startRun(opened, parent(top));
    const bottom = await startRun(opened, parent(middle));
    await opened.nestUnchecked(top, bottom);
    await opened.runs.delete(bottom, 5);
    expect(await opened.moves.move({ runs: [middle], experimentId, nested: false })).toEqual([middle]);
    const moved = await opened.moves.move({ runs: [top], experimentId, nested: true });
    expect(moved.toSorted()).toEqual([top, bottom].toSorted());
    expect((await readRun(opened, bottom)).info).toMatchObject({ experimentId, lifecycle: 'deleted' });
  });

  test(`${label}: a run of our pipeline goes whole`, async () => {
    await using opened = await open();
    const { moves } = opened;
    const experimentId = await createTarget(opened);
    const { run, training } = await pipelineRun(opened, 'FINISHED');
    const torn = { code: 'INPUT_INVALID', detail: { value: run } };
    await expect(moves.move({ runs: [run], experimentId, nested: false })).rejects.toMatchObject(torn);
    await expect(moves.move({ runs: [training], experimentId, nested: true })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      detail: { value: training },
    });
    expect((await moves.move({ runs: [run], experimentId, nested: true })).toSorted()).toEqual(
      [run, training].toSorted(),
    );
    const both = { runs: [run, training], experimentId: '0', nested: false };
    expect(await moves.move(both)).toHaveLength(2);
  });
}

function refusals(label: string, open: OpenPurgeStores): void {
  test(`${label}: all move or none`, async () => {
    await using opened = await open();
    const { moves, experiments, runs } = opened;
    const experimentId = await createTarget(opened);
    const gone = await experiments.create({ name: 'gone', tags: [], now: 1 });
    await experiments.delete(gone, 5);
    const [run, deleted] = [await startRun(opened), await startRun(opened)];
    await runs.delete(deleted, 5);
    const { run: running } = await pipelineRun(opened, 'RUNNING');
    const refused = (ids: readonly string[], to = experimentId) =>
      moves.move({ runs: ids, experimentId: to, nested: true }).catch((error: unknown) => error);
    expect(await refused([run, 'none'])).toMatchObject({ code: 'RUN_NOT_FOUND', detail: { value: 'none' } });
    expect(await refused([run, deleted])).toMatchObject({ code: 'NOT_ACTIVE', detail: { value: deleted } });
    expect(await refused([run, running])).toMatchObject({
      code: 'RUN_IN_PROGRESS',
      detail: { value: running },
    });
    expect(await refused([run], '987')).toMatchObject({ code: 'EXPERIMENT_NOT_FOUND' });
    expect(await refused([run], gone)).toMatchObject({ code: 'NOT_ACTIVE', detail: { field: 'experiment' } });
    expect((await readRun(opened, run)).info.experimentId).toBe('0');
  });
}

async function pipelineRun(
  { experiments, runs }: OpenPurge,
  status: 'FINISHED' | 'RUNNING',
): Promise<{ readonly run: RunId; readonly training: RunId }> {
  const { id: experimentId } = await experiments.ensure('Default', 1);
  const [run, training] = [newRunId(), newRunId()];
  const fields = { experimentId, startedAt: 1, startedBy: 'pipeline' } as const;
  await runs.create({ ...fields, id: run, name: 'run' });
  await runs.create({ ...fields, id: training, name: 'training', parentId: run });
  if (status !== 'RUNNING') for (const id of [run, training]) await runs.end(id, status, 2);
  return { run, training };
}
