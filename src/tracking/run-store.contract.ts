import { expect, test } from 'vitest';
import { newRunId, type RunId } from '../kernel/ids.ts';
import type { DatasetInput, KeyValue } from './model.ts';
import { pairs, point, readRun, startRun, type OpenStores } from './run-stores.fixture.ts';

/** What every store of runs must do; each adapter's test is one call of this. */
export function runStoreContract(label: string, open: OpenStores): void {
  making(label, open);
  oneRun(label, open);
  lifecycle(label, open);
  logging(label, open);
  tags(label, open);
  links(label, open);
}

function making(label: string, open: OpenStores): void {
  test(`${label}: a run is found as it was created`, async () => {
    await using opened = await open();
    const id = newRunId();
    const run = { id, experimentId: '0', name: 'n', user: 'me', startedAt: 5, tags: pairs({ ключ: '🏏' }) };
    const created = await opened.runs.create(run);
    expect(created).toEqual({
      info: {
        id,
        experimentId: '0',
        name: 'n',
        user: 'me',
        status: 'RUNNING',
        startedAt: 5,
        endedAt: undefined,
        artifactUri: `mlflow-artifacts:/0/${id}/artifacts`,
        lifecycle: 'active',
        parentId: undefined,
        plan: undefined,
      },
      metrics: [],
      params: [],
      tags: pairs({ 'mlflow.runName': 'n', ключ: '🏏' }),
      datasets: [],
      modelInputs: [],
      modelOutputs: [],
    });
    expect(await opened.runs.get(id)).toEqual(created);
    expect(await opened.runs.get('nope')).toBeUndefined();
  });

  test(`${label}: runs are found by the first characters of their ids, deleted ones too`, async () => {
    await using opened = await open();
    const { runs } = opened;
    const ids = ['ab12', 'ab13', 'ac00'].map((start) => (start + newRunId()).slice(0, 32) as RunId);
    for (const id of ids)
      await runs.create({ id, experimentId: '0', name: 'n', user: '', startedAt: 5, tags: [] });
    const [first = '', second = ''] = ids;
    await runs.delete(second, 5);
    expect(await runs.idsWithPrefix('ab', 9)).toEqual([first, second]);
    expect(await runs.idsWithPrefix('ab', 1)).toEqual([first]);
    expect(await runs.idsWithPrefix(second.slice(0, 4), 9)).toEqual([second]);
    expect(await runs.idsWithPrefix('ff', 9)).toEqual([]);
  });

  test.each([
    ['s3://bucket/base', (id: string) => `s3://bucket/base/${id}/artifacts`],
    ['s3://bucket/base/', (id: string) => `s3://bucket/base/${id}/artifacts`],
  ])(`${label}: artifacts lie below %s`, async (artifactLocation, uri) => {
    await using opened = await open();
    const experimentId = await opened.experiments.create({ name: 'e', artifactLocation, tags: [], now: 1 });
    const id = await startRun(opened, { experimentId });
    expect((await readRun(opened, id)).info.artifactUri).toBe(uri(id));
  });

  test(`${label}: what a start answers is what is read, whatever was started in the experiment before`, async () => {
    await using opened = await open();
    const { runs, experiments } = opened;
    const start = async (...tags: readonly KeyValue[]): Promise<string> => {
      const run = { id: newRunId(), experimentId: '0', name: 'n', user: '', startedAt: 5, tags };
      const created = await runs.create(run);
      expect(await runs.get(run.id)).toEqual(created);
      return run.id;
    };
    const parent = await start();
    const tags = { z: '1', '\u{ffee}': '2', '😀': '3', 'mlflow.parentRunId': parent };
    await start({ key: 'z', value: 'first' }, ...pairs(tags));
    await start({ key: 'mlflow.parentRunId', value: 'not here' });
    await experiments.delete('0', 6);
    await expect(start()).rejects.toMatchObject({ code: 'NOT_ACTIVE' });
    await experiments.restore('0', 7);
    const last = await start({ key: 'mlflow.runName', value: 'of a tag' });
    expect((await readRun(opened, last)).info.name).toBe('n');
  });

  test(`${label}: a run needs an active experiment and an id of its own`, async () => {
    await using opened = await open();
    const run = { id: newRunId(), experimentId: '987', name: 'n', user: '', startedAt: 5, tags: [] };
    await expect(opened.runs.create(run)).rejects.toMatchObject({
      code: 'EXPERIMENT_NOT_FOUND',
      detail: { value: '987' },
    });
    await opened.runs.create({ ...run, experimentId: '0' });
    await expect(opened.runs.create({ ...run, experimentId: '0' })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
    await opened.experiments.delete('0', 1);
    await expect(startRun(opened)).rejects.toMatchObject({ code: 'NOT_ACTIVE', detail: { value: '0' } });
  });
}

function oneRun(label: string, open: OpenStores): void {
  test(`${label}: a run of the pipeline is a run for clients, its name and parent as tags`, async () => {
    await using opened = await open();
    const { runs } = opened;
    const { id: experimentId } = await opened.experiments.ensure('t20', 1);
    const [parent, child] = [newRunId(), newRunId()];
    const fields = { experimentId, startedBy: 'pipeline' } as const;
    await runs.create({ ...fields, id: parent, name: 'brisk-heron', startedAt: 1 });
    await runs.create({ ...fields, id: child, name: 'calm-otter', startedAt: 2, parentId: parent });
    expect(await readRun(opened, child)).toMatchObject({
      info: { name: 'calm-otter', artifactUri: `mlflow-artifacts:/${experimentId}/${child}/artifacts` },
      tags: pairs({ 'mlflow.parentRunId': parent, 'mlflow.runName': 'calm-otter' }),
    });
  });

  test(`${label}: a client's run is one for the pipeline, and outlives the pipeline's process`, async () => {
    await using opened = await open();
    const parent = await startRun(opened);
    const child = await startRun(opened, { tags: { 'mlflow.parentRunId': parent, a: 'b' } });
    const run = await readRun(opened, child);
    expect(run.info.parentId).toBe(parent);
    expect(run.tags).toContainEqual({ key: 'a', value: 'b' });
    expect(await opened.runs.killUnfinished(900)).toBe(0);
    expect((await readRun(opened, child)).info.status).toBe('RUNNING');
    await opened.runs.delete(child, 5);
    const listed = await opened.runs.list({ limit: 10 });
    expect(listed.runs.map(({ info }) => info.id)).toEqual([parent]);
  });

  test(`${label}: a parent that is not here is a tag alone, and a tag that is deleted is no parent`, async () => {
    await using opened = await open();
    const { runs } = opened;
    const [parent, child] = [await startRun(opened), await startRun(opened)];
    await runs.log(child, { tags: pairs({ 'mlflow.parentRunId': newRunId() }) });
    expect((await readRun(opened, child)).info.parentId).toBeUndefined();
    await runs.log(child, { tags: pairs({ 'mlflow.parentRunId': parent }) });
    expect((await readRun(opened, child)).info.parentId).toBe(parent);
    await runs.deleteTag(child, 'mlflow.parentRunId');
    expect((await readRun(opened, child)).info.parentId).toBeUndefined();
  });
}

function lifecycle(label: string, open: OpenStores): void {
  test(`${label}: a run changes as far as is said`, async () => {
    await using opened = await open();
    const id = await startRun(opened);
    expect(await opened.runs.update(id, { status: 'FINISHED', endedAt: 9 })).toMatchObject({
      name: 'calm-otter',
      status: 'FINISHED',
      endedAt: 9,
    });
    expect(await opened.runs.update(id, { name: 'new' })).toMatchObject({ name: 'new', status: 'FINISHED' });
    expect((await readRun(opened, id)).tags).toEqual(pairs({ 'mlflow.runName': 'new' }));
    await opened.runs.log(id, { tags: pairs({ 'mlflow.runName': 'by tag' }) });
    expect(await opened.runs.update(id, {})).toMatchObject({ name: 'by tag', endedAt: 9 });
    await expect(opened.runs.update('nope', {})).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
  });

  test(`${label}: a deleted run is read, and not written to until it is restored`, async () => {
    await using opened = await open();
    const { runs } = opened;
    const id = await startRun(opened);
    await runs.delete(id, 5);
    await runs.delete(id, 6);
    expect((await readRun(opened, id)).info.lifecycle).toBe('deleted');
    const writes = [
      () => runs.log(id, { metrics: [point('m', 1)] }),
      () => runs.update(id, { name: 'x' }),
      () => runs.deleteTag(id, 'x'),
      () => runs.addToTag(id, 'x', 1),
      () => runs.link(id, {}),
    ];
    for (const write of writes)
      await expect(write()).rejects.toMatchObject({
        code: 'NOT_ACTIVE',
        detail: { field: 'run', value: id },
      });
    await runs.restore(id);
    await runs.log(id, { metrics: [point('m', 1)] });
    await expect(runs.restore(id)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    const onMissing = [() => runs.delete('nope', 1), () => runs.restore('nope'), () => runs.log('nope', {})];
    for (const write of onMissing)
      await expect(write()).rejects.toMatchObject({ code: 'RUN_NOT_FOUND', detail: { value: 'nope' } });
  });
}

function logging(label: string, open: OpenStores): void {
  test(`${label}: params, tags and the last points are kept, and the same again changes nothing`, async () => {
    await using opened = await open();
    const id = await startRun(opened);
    const entries = {
      metrics: [point('loss', 2, [1, 10]), point('loss', 1, [2, 5]), point('acc', Number.NaN)],
      params: pairs({ depth: '6', empty: '' }),
      tags: pairs({ a: '1', empty: '' }),
    };
    for (let times = 0; times < 2; times += 1) expect(await opened.runs.log(id, entries)).toEqual([]);
    expect(await readRun(opened, id)).toMatchObject({
      metrics: [point('acc', Number.NaN), point('loss', 1, [2, 5])],
      params: entries.params,
      tags: pairs({ a: '1', empty: '', 'mlflow.runName': 'calm-otter' }),
    });
    expect(
      (await opened.metrics.history({ runId: id, key: 'loss', offset: 0, limit: 9 })).items,
    ).toHaveLength(2);
  });

  test(`${label}: a param with another value is told, and nothing of its batch is written`, async () => {
    await using opened = await open();
    const id = await startRun(opened, { params: { depth: '6', trees: '300' } });
    const before = await readRun(opened, id);
    const conflicts = await opened.runs.log(id, {
      metrics: [point('m', 1)],
      params: pairs({ depth: '7', new: '1', trees: '300' }),
      tags: pairs({ t: '1' }),
    });
    expect(conflicts).toEqual([{ key: 'depth', old: '6', new: '7' }]);
    expect(await readRun(opened, id)).toEqual(before);
  });

  test(`${label}: a thousand metrics, a hundred params and tags in one batch`, async () => {
    await using opened = await open();
    const id = await startRun(opened);
    const texts = Object.fromEntries(Array.from({ length: 100 }, (_, nth) => [`k${nth}`, `v${nth}`]));
    const metrics = Array.from({ length: 1000 }, (_, nth) => point(`m${nth % 333}`, nth, [nth, nth]));
    await opened.runs.log(id, { metrics, params: pairs(texts), tags: pairs(texts) });
    const run = await readRun(opened, id);
    expect([run.metrics.length, run.params.length, run.tags.length]).toEqual([333, 100, 101]);
    expect(run.metrics.find(({ key }) => key === 'm0')?.value).toBe(999);
    expect(run.params).toContainEqual({ key: 'k99', value: 'v99' });
  });

  test(`${label}: of a tag that comes twice the last counts`, async () => {
    await using opened = await open();
    const id = await startRun(opened);
    await opened.runs.log(id, { tags: [...pairs({ t: '1' }), ...pairs({ t: '2' })] });
    expect((await readRun(opened, id)).tags).toContainEqual({ key: 't', value: '2' });
  });
}

function tags(label: string, open: OpenStores): void {
  test(`${label}: a tag is deleted once`, async () => {
    await using opened = await open();
    const id = await startRun(opened, { tags: { t: '1' } });
    await opened.runs.deleteTag(id, 't');
    expect((await readRun(opened, id)).tags).toEqual(pairs({ 'mlflow.runName': 'calm-otter' }));
    await expect(opened.runs.deleteTag(id, 't')).rejects.toMatchObject({ code: 'TAG_NOT_FOUND' });
  });

  test(`${label}: a tag that is a list is added to, by many at once`, async () => {
    await using opened = await open();
    const id = await startRun(opened, { tags: { text: 'no list' } });
    await Promise.all(['a', 'b', 'c'].map((name) => opened.runs.addToTag(id, 'history', { name })));
    const history = (await readRun(opened, id)).tags.find(({ key }) => key === 'history')?.value ?? '';
    const names = (JSON.parse(history) as readonly { name: string }[]).map(({ name }) => name);
    expect(names.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(['a', 'b', 'c']);
    await expect(opened.runs.addToTag(id, 'text', 1)).rejects.toMatchObject({ code: 'DATA_INVALID' });
  });
}

function links(label: string, open: OpenStores): void {
  test(`${label}: datasets are linked with their tags in the order given, once`, async () => {
    await using opened = await open();
    const [id, other] = [await startRun(opened), await startRun(opened)];
    const input: DatasetInput = {
      dataset: {
        name: 'rows',
        digest: 'd1',
        sourceType: 'local',
        source: '{}',
        schema: '{"a":1}',
        profile: '',
      },
      tags: [...pairs({ z: '1' }), ...pairs({ 'mlflow.data.context': 'training' })],
    };
    const bare: DatasetInput = {
      dataset: { name: 'rows', digest: 'd2', sourceType: 'http', source: 'x' },
      tags: [],
    };
    await opened.runs.link(id, { datasets: [input, bare] });
    await opened.runs.link(id, { datasets: [{ ...input, tags: pairs({ z: '2' }) }] });
    await opened.runs.link(other, { datasets: [bare] });
    expect((await readRun(opened, id)).datasets).toEqual([input, bare]);
    expect((await readRun(opened, other)).datasets).toEqual([bare]);
    await expect(opened.runs.link('nope', {})).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
  });

  test(`${label}: logged models are linked as inputs and outputs`, async () => {
    await using opened = await open();
    const id = await startRun(opened);
    await opened.runs.link(id, { modelInputs: ['m-1'], modelOutputs: [{ modelId: 'm-2', step: 1 }] });
    await opened.runs.link(id, { modelInputs: ['m-1'], modelOutputs: [{ modelId: 'm-2', step: 3 }] });
    expect(await readRun(opened, id)).toMatchObject({
      modelInputs: ['m-1'],
      modelOutputs: [{ modelId: 'm-2', step: 3 }],
    });
  });

  test(`${label}: what a step of the pipeline read is a dataset input too, its digest as short as MLflow's`, async () => {
    await using opened = await open();
    const id = await startRun(opened);
    const digest = 'ab'.repeat(32) as never;
    await opened.tasks.saveDatasets(id, [
      { direction: 'input', name: 'innings', digest, task: 'train' },
      { direction: 'output', name: 'model', digest, task: 'train' },
    ]);
    expect((await readRun(opened, id)).datasets).toEqual([
      {
        dataset: {
          name: 'innings',
          digest: 'ab'.repeat(18),
          sourceType: 'modelyard',
          source: JSON.stringify({ digest }),
        },
        tags: pairs({ 'mlflow.data.context': 'train' }),
      },
    ]);
  });
}
