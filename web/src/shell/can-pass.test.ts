import { expect, test } from 'vitest';
import { PlatformError } from '../../../src/client/index.ts';
import { canPass } from './can-pass.ts';

test.each([
  ['NOT_READY', true],
  ['INTERNAL', true],
  ['RATE_LIMITED', true],
  ['ALIAS_MOVED', true],
  ['RUN_NOT_FOUND', false],
  ['INPUT_INVALID', false],
  ['CALLER_REFUSED', false],
] as const)('whether %s can pass: %s', (code, passes) => {
  expect(canPass(new PlatformError(code, { field: 'run', value: '1', remedy: 'must be known' }))).toBe(
    passes,
  );
});
