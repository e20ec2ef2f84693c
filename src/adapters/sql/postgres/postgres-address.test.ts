import { expect, test } from 'vitest';
import { PlatformError } from '../../../kernel/errors.ts';
import { postgresAddress } from './postgres-address.ts';

test.each([
  ['postgres://ann:s3cret@db.example:5433/models', 'postgres://ann@db.example:5433/models'],
  ['postgresql://db.example/models?password=s3cret&sslmode=verify-full', 'postgres://db.example/models'],
  ['postgres://ann:s3cret@[::1]/m', 'postgres://ann@[::1]/m'],
  ['postgres:///models?host=/var/run/postgresql', 'postgres:///models'],
])('%s is masked for messages', (url, masked) => {
  expect(postgresAddress(url)).toEqual({ url, masked });
});

test.each([
  'mysql://ann:s3cret@db/models',
  'host=db user=ann password=s3cret',
  'postgres://ann:s3cret/more@db/models',
  'postgres://ann:1#s3cret@db/models',
  '',
])('%s is refused without repeating it', (url) => {
  const refused = errorOf(() => postgresAddress(url));
  expect(refused).toMatchObject({
    code: 'CONFIG_INVALID',
    detail: {
      field: 'database',
      remedy: expect.stringContaining('postgres://user:password@host:5432/database'),
    },
  });
  expect(JSON.stringify([refused, refused?.stack, refused?.cause])).not.toContain('s3cret');
});

function errorOf(work: () => unknown): PlatformError | undefined {
  try {
    work();
  } catch (error) {
    if (error instanceof PlatformError) return error;
    throw error;
  }
  return undefined;
}
