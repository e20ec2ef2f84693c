import { expect, test } from 'vitest';
import { isPublicAddress, refusalOf } from './addresses.ts';

test.each(['1.1.1.1', '93.184.216.34', '172.32.0.1', '2606:4700::1111', '2a00:1450:4001::1'])(
  '%s is public',
  (address) => {
    expect(isPublicAddress(address)).toBe(true);
  },
);

test.each([
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:169.254.169.254',
  '::ffff:8.8.8.8',
  'fe80::1',
  'fc00::1',
  'fd12::1',
  'ff02::1',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  '2001:db8::1',
  '2001::1',
  'localhost',
  '',
])('%j is not public', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each([
  'https://example.com/x',
  'https://hooks.example.com:8443/a?b=c',
  'https://1.1.1.1/x',
  'https://[2606:4700::1111]/x',
])('%s may be told', (url) => {
  expect(refusalOf(url, {})).toBeUndefined();
});

test.each([
  ['http://example.com/x', 'scheme'],
  ['ftp://example.com', 'scheme'],
  ['file:///etc/passwd', 'scheme'],
  ['javascript:alert(1)', 'scheme'],
  ['example.com/x', 'Invalid webhook URL'],
  ['', 'empty'],
  ['  ', 'empty'],
  ['https://user:pass@example.com', 'user name'],
  ['https://169.254.169.254/latest/meta-data/', 'public'],
  ['https://2852039166/', 'public'],
  ['https://0251.0376.0251.0376/', 'public'],
  ['https://0xa9fea9fe/', 'public'],
  ['https://127.1/', 'public'],
  ['https://[::ffff:169.254.169.254]/', 'public'],
  ['https://[::1]:4310/', 'public'],
  ['https://localhost/', 'public'],
  ['https://a.localhost./', 'public'],
])('%s is refused: %s', (url, why) => {
  expect(refusalOf(url, {})).toContain(why);
});

test('plain http and private addresses are told where both are allowed', () => {
  expect(refusalOf('http://127.0.0.1:9/x', { plainHttp: true, privateAddresses: true })).toBeUndefined();
  expect(refusalOf('http://127.0.0.1:9/x', { plainHttp: true })).toContain('public');
  expect(refusalOf('http://127.0.0.1:9/x', { privateAddresses: true })).toContain('scheme');
});
