import { expect, test } from 'vitest';
import { type ErrorCode, PlatformError } from '../../../kernel/errors.ts';
import { asMlflowError } from './errors.ts';

test.each<[ErrorCode, string]>([
  ['MODEL_BUSY', 'TEMPORARILY_UNAVAILABLE'],
  ['MODEL_TIMED_OUT', 'DEADLINE_EXCEEDED'],
  ['NOT_READY', 'TEMPORARILY_UNAVAILABLE'],
  ['RATE_LIMITED', 'REQUEST_LIMIT_EXCEEDED'],
  ['MODEL_NOT_FOUND', 'RESOURCE_DOES_NOT_EXIST'],
])('%s is %s with the same status', (code, expected) => {
  const error = new PlatformError(code, { field: 'model', value: 1, remedy: 'Wait.' });
  expect(asMlflowError(error)).toMatchObject({ code: expected, status: error.status });
});
