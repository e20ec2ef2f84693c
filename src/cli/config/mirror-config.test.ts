import { expect, test } from 'vitest';
import { readMirror } from './mirror-config.ts';

test('without MODELYARD_MIRROR there is no mirror', () => {
  expect(readMirror({ MODELYARD_MIRROR_TOKEN: 't' })).toBeUndefined();
  expect(readMirror({ MODELYARD_MIRROR: '' })).toBeUndefined();
});

const url = 'https://mlflow.example/prefix';

test.each([
  [{}, { url, credentials: undefined, prefix: '' }],
  [{ MODELYARD_MIRROR_PREFIX: '/Shared/' }, { url, credentials: undefined, prefix: '/Shared/' }],
  [{ MODELYARD_MIRROR_TOKEN: 't' }, { url, credentials: { kind: 'token', token: 't' }, prefix: '' }],
  [
    { MODELYARD_MIRROR_USERNAME: 'u', MODELYARD_MIRROR_PASSWORD: 'p' },
    { url, credentials: { kind: 'password', username: 'u', password: 'p' }, prefix: '' },
  ],
])('the environment says where and as whom: %j', (env, expected) => {
  expect(readMirror({ MODELYARD_MIRROR: url, ...env })).toEqual(expected);
});

test.each([
  [{ MODELYARD_MIRROR: 'databricks' }, 'MODELYARD_MIRROR'],
  [{ MODELYARD_MIRROR: 'file:///mlruns' }, 'MODELYARD_MIRROR'],
  [{ MODELYARD_MIRROR: url, MODELYARD_MIRROR_USERNAME: 'u' }, 'MODELYARD_MIRROR_PASSWORD'],
  [{ MODELYARD_MIRROR: url, MODELYARD_MIRROR_PASSWORD: 'p' }, 'MODELYARD_MIRROR_USERNAME'],
])('%j is refused', (env, field) => {
  expect(() => readMirror(env)).toThrow(
    expect.objectContaining({ code: 'CONFIG_INVALID', detail: expect.objectContaining({ field }) }),
  );
});
