import { expect, test } from 'vitest';
import { checkedLocation } from './artifact-location.ts';

test.each([
  's3://bucket/some folder/x',
  'S3://bucket/x',
  'mlflow-artifacts:/1/x',
  'file:///srv/models',
  'https://store.example/x',
  '/srv/models',
  's3://bucket/a..b/c',
  'lakefs://repo/main/x',
  'hf://org/model',
  'azureml://locations/a/x',
  'foo://x',
  'minio://bucket/x',
  'mysql://user@host/db',
  'odd:/etc',
  'gopher://host/x',
])('%s is taken as it is', (location) => {
  expect(checkedLocation(location, '/home')).toBe(location);
});

test('nothing asks for the default, and a relative path is made absolute', () => {
  expect(checkedLocation(undefined, '/home')).toBeUndefined();
  expect(checkedLocation('', '/home')).toBeUndefined();
  expect(checkedLocation('models/a', '/home/me')).toBe('/home/me/models/a');
});

test.each([
  'http:///?/../../../../etc/',
  'http:///#/../../../etc/',
  'http://host#/../../etc/',
  's3://bucket/x?versionId=1',
  's3:/b/models/../../x',
  'mlflow-artifacts://h:1/../../',
  'mlflow-artifacts:/..%2f..%2fx',
  'mlflow-artifacts:/%252e%252e%252fx',
  'mlflow-artifacts:/%25252525252525252525252e%2e/x',
  'http://h/x;../../etc',
  'file:\\..\\..\\filename',
  'C:\\models',
  'C:/models',
  ':/etc',
  'c://models',
  'javascript:alert(1)',
  'javascript://x',
  'data:text/html,x',
  'foo:x',
  'foo://x?y',
  'foo://x#y',
  'foo://x/../y',
  'foo://x\\y',
  'foo://x\ny',
  '../models',
  'a/../../models',
  'mlflow-artifacts:/x%00',
  'mlflow-artifacts:/x\0',
  'runs:/abc/model',
  'RUNS:/abc/model',
  `s3://bucket/${'x'.repeat(2048)}`,
])('%s is refused', (location) => {
  expect(() => checkedLocation(location, '/home')).toThrow(
    expect.objectContaining({ code: 'INVALID_PARAMETER_VALUE' }),
  );
});

test.each([
  ['http://host#/abc', "'artifact_location' URL can't include fragments or params."],
  ['http://host/;..%2F..%2Fetc', "'artifact_location' URL can't include fragments or params."],
  ['http:///?%2e./%2e./etc', 'Invalid query string'],
  ['s3://bucket/x?versionId=1', "Invalid artifact location: 's3://bucket/x?versionId=1'"],
  [`s3://bucket/${'x'.repeat(2048)}`, 'cannot be greater than 2048 characters.'],
])('%s is refused in the words of MLflow', (location, message) => {
  expect(() => checkedLocation(location, '/home')).toThrow(message);
});
