import { expect, test } from 'vitest';
import { ownPath } from './web-sign-in.ts';

test.each([
  ['/projects/a?task=b#c', '/projects/a?task=b#c'],
  ['/projects/a b', '/projects/a%20b'],
  ['/', '/'],
])('%s is a page to come back to', (to, path) => {
  expect(ownPath(to)).toBe(path);
});

test.each([
  undefined,
  '',
  'https://evil.example/',
  '//evil.example/',
  '//evil.example/projects/a',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/\n//evil.example',
  '/x/..//evil.example',
  '/./\\evil.example',
  'javascript:alert(1)',
  ' /x',
  '/sign-in',
  '/sign-in/callback?code=x',
  '/sign-out',
  '/%73ign-in/../sign-in',
  'http:evil.example',
])('%j leads to the first page and not elsewhere', (to) => {
  expect(ownPath(to)).toBe('/');
});
