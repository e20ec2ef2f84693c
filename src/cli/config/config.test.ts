import { expect, test } from 'vitest';
import { readConfig, readServerConfig } from './config.ts';

test('defaults serve a laptop', () => {
  expect(readConfig({}, {})).toEqual({ port: 4310, project: undefined, state: undefined });
});

test('a flag goes before the environment', () => {
  const env = { MODELYARD_PORT: '5000', MODELYARD_STATE: '/var/state' };
  expect(readConfig({ port: '6000' }, env)).toEqual({ port: 6000, project: undefined, state: '/var/state' });
});

test.each(['', '0x10', '70000', '-1', '80 '])('refuses the port %j and says what to give', (value) => {
  expect(() => readConfig({}, { MODELYARD_PORT: value })).toThrow(
    /MODELYARD_PORT must be a whole number.*\(got ".*"\)/,
  );
  expect(() => readConfig({ port: value }, {})).toThrow(/--port must be a whole number.*\(got ".*"\)/);
});

test.each([
  [{ state: '' }, {}, '--state'],
  [{}, { MODELYARD_STATE: '' }, 'MODELYARD_STATE'],
  [{ project: '' }, { MODELYARD_PROJECT: '/p' }, '--project'],
  [{}, { MODELYARD_PROJECT: '' }, 'MODELYARD_PROJECT'],
])('refuses a path that is nothing: %j %j', (flags, env, field) => {
  expect(() => readConfig(flags, env)).toThrow(
    `${field} must be a path; leave it out for the default (got "")`,
  );
});

test('a server for this machine needs nothing; one for others needs a token', () => {
  expect(readServerConfig({}, {})).toMatchObject({ host: '127.0.0.1', adminToken: undefined, hosts: [] });
  expect(() => readServerConfig({ host: '0.0.0.0' }, {})).toThrow(
    /MODELYARD_ADMIN_TOKEN.*\(--host: "0\.0\.0\.0"\)/,
  );
  const env = {
    MODELYARD_HOST: '0.0.0.0',
    MODELYARD_ADMIN_TOKEN: 'a-long-secret',
    MODELYARD_HOSTS: 'models.example.org, Other.example.org',
    MODELYARD_TRUSTED_PROXIES: '10.0.0.0/8, ,FD00::/8',
  };
  expect(readServerConfig({}, env)).toMatchObject({
    host: '0.0.0.0',
    hosts: ['models.example.org', 'other.example.org'],
    proxies: ['10.0.0.0/8', 'fd00::/8'],
  });
  expect(() => readServerConfig({}, { ...env, MODELYARD_ADMIN_TOKEN: 'short' })).toThrow(
    /MODELYARD_ADMIN_TOKEN must have at least .*\(got "5 characters"\)/,
  );
});

test.each([
  ['MODELYARD_ARTIFACTS', 'bucket'],
  ['MODELYARD_BLOBS', 'blobBucket'],
] as const)('%s names a bucket', (variable, name) => {
  const bucketOf = (address: string, endpoint?: string): unknown =>
    readServerConfig({}, { [variable]: address, MODELYARD_S3_ENDPOINT: endpoint })[name];
  expect(bucketOf('')).toBeUndefined();
  expect(bucketOf('s3://models')).toEqual({ bucket: 'models' });
  expect(bucketOf('s3://models/team/a/', 'http://127.0.0.1:7070')).toEqual({
    bucket: 'models',
    prefix: 'team/a',
    endpoint: 'http://127.0.0.1:7070',
  });
  expect(() => bucketOf('gs://models')).toThrow(
    `${variable} must be s3://bucket or s3://bucket/folder; leave it out to use the state folder (got "gs://models")`,
  );
});

test('artifacts and blobs may share a bucket, but neither may lie in the folder of the other', () => {
  const read = (artifacts: string, blobs: string): unknown =>
    readServerConfig({}, { MODELYARD_ARTIFACTS: artifacts, MODELYARD_BLOBS: blobs });
  for (const [artifacts, blobs] of [
    ['s3://models/a', 's3://models/b'],
    ['s3://models/a', 's3://models/ab'],
    ['s3://models/ab', 's3://models/a/b'],
    ['s3://models', 's3://blobs/a'],
  ] as const)
    expect(read(artifacts, blobs)).toMatchObject({ bucket: {}, blobBucket: {} });
  for (const [artifacts, blobs] of [
    ['s3://models/a', 's3://models/a'],
    ['s3://models/a', 's3://models/a/'],
    ['s3://models', 's3://models/blobs'],
    ['s3://models/artifacts', 's3://models'],
    ['s3://models/a', 's3://models/a/b'],
    ['s3://models/a/b/', 's3://models/a'],
  ] as const)
    expect(() => read(artifacts, blobs)).toThrow(
      `MODELYARD_BLOBS must be a folder beside MODELYARD_ARTIFACTS, neither in it nor around it: MLflow clients can overwrite everything there (got "${blobs}")`,
    );
});

test('the cache of blobs has a limit in bytes', () => {
  const limitOf = (limit: string): unknown =>
    readServerConfig({}, { MODELYARD_CACHE_LIMIT: limit }).cacheLimit;
  expect([limitOf(''), limitOf('500MB'), limitOf('1.5 TB')]).toEqual([undefined, 5e8, 1.5e12]);
  for (const limit of ['20', '20gb', '-1GB', 'much'])
    expect(() => limitOf(limit)).toThrow(
      `MODELYARD_CACHE_LIMIT must be a number and one of kB, MB, GB, TB, such as "20GB" (got "${limit}")`,
    );
});
