import { expect, test } from 'vitest';
import { secretBox } from './secret-box.ts';
import { bodyOf, headersOf } from './signature.ts';

// The expected signature: printf %s 'd1.1700000000.{"a":1}' | openssl dgst -sha256 -hmac s3cret -binary | base64
test('what is sent carries its id, its time and the HMAC of both with the body', () => {
  const signed = { deliveryId: 'd1', sentAt: 1_700_000_000_999, body: '{"a":1}', secret: 's3cret' };
  expect(headersOf(signed)).toEqual({
    'content-type': 'application/json',
    'x-mlflow-delivery-id': 'd1',
    'x-mlflow-timestamp': '1700000000',
    'x-mlflow-signature': 'v1,SLFgqHolX/RQ2jyq8jc9+JiWZJ/fRjgKCNB3zikCneY=',
  });
  expect(headersOf({ ...signed, secret: undefined })).not.toHaveProperty('x-mlflow-signature');
});

test('the body names the event in small letters', () => {
  const event = { entity: 'MODEL_VERSION_TAG', action: 'SET', data: { name: 'm', key: 'k' } } as const;
  expect(JSON.parse(bodyOf(event, 1_700_000_000_000))).toEqual({
    entity: 'model_version_tag',
    action: 'set',
    timestamp: '2023-11-14T22:13:20.000Z',
    data: { name: 'm', key: 'k' },
  });
});

test('a secret is opened by its key alone, and never sealed the same twice', () => {
  const box = secretBox(new Uint8Array(32).fill(7));
  const sealed = box.seal('s3cret é');
  expect(sealed).not.toContain('s3cret');
  expect(box.unseal(sealed)).toBe('s3cret é');
  expect(box.seal('s3cret é')).not.toBe(sealed);
  const changed = Buffer.from(sealed, 'base64');
  changed.writeUInt8(changed.readUInt8(30) ^ 1, 30);
  for (const [key, text] of [
    [8, sealed],
    [7, changed.toString('base64')],
    [7, 'none'],
  ] as const)
    expect(() => secretBox(new Uint8Array(32).fill(key)).unseal(text)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID' }),
    );
  expect(() => secretBox(new Uint8Array(16))).toThrow('32 bytes');
});
