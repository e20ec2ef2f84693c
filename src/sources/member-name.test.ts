import { expect, test } from 'vitest';
import { memberName } from './member-name.ts';

test.each([
  ['t20s/1.json', 't20s/1.json'],
  ['./t20s//1.json', 't20s/1.json'],
  ['t20s\\1.json', 't20s/1.json'],
  ['a..b/...json', 'a..b/...json'],
])('%j is kept as %j', (name, kept) => {
  expect(memberName(name, 'a.zip')).toBe(kept);
});

test.each([
  '../1.json',
  'a/../../b',
  '..',
  '/etc/passwd',
  '\\\\host\\share',
  'C:\\a',
  'c:a',
  '',
  '.',
  'a\u0000b',
  'a\nb',
])('refuses %j and names the archive', (name) => {
  expect(() => memberName(name, 'a.zip')).toThrow(/cannot read the source: .*\(a member's name in a\.zip: /);
});
