import { expect, test } from 'vitest';
import { sourceFault } from './version-source.ts';

test.each([
  's3://bucket/models/x',
  'mlflow-artifacts:/1/0123/artifacts/model',
  'mlflow-artifacts://host:5000/1/0123/artifacts/model',
  'runs:/0123/model',
  'models:/t20-score/3',
  'models:/m-0123',
  'https://host/api/2.0/mlflow-artifacts/artifacts/1/x',
  'wasbs://container@account.blob.core.windows.net/a',
  's3://bucket/a..b/100%/日本 x',
  'dummy-source',
  'prompt-template',
  's3a://bucket/x',
  'lakefs://repo/main/x',
  'hf://org/model',
  'azureml://locations/a/x',
  'foo://x',
  'minio://bucket/x',
  'mysql://user@host/db',
  'gopher://host/x',
  'git+ssh://host/repo',
  'FOO:/x',
])('%s is taken', (source) => {
  expect(sourceFault(source, undefined)).toBeUndefined();
});

test.each([
  '/etc/passwd',
  'file:///etc/',
  'FILE:/etc/passwd',
  'file://host/share',
  '//proc/self/root',
  '../x',
  '..%2fx',
  'etc/passwd',
  '',
  ':/etc',
  '~/x',
  '/data/%00',
  'CON',
  'dummy-source/x',
  './dummy-source',
])('%s is a path of this machine', (source) => {
  expect(sourceFault(source, undefined)).toBe('local');
});

test.each([
  'mlflow-artifacts:/../../x',
  'mlflow-artifacts://h:1/../../',
  'mlflow-artifacts:/1/..%2f..%2fx',
  'mlflow-artifacts:/%2e%2e/x',
  'mlflow-artifacts:/%252e%252e%252fx',
  'mlflow-artifacts:/%25252E%25252e/x',
  's3:/b/models/../../x',
  's3://b/./x',
  'dbfs:/a/../../x',
  'http:///?/../../../etc/',
  'http://h/x;../../etc',
  'http://h/x?p=..',
  'runs:/0123/../../x',
  'models:/../x',
  's3a://b/x/../../',
  'foo://x/../y',
  'lakefs://repo/%2e%2e/x',
  's3://b/a%00b',
  's3://b/a\nb',
])('%s goes upwards', (source) => {
  expect(sourceFault(source, undefined)).toBe('relative');
});

test.each([
  'file:\\..\\..\\x',
  'C:\\x',
  'c:/windows',
  's3://b/%5c%5chost',
  '\\\\host\\share',
  's3://b/..%c0%af',
  'http://host/x#y',
  'foo://x#y',
  'foo://x\\y',
  'javascript:alert(1)',
  'javascript://x',
  'data:text/html,x',
  'data:/text/html,x',
  'jar:file:///etc!/x',
  'foo:x',
  `s3://b/${'x'.repeat(4096)}`,
  `s3://b/%${'25'.repeat(12)}41`,
])('%j is refused', (source) => {
  expect(sourceFault(source, undefined)).toBe('unsafe');
});

test.each([
  ['/data/1/r/artifacts/model', undefined],
  ['file:///data/1/r/artifacts/model', undefined],
  ['file:/data/1/r/artifacts', undefined],
  ['/data/1/r/artifacts/', undefined],
  ['/data/1/r/artifacts-of-others', 'local'],
  ['/data/1/r', 'local'],
  ['/data/1/r/artifacts/../../s', 'local'],
  ['/data/1/r/artifacts/%2e%2e/s', 'local'],
  ['//data/1/r/artifacts/model', 'local'],
  ['file://host/data/1/r/artifacts', 'local'],
] as const)('beside a run that keeps its artifacts here, %s is %s', (source, fault) => {
  for (const folder of ['/data/1/r/artifacts', 'file:///data/1/r/artifacts', '/data/1/r/artifacts/'])
    expect(sourceFault(source, folder)).toBe(fault);
  expect(sourceFault(source, 'mlflow-artifacts:/1/r/artifacts')).toBe('local');
});
