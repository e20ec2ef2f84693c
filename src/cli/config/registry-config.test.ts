import { expect, test } from 'vitest';
import { refusalOf } from '../../registry/webhooks/addresses.ts';
import { readRegistryConfig } from './registry-config.ts';

const here = 'http://127.0.0.1:9000/hook';
const metadata = 'http://169.254.169.254/latest/meta-data/';

test.each([
  { env: {}, refused: [here, metadata] },
  { env: { MODELYARD_WEBHOOK_HOSTS: '' }, refused: [here, metadata] },
  { env: { MODELYARD_WEBHOOK_HOSTS: '127.0.0.1:9000' }, refused: [metadata] },
  { env: { MODELYARD_WEBHOOK_HOSTS: '127.0.0.1:9001' }, refused: [here, metadata] },
  { env: { MLFLOW_WEBHOOK_ALLOWED_SCHEMES: 'https, http' }, refused: [here, metadata] },
  { env: { MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS: 'true' }, refused: [here, metadata] },
  { env: { MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS: 'True', MLFLOW_WEBHOOK_ALLOWED_SCHEMES: 'http' }, refused: [] },
])('with $env webhooks are kept from $refused', ({ env, refused }) => {
  const reach = readRegistryConfig(env).webhookReach;
  expect([here, metadata].filter((url) => refusalOf(url, reach) !== undefined)).toEqual(refused);
});

test('what names no receiver is refused by the name of the setting', () => {
  expect(() => readRegistryConfig({ MODELYARD_WEBHOOK_HOSTS: 'http://x' })).toThrow(
    /\(MODELYARD_WEBHOOK_HOSTS: "http:\/\/x"/,
  );
});

test('model sources are held to a pattern where one is set', () => {
  const pattern = (text: string): RegExp | undefined =>
    readRegistryConfig({ MLFLOW_CREATE_MODEL_VERSION_SOURCE_VALIDATION_REGEX: text }).allowedSource;
  expect(pattern('')).toBeUndefined();
  expect(pattern('^mlflow-artifacts:/.*$')?.test('mlflow-artifacts:/1/x')).toBe(true);
  expect(pattern('^mlflow-artifacts:/.*$')?.test('s3://b/k')).toBe(false);
  expect(() => pattern('(')).toThrow(/\(MLFLOW_CREATE_MODEL_VERSION_SOURCE_VALIDATION_REGEX: "\("/);
});
