import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { MlflowSource } from '../../../exchange/import/source.ts';
import { openFolderSource } from './folder.ts';
import { allOf } from './fake-server.fixture.ts';

const id = 'a'.repeat(32);
const experiment = '873912345678901234';

const files: Readonly<Record<string, string>> = {
  '0/meta.yaml':
    'experiment_id: 0\nname: Default\nlifecycle_stage: active\nartifact_location: file:///gone/0\n',
  [`.trash/${experiment}/meta.yaml`]: `experiment_id: '${experiment}'\nname: old\nlifecycle_stage: deleted\ncreation_time: 3\n`,
  '0/tags/team': 'x',
  'models/meta.txt': 'nothing',
  [`0/${id}/meta.yaml`]: `artifact_uri: file:///gone/0/${id}/artifacts\nend_time: 6\nlifecycle_stage: deleted\ndeleted_time: 7\nrun_name: n\nsource_name: train.py\nsource_type: 4\nstart_time: 5\nstatus: 4\nuser_id: ann\n`,
  [`0/${id}/params/a/b`]: 'line\nline',
  [`0/${id}/tags/mlflow.runName`]: 'tagged',
  [`0/${id}/metrics/m/x`]: '1 0.5 0\n2 nan 1\n3 -inf 2 train 12ab\n',
  [`0/${id}/metrics/old`]: '4 1.5\n',
  [`0/${id}/inputs/i/meta.yaml`]:
    'source_type: DATASET\nsource_id: d1\ndestination_type: RUN\ntags:\n  mlflow.data.context: training\n',
  [`0/${id}/inputs/j/meta.yaml`]: 'source_type: MODEL\nsource_id: m-1\ntags: {}\n',
  [`0/${id}/outputs/m-2/meta.yaml`]: 'destination_id: m-2\nstep: 4\n',
  [`0/${id}/artifacts/dir/a.txt`]: 'a',
  '0/datasets/d1/meta.yaml': "name: d\ndigest: x\nsource_type: local\nsource: '{}'\nprofile: '{}'\n",
  '0/models/m-1/meta.yaml':
    'artifact_location: file:///gone/0/models/m-1/artifacts\ncreation_timestamp: 3\nmodel_type: agent\nname: lm\nstatus: 2\n',
  '0/models/m-1/params/p': '1',
  '0/models/m-1/metrics/m': `5 1.5 2 ${id} my data 12ab\n6 2.5 3 ${id}\n`,
  '0/models/m-1/artifacts/MLmodel': 'model',
  '0/traces/t1/trace_info.yaml': 'a: 1\n',
  'models/reg/meta.yaml': 'name: reg\ncreation_timestamp: 1\nlast_updated_timestamp: 2\ndescription: null\n',
  'models/reg/tags/k': 'v',
  'models/reg/aliases/prod': '2',
  'models/reg/version-1/meta.yaml': 'version: 1\ncurrent_stage: Deleted_Internal\n',
  'models/reg/version-2/meta.yaml': `version: 2\ncurrent_stage: Staging\nsource: models:/m-1\nstorage_location: file:///gone/0/models/m-1/artifacts\nrun_id: ${id}\nstatus: READY\nuser_id: null\n`,
  'models/reg/version-2/tags/a': 'b',
};

interface Opened extends AsyncDisposable {
  readonly source: MlflowSource;
  readonly root: string;
}

async function open(change: Readonly<Record<string, string>> = {}): Promise<Opened> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-source-'));
  const root = join(folder, 'mlruns');
  for (const [path, content] of Object.entries({ ...files, ...change })) {
    await mkdir(join(root, dirname(path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  return {
    root,
    source: await openFolderSource(root),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

test('experiments are read, deleted ones from the trash', async () => {
  await using opened = await open();
  expect(await allOf(opened.source.experiments())).toMatchObject([
    { id: '0', name: 'Default', lifecycle: 'active', tags: [{ key: 'team', value: 'x' }] },
    { id: experiment, name: 'old', lifecycle: 'deleted', createdAt: 3, updatedAt: 3 },
  ]);
  expect(await allOf(opened.source.runs(experiment))).toEqual([]);
});

test('a run is read with all its points', async () => {
  await using opened = await open();
  const [run] = await allOf(opened.source.runs('0'));
  expect(run).toMatchObject({
    info: {
      id,
      experimentId: '0',
      name: 'tagged',
      user: 'ann',
      status: 'FAILED',
      startedAt: 5,
      endedAt: 6,
      lifecycle: 'deleted',
    },
    sourceType: 'LOCAL',
    sourceName: 'train.py',
    deletedAt: 7,
    params: [{ key: 'a/b', value: 'line\nline' }],
    tags: [{ key: 'mlflow.runName', value: 'tagged' }],
    datasets: [
      {
        dataset: { name: 'd', digest: 'x', sourceType: 'local', source: '{}', profile: '{}' },
        tags: [{ key: 'mlflow.data.context', value: 'training' }],
      },
    ],
    modelInputs: ['m-1'],
    modelOutputs: [{ modelId: 'm-2', step: 4 }],
  });
  const points = run ? (await allOf(opened.source.points(run))).flat() : [];
  expect(points).toEqual([
    { key: 'm/x', value: 0.5, step: 0, timestamp: 1 },
    { key: 'm/x', value: Number.NaN, step: 1, timestamp: 2 },
    { key: 'm/x', value: -Infinity, step: 2, timestamp: 3 },
    { key: 'old', value: 1.5, step: 0, timestamp: 4 },
  ]);
});

test('logged models and the registry are read', async () => {
  await using opened = await open();
  const { source } = opened;
  expect(await allOf(source.loggedModels('0'))).toMatchObject([
    {
      id: 'm-1',
      name: 'lm',
      status: 'READY',
      modelType: 'agent',
      params: [{ key: 'p', value: '1' }],
      metrics: [
        {
          key: 'm',
          value: 1.5,
          step: 2,
          timestamp: 5,
          runId: id,
          datasetName: 'my data',
          datasetDigest: '12ab',
        },
        { value: 2.5, datasetName: undefined, datasetDigest: undefined },
      ],
    },
  ]);
  expect(await allOf(source.models())).toEqual([
    { name: 'reg', description: '', tags: { k: 'v' }, aliases: { prod: 2 }, createdAt: 1, updatedAt: 2 },
  ]);
  expect(await allOf(source.versions('reg'))).toMatchObject([
    {
      model: 'reg',
      version: 2,
      stage: 'Staging',
      runId: id,
      loggedModelId: 'm-1',
      storage: 'file:///gone/0/models/m-1/artifacts',
      tags: { a: 'b' },
      user: '',
    },
  ]);
  expect(await allOf(source.unsupported(['0', experiment]))).toMatchObject([
    { what: 'traces', id: 'experiment 0' },
  ]);
});

test('files are found where the folder is now', async () => {
  await using opened = await open();
  const paths = async (kind: 'run' | 'logged model', owner: string, uri: string): Promise<unknown> => {
    const found = await opened.source.files({ kind, id: owner, experimentId: '0', uri });
    return found.kind === 'available' ? (await allOf(found.files)).map(({ path }) => path) : found.reason;
  };
  expect(await paths('run', id, `file:///gone/0/${id}/artifacts`)).toEqual(['dir/a.txt']);
  expect(await paths('logged model', 'm-1', 'file:///gone/0/models/m-1/artifacts')).toEqual(['MLmodel']);
  expect(await paths('run', id, `s3://b/0/${id}/artifacts`)).toBe('they stay in s3://b');
});

test('an experiment with a location of its own has its files there', async () => {
  const other = 'b'.repeat(32);
  await using opened = await open({ [`0/${other}/meta.yaml`]: 'status: 3\n' });
  await mkdir(join(opened.root, '0', other, 'artifacts'));
  const location = join(opened.root, '..', 'disk', 'own');
  const uri = `file://${location}/${other}/artifacts`;
  const owner = { kind: 'run', id: other, experimentId: '0', uri } as const;
  expect(await opened.source.files(owner), 'where that is not here').toMatchObject({ kind: 'unavailable' });
  await mkdir(join(location, other, 'artifacts'), { recursive: true });
  await writeFile(join(location, other, 'artifacts', 'own.txt'), 'own');
  const found = await opened.source.files(owner);
  expect(found.kind === 'available' ? await allOf(found.files) : []).toMatchObject([
    { path: 'own.txt', size: 3 },
  ]);
  const usual = { ...owner, uri: `file:///gone/0/${other}/artifacts` };
  const none = await opened.source.files(usual);
  expect(none.kind === 'available' ? await allOf(none.files) : none).toEqual([]);
});

test('a folder without experiments and a broken description are refused', async () => {
  await using opened = await open();
  const refused = { code: 'SOURCE_UNREADABLE' };
  await expect(openFolderSource(join(opened.root, 'models'))).rejects.toMatchObject(refused);
  await writeFile(join(opened.root, '0', 'meta.yaml'), 'a: [1');
  await expect(openFolderSource(opened.root)).rejects.toMatchObject(refused);
});
