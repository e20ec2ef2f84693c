import { expect, test } from 'vitest';
import { hostRule } from './host-rule.ts';

test.each([
  [
    'models.example.org',
    ['models.example.org'],
    ['example.org', 'a.models.example.org', 'models.example.org.'],
  ],
  [
    '*.example.org',
    ['a.example.org', 'a.b.example.org'],
    ['example.org', 'aexample.org', 'a.example.org.evil.io'],
  ],
  ['10.0.0.0/8', ['10.2.3.4'], ['11.0.0.1', '10.2.3.4.evil.io', '10.0.0.0/8']],
  ['[fd00::]', ['fd00::'], ['fd00::1']],
  ['fd00::/8', ['fd12::1'], ['fe80::1']],
  ['*', ['any.example', '203.0.113.1'], []],
  ['Models.Example.ORG ', ['models.example.org'], ['other']],
])('%s allows %j and not %j', (entry, allowed, refused) => {
  const rule = hostRule([entry]);
  expect(allowed.filter((host) => !rule.allows(host))).toEqual([]);
  expect(refused.filter((host) => rule.allows(host))).toEqual([]);
});

test.each([
  'https://models.example.org',
  'models.example.org:443',
  '10.0.0.0/33',
  '*.*.org',
  'a b',
  '*example.org',
  '',
])('the entry %j is refused when the server starts', (entry) => {
  expect(() => hostRule(['fine.example', entry])).toThrow(
    expect.objectContaining({
      code: 'CONFIG_INVALID',
      detail: expect.objectContaining({ value: entry }),
    }) as Error,
  );
});
