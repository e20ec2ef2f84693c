import { expect, test } from 'vitest';
import { digestOf } from '../../kernel/digest.ts';
import { folderOf, folderUri, ownLocation } from './location.ts';
import { artifactPath } from './path.ts';

test.each([
  ['mlflow-artifacts:/0/r/artifacts', '0/r/artifacts'],
  ['MLFLOW-ARTIFACTS:/0/r', '0/r'],
  ['mlflow-artifacts:///0/r', '0/r'],
  ['mlflow-artifacts://host:5000/0/r', '0/r'],
  ['mlflow-artifacts:/', ''],
  ['mlflow-artifacts://host', ''],
  ['http://127.0.0.1:9/api/2.0/mlflow-artifacts/artifacts/0/r', '0/r'],
  ['https://host/ajax-api/2.0/mlflow-artifacts/artifacts/0/r', '0/r'],
])('%s is a place of ours', (uri, path) => {
  expect(ownLocation(uri)).toBe(path);
});

test.each([
  'file:///etc',
  '/etc',
  '//proc/self/root',
  's3://bucket/x',
  'dbfs:/../x',
  ':/etc',
  '',
  'http://host/0/r',
  'http://host/api/2.0/mlflow-artifacts/artifactsx/y',
  'mlflow-artifacts:/../x',
  'mlflow-artifacts:/a/%252e%252e/x',
  'mlflow-artifacts:/a?/../x',
  'mlflow-artifacts:/a#/../x',
  'mlflow-artifacts://host?x/../y',
  'mlflow-artifacts:/a\0',
  'http://host/api/2.0/mlflow-artifacts/artifacts/../../x',
  'http://host/api/2.0/mlflow-artifacts/artifacts/x?y',
])('%j is not read by this server', (uri) => {
  expect(() => ownLocation(uri)).toThrowError(expect.objectContaining({ code: 'INPUT_INVALID' }));
});

test('the files of a dataset have an address of their own', () => {
  const folder = digestOf('a manifest');
  const path = ownLocation(`${folderUri(folder)}/data/model.json`);
  expect(folderOf(path)).toEqual({ folder, inner: 'data/model.json' });
  expect(folderOf(artifactPath('modelyard/x'))).toBe('other');
  expect(folderOf(artifactPath(`0/modelyard/${folder}`))).toBeUndefined();
});
