import { expect, test } from 'vitest';
import { findArtifactOwner, isShared, modelFolder, runFolder } from './artifact-owner.ts';

test.each([
  ['s3://bucket/1', true],
  ['gs://bucket', true],
  ['dbfs:/databricks/mlflow', true],
  ['https://host/files', true],
  ['https://host/api/2.0/mlflow-artifacts/artifacts/1', false],
  ['mlflow-artifacts:/1', false],
  ['file:///x/1', false],
  ['/x/1', false],
  ['./mlruns/1', false],
  ['C:/x/1', false],
])('clients read %s without its server: %s', (uri, is) => expect(isShared(uri)).toBe(is));

const id = '0123456789abcdef'.repeat(2);

test.each([
  [`mlflow-artifacts:/1/${id}/artifacts`, { kind: 'run', id, path: '' }],
  [`file:///x/mlruns/1/${id}/artifacts/model/sub/`, { kind: 'run', id, path: 'model/sub' }],
  [`1/${id}/artifacts/a.txt`, { kind: 'run', id, path: 'a.txt' }],
  ['s3://b/1/models/m-1/artifacts', { kind: 'logged model', id: 'm-1', path: '' }],
  [`s3://b/${id}/other`, undefined],
  ['s3://b/models/reg/artifacts', undefined],
  ['', undefined],
])('%s belongs to %o', (uri, owner) => expect(findArtifactOwner(uri)).toEqual(owner));

test('our own folders are found again', () => {
  expect(findArtifactOwner(runFolder('7', id))).toEqual({ kind: 'run', id, path: '' });
  expect(findArtifactOwner(modelFolder('7', 'm-1'))).toEqual({ kind: 'logged model', id: 'm-1', path: '' });
});
