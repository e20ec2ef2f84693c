import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Libsql from 'libsql';
import { expect, test } from 'vitest';
import type { MlflowSource } from '../../../exchange/import/source.ts';
import { allOf } from './fake-server.fixture.ts';
import { openSqliteSource } from './sqlite.ts';

const id = 'a'.repeat(32);

/** Tables as MLflow 2 has them. */
const tables = `
  create table experiments (experiment_id integer primary key, name, artifact_location, lifecycle_stage);
  create table experiment_tags (key, value, experiment_id integer);
  create table runs (run_uuid, name, source_type, source_name, user_id, status, start_time, end_time,
    lifecycle_stage, artifact_uri, experiment_id integer, deleted_time);
  create table params (key, value, run_uuid);
  create table tags (key, value, run_uuid);
  create table metrics (key, value, timestamp, run_uuid, step, is_nan);
  create table latest_metrics (key, value, timestamp, run_uuid, step, is_nan);
  create table datasets (dataset_uuid, experiment_id, name, digest, dataset_source_type, dataset_source,
    dataset_schema, dataset_profile);
  create table inputs (input_uuid, source_type, source_id, destination_type, destination_id);
  create table input_tags (input_uuid, name, value);
  create table registered_models (name, creation_time, last_updated_time, description);
  create table registered_model_tags (key, value, name);
  create table registered_model_aliases (alias, version, name);
  create table model_versions (name, version, creation_time, last_updated_time, description, user_id,
    current_stage, source, run_id, status, run_link, storage_location);
  create table model_version_tags (key, value, name, version);
  insert into experiments values (0, 'Default', 'mlflow-artifacts:/0', 'active'), (3, 'old', '/x/3', 'deleted');
  insert into experiment_tags values ('team', 'x', 0);
  insert into runs values ('${id}', 'n', 'LOCAL', 'train.py', 'ann', 'FAILED', 5, 6, 'deleted', '/x/0/r', 0, 7);
  insert into params values ('p', '1', '${id}');
  insert into tags values ('mlflow.runName', 'tagged', '${id}'), ('empty', null, '${id}');
  insert into datasets values ('u', 0, 'd', 'x', 'local', '{}', null, 'prof');
  insert into inputs values ('i', 'DATASET', 'u', 'RUN', '${id}');
  insert into input_tags values ('i', 'mlflow.data.context', 'train');
  insert into latest_metrics values ('m', 0, 2, '${id}', 1, 1);
  insert into registered_models values ('reg', 3, 4, null);
  insert into registered_model_tags values ('k', 'v', 'reg');
  insert into registered_model_aliases values ('prod', 2, 'reg');
  insert into model_versions values
    ('reg', 1, 5, 6, 'd1', null, 'Deleted_Internal', 'REDACTED', null, 'READY', null, null),
    ('reg', 2, 5, 6, 'd2', 'ann', 'Production', 'models:/m-1', '${id}', 'READY', 'l', 's3://b/m');
  insert into model_version_tags values ('a', 'b', 'reg', 2);`;

/** What MLflow 3 adds. */
const later = `
  alter table experiments add column creation_time; alter table experiments add column last_update_time;
  alter table experiments add column workspace default 'default';
  alter table registered_models add column workspace default 'default';
  alter table registered_model_tags add column workspace default 'default';
  alter table registered_model_aliases add column workspace default 'default';
  alter table model_versions add column workspace default 'default';
  alter table model_version_tags add column workspace default 'default';
  alter table inputs add column step default 0;
  create table logged_models (model_id, experiment_id integer, name, artifact_location, creation_timestamp_ms,
    last_updated_timestamp_ms, status, lifecycle_stage, model_type, source_run_id, status_message);
  create table logged_model_params (model_id, experiment_id, param_key, param_value);
  create table logged_model_tags (model_id, experiment_id, tag_key, tag_value);
  create table logged_model_metrics (model_id, metric_name, metric_timestamp_ms, metric_step, metric_value,
    experiment_id, run_id, dataset_uuid, dataset_name, dataset_digest);
  create table trace_info (request_id);
  update experiments set creation_time = 8, last_update_time = 9;
  insert into experiments values (4, 'theirs', '/x/4', 'active', 1, 1, 'another');
  insert into registered_models values ('theirs', 3, 4, null, 'another');
  insert into inputs values ('j', 'RUN_INPUT', '${id}', 'MODEL_INPUT', 'm-1', 0),
    ('k', 'RUN_OUTPUT', '${id}', 'MODEL_OUTPUT', 'm-2', 5);
  insert into logged_models values ('m-1', 0, 'lm', '/x/0/models/m-1/artifacts', 1, 2, 2, 'deleted', null, '${id}', null);
  insert into logged_model_params values ('m-1', 0, 'p', '1');
  insert into logged_model_tags values ('m-1', 0, 't', 'u');
  insert into logged_model_metrics values ('m-1', 'm', 1, 2, null, 0, '${id}', null, null, null);
  insert into trace_info values ('t');`;

interface Opened extends AsyncDisposable {
  readonly source: MlflowSource;
  readonly folder: string;
}

async function open(...scripts: readonly string[]): Promise<Opened> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-source-'));
  const path = join(folder, 'm.db');
  const database = new Libsql(path);
  for (const script of scripts) database.exec(script);
  database.close();
  const source = await openSqliteSource(path);
  return {
    source,
    folder,
    async [Symbol.asyncDispose]() {
      await source[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

test('a file of MLflow 2 is read, deleted things too', async () => {
  await using opened = await open(tables);
  const { source } = opened;
  expect(await allOf(source.experiments())).toMatchObject([
    { id: '0', name: 'Default', createdAt: 0, tags: [{ key: 'team', value: 'x' }] },
    { id: '3', lifecycle: 'deleted', artifactLocation: '/x/3' },
  ]);
  expect(await allOf(source.runs('0'))).toEqual([
    {
      info: {
        id,
        experimentId: '0',
        name: 'tagged',
        user: 'ann',
        status: 'FAILED',
        startedAt: 5,
        endedAt: 6,
        artifactUri: '/x/0/r',
        lifecycle: 'deleted',
      },
      sourceType: 'LOCAL',
      sourceName: 'train.py',
      deletedAt: 7,
      metrics: [{ key: 'm', value: Number.NaN, step: 1, timestamp: 2 }],
      params: [{ key: 'p', value: '1' }],
      tags: [
        { key: 'mlflow.runName', value: 'tagged' },
        { key: 'empty', value: '' },
      ],
      datasets: [
        {
          dataset: { name: 'd', digest: 'x', sourceType: 'local', source: '{}', profile: 'prof' },
          tags: [{ key: 'mlflow.data.context', value: 'train' }],
        },
      ],
      modelInputs: [],
      modelOutputs: [],
    },
  ]);
  expect(await allOf(source.loggedModels('0'))).toEqual([]);
  expect(await allOf(source.models())).toEqual([
    { name: 'reg', description: '', tags: { k: 'v' }, aliases: { prod: 2 }, createdAt: 3, updatedAt: 4 },
  ]);
  expect(await allOf(source.versions('reg'))).toEqual([
    {
      model: 'reg',
      version: 2,
      source: 'models:/m-1',
      storage: 's3://b/m',
      runId: id,
      runLink: 'l',
      loggedModelId: 'm-1',
      description: 'd2',
      stage: 'Production',
      tags: { a: 'b' },
      createdAt: 5,
      updatedAt: 6,
      status: 'READY',
      user: 'ann',
    },
  ]);
  expect(await allOf(source.unsupported([]))).toEqual([]);
});

test('a file of MLflow 3 has logged models too, and the default workspace is read', async () => {
  await using opened = await open(tables, later);
  const { source } = opened;
  expect((await allOf(source.experiments())).map(({ name, createdAt }) => [name, createdAt])).toEqual([
    ['Default', 8],
    ['old', 8],
  ]);
  expect((await allOf(source.models())).map(({ name }) => name)).toEqual(['reg']);
  expect(await allOf(source.runs('0'))).toMatchObject([
    { modelInputs: ['m-1'], modelOutputs: [{ modelId: 'm-2', step: 5 }] },
  ]);
  expect(await allOf(source.loggedModels('0'))).toMatchObject([
    {
      id: 'm-1',
      status: 'READY',
      lifecycle: 'deleted',
      modelType: '',
      params: [{ key: 'p', value: '1' }],
      tags: [{ key: 't', value: 'u' }],
      metrics: [{ key: 'm', value: Number.NaN, runId: id, datasetName: undefined }],
    },
  ]);
  expect((await allOf(source.unsupported([]))).map(({ what }) => what)).toEqual(['traces', 'workspaces']);
});

test('points come in pages, all of them', async () => {
  const many = `with recursive numbers (n) as (select 0 union all select n + 1 from numbers where n < 25000)
    insert into metrics select 'm', n / 4.0, n, '${id}', n, 0 from numbers;
    insert into metrics values ('other', 1, 1, 'another run', 1, 0), ('nan', 0, 9007199254740993, '${id}', 1, 1)`;
  await using opened = await open(tables, many);
  const [run] = await allOf(opened.source.runs('0'));
  const pages = run ? await allOf(opened.source.points(run)) : [];
  expect(pages.map(({ length }) => length)).toEqual([10_000, 10_000, 5002]);
  expect(pages.flat().slice(0, 2)).toEqual([
    { key: 'm', value: 0, step: 0, timestamp: 0 },
    { key: 'm', value: 0.25, step: 1, timestamp: 1 },
  ]);
  const last = pages.flat().at(-1);
  expect(last).toMatchObject({ key: 'nan', value: Number.NaN });
  expect(Number.isSafeInteger(last?.timestamp), 'an unsafe time stays unsafe').toBe(false);
});

test('files that a server served are found beside the file, and nothing is written there', async () => {
  await using opened = await open(tables);
  const folder = join(opened.folder, 'mlartifacts', '0', id, 'artifacts');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'a.txt'), 'a');
  const uri = `mlflow-artifacts:/0/${id}/artifacts`;
  const found = await opened.source.files({ kind: 'run', id, experimentId: '0', uri });
  expect(found.kind === 'available' ? await allOf(found.files) : []).toMatchObject([
    { path: 'a.txt', size: 1 },
  ]);
  expect(await readdir(opened.folder)).toEqual(['m.db', 'mlartifacts']);
});

test('files without MLflow tables are refused, and no file is created', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-source-'));
  const other = join(folder, 'other.db');
  const database = new Libsql(other);
  database.exec('create table a (b)');
  database.close();
  await writeFile(join(folder, 'text'), 'text');
  for (const name of ['absent.db', 'other.db', 'text'])
    await expect(openSqliteSource(join(folder, name))).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE' });
  expect(await readdir(folder)).toEqual(['other.db', 'text']);
  await rm(folder, { recursive: true });
});

test('an experiment id beyond 2^53 finds its runs', async () => {
  const long = `insert into experiments values (873912345678901234, 'long', '/x/l', 'active');
    insert into runs values ('${'b'.repeat(32)}', 'n', 'LOCAL', '', '', 'FINISHED', 5, 6, 'active', '/x', 873912345678901234, null)`;
  await using opened = await open(tables, long);
  const ids = (await allOf(opened.source.experiments())).map((experiment) => experiment.id);
  expect(ids).toContain('873912345678901234');
  expect(await allOf(opened.source.runs('873912345678901234'))).toMatchObject([
    { info: { id: 'b'.repeat(32), experimentId: '873912345678901234' } },
  ]);
});
