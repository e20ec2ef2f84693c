import { expect, test } from 'vitest';
import { digestOf } from '../kernel/digest.ts';
import { newRunId } from '../kernel/ids.ts';
import { type OpenStores, startRun } from './run-stores.fixture.ts';
import type { RunDataset, RunTask } from './run-task-store.ts';

/** What every store of run tasks must do; each adapter's test is one call of this. */
export function runTaskStoreContract(label: string, open: OpenStores): void {
  test(`${label}: tasks are added and replaced by name, and listed in the order of the graph`, async () => {
    await using opened = await open();
    const { tasks } = opened;
    const id = await startRun(opened);
    await tasks.saveTasks(id, [waiting('train', 2), waiting('split', 1)]);
    await tasks.saveTasks(id, [done, waiting('fetch', 0)]);
    expect(await tasks.listTasks(id)).toEqual([waiting('fetch', 0), waiting('split', 1), done]);
    await tasks.saveTasks(id, []);
    expect(await tasks.listTasks(newRunId())).toEqual([]);
    await expect(tasks.saveTasks(newRunId(), [done])).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
  });

  test(`${label}: the outcomes of several runs are their failed tasks and those of an operation`, async () => {
    await using opened = await open();
    const { tasks } = opened;
    const [first, second, third] = [await startRun(opened), await startRun(opened), await startRun(opened)];
    const judged = { ...waiting('gate', 3), operation: 'gate' };
    await tasks.saveTasks(first, [judged, done, waiting('fetch', 0)]);
    await tasks.saveTasks(second, [judged]);
    await tasks.saveTasks(third, [done]);
    expect(await tasks.listOutcomes([first, second, newRunId()], ['gate'])).toEqual(
      new Map([
        [first, [done, judged]],
        [second, [judged]],
      ]),
    );
    expect(await tasks.listOutcomes([], ['gate'])).toEqual(new Map());
  });

  test(`${label}: datasets are added; what has a direction and name already stays as it was`, async () => {
    await using opened = await open();
    const { tasks } = opened;
    const id = await startRun(opened);
    const rows: RunDataset = { direction: 'input', name: 'rows', digest: digestOf('rows'), task: 'innings' };
    const model: RunDataset = {
      direction: 'output',
      name: 'model',
      digest: digestOf('model'),
      task: 'train',
    };
    const written: RunDataset = { ...rows, direction: 'output' };
    await tasks.saveDatasets(id, [model, rows]);
    await tasks.saveDatasets(id, [written, { ...rows, digest: digestOf('others') }]);
    expect(await tasks.listDatasets(id)).toEqual([rows, model, written]);
    expect(await tasks.listDatasets(newRunId())).toEqual([]);
    await expect(tasks.saveDatasets(newRunId(), [rows])).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
  });

  test(`${label}: datasets that a run read are logged once, for a run that is there`, async () => {
    await using opened = await open();
    const { runs } = opened;
    const id = await startRun(opened);
    const input = {
      dataset: { name: 'rows', digest: 'd1', sourceType: 'modelyard', source: '{}' },
      tags: [{ key: 'mlflow.data.context', value: 'training' }],
    };
    await runs.link(id, { datasets: [input] });
    await runs.link(id, { datasets: [input] });
    await runs.link(id, { datasets: [] });
    await expect(runs.link(newRunId(), { datasets: [input] })).rejects.toMatchObject({
      code: 'RUN_NOT_FOUND',
    });
  });
}

const done: RunTask = {
  task: 'train',
  operation: 'fit',
  declared: { kind: 'model', name: 'score' },
  position: 2,
  status: 'failed',
  key: digestOf('key'),
  startedAt: 5,
  endedAt: 9,
  needs: ['split'],
  code: ['toFeatures in innings.ts'],
  outputs: { model: digestOf('model') },
  facts: { rows: 12_480, note: 'ünïcode', nested: { list: [1, null, 'x'] } },
  error: {
    code: 'STEP_FAILED',
    message: 'step failed',
    detail: { field: 'train', value: 1, remedy: 'Look.' },
  },
};

function waiting(task: string, position: number): RunTask {
  const nothing = { key: undefined, startedAt: undefined, endedAt: undefined, error: undefined };
  const declared = { kind: 'source', name: task };
  const planned = { task, operation: 'fetch', declared, position, needs: [], code: [] };
  return { ...planned, status: 'waiting', outputs: {}, facts: {}, ...nothing };
}
