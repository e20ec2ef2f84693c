import { expect, test } from 'vitest';
import { isShared, modelFolder, ownerOf, runFolder } from './places.ts';

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
  [`mlflow-artifacts:/1/${id}/artifacts`, { kind: 'run', id, inner: '' }],
  [`file:///x/mlruns/1/${id}/artifacts/model/sub/`, { kind: 'run', id, inner: 'model/sub' }],
  ['s3://b/1/models/m-1/artifacts', { kind: 'logged model', id: 'm-1', inner: '' }],
  [`s3://b/${id}/other`, undefined],
  ['s3://b/models/reg/artifacts', undefined],
  ['', undefined],
])('%s lies in %o', (uri, owner) => expect(ownerOf(uri)).toEqual(owner));

test('folders of ours are found again', () => {
  expect(ownerOf(runFolder('7', id))).toEqual({ kind: 'run', id, inner: '' });
  expect(ownerOf(modelFolder('7', 'm-1'))).toEqual({ kind: 'logged model', id: 'm-1', inner: '' });
});
