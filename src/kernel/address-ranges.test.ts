import { expect, test } from 'vitest';
import { addressRanges } from './address-ranges.ts';

test.each([
  ['10.0.0.0/8', '10.255.1.2', '11.0.0.1'],
  ['10.1.2.3', '10.1.2.3', '10.1.2.4'],
  ['fd00::/8', 'fd12:3456::1', 'fe80::1'],
  ['::1', '::1', '::2'],
  ['10.0.0.0/8', '::ffff:10.1.1.1', '::ffff:11.1.1.1'],
  ['0.0.0.0/0', '203.0.113.9', '2001:db8::1'],
])('%s has %s and not %s', (entry, inside, outside) => {
  const ranges = addressRanges();
  expect(ranges.add(entry)).toBe(true);
  expect([ranges.has(inside), ranges.has(outside), ranges.has('localhost')]).toEqual([true, false, false]);
});

test.each([
  '',
  'localhost',
  '10.0.0.0/33',
  '10.0.0/8',
  'fd00::/129',
  '10.0.0.0/',
  '10.0.0.0/-1',
  'a.b.c.d/8',
])('the text %j is no range', (entry) => {
  expect(addressRanges().add(entry)).toBe(false);
});
