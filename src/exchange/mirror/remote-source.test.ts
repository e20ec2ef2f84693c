import { expect, test } from 'vitest';
import { digestOf } from '../../kernel/digest.ts';
import { loggedModelIn, remoteSource } from './remote-source.ts';

const run = '0123456789abcdef0123456789abcdef';
const model = `m-${run}`;
const folder = digestOf('folder');

const remoteIds = {
  run: async (id: string) =>
    id === run ? { id: 'remote-run', artifactUri: 'mlflow-artifacts:/9/remote-run/artifacts' } : undefined,
  loggedModel: async (id: string) =>
    id === model
      ? { id: 'm-remote', artifactUri: 'mlflow-artifacts:/9/models/m-remote/artifacts' }
      : undefined,
};

test.each([
  [`runs:/${run}/model`, 'runs:/remote-run/model'],
  [`runs:/${run}`, 'runs:/remote-run'],
  [`runs:/${'f'.repeat(32)}/model`, `runs:/${'f'.repeat(32)}/model`],
  [`models:/${model}`, 'models:/m-remote'],
  [`mlflow-artifacts:/1/${run}/artifacts/deep/model`, 'mlflow-artifacts:/9/remote-run/artifacts/deep/model'],
  [`mlflow-artifacts:/1/${run}/artifacts`, 'mlflow-artifacts:/9/remote-run/artifacts'],
  [`mlflow-artifacts:/1/models/${model}/artifacts`, 'mlflow-artifacts:/9/models/m-remote/artifacts'],
  ['mlflow-artifacts:/elsewhere', 'mlflow-artifacts:/elsewhere'],
  [`s3://bucket/${run}/artifacts/model`, `s3://bucket/${run}/artifacts/model`],
])('%s is %s there', async (source, remote) => {
  const version = { source, storage: source, folder: undefined, runId: undefined };
  expect(await remoteSource(version, remoteIds)).toBe(remote);
});

test('another version is named by where its files lie', async () => {
  const storage = `mlflow-artifacts:/1/${run}/artifacts/model`;
  const version = { source: 'models:/other/3', storage, folder: undefined, runId: undefined };
  expect(await remoteSource(version, remoteIds)).toBe('mlflow-artifacts:/9/remote-run/artifacts/model');
});

test('the folder of a version of the pipeline lies with its run', async () => {
  const source = `mlflow-artifacts:/modelyard/${folder}`;
  const version = { source, storage: source, folder, runId: run };
  expect(await remoteSource(version, remoteIds)).toBe(
    `mlflow-artifacts:/9/remote-run/artifacts/modelyard/${folder}`,
  );
});

test.each([
  [`models:/${model}`, 's3://bucket', model],
  ['models:/other/1', `mlflow-artifacts:/1/models/${model}/artifacts`, model],
  [`runs:/${run}/model`, `mlflow-artifacts:/1/${run}/artifacts/model`, undefined],
  ['s3://bucket', 's3://bucket', undefined],
])('a version of %s that lies at %s lies in the logged model %s', (source, storage, expected) => {
  expect(loggedModelIn({ source, storage })).toBe(expected);
});
