import { expect, test } from 'vitest';
import { presignedUrl, uriEncoded } from './presign.ts';

test("an address is signed as in the example of Amazon's reference", () => {
  const url = presignedUrl({
    method: 'GET',
    url: new URL('https://examplebucket.s3.amazonaws.com/test.txt'),
    query: {},
    credentials: {
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    },
    region: 'us-east-1',
    now: Date.UTC(2013, 4, 24),
    expires: 86_400,
  });
  expect(new URL(url).searchParams.get('X-Amz-Signature')).toBe(
    'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
  );
});

test('all but the unreserved characters are encoded', () => {
  expect(uriEncoded("a-b_c.d~e f/(g)!*'é")).toBe('a-b_c.d~e%20f%2F%28g%29%21%2A%27%C3%A9');
});
