import { expect, test } from 'vitest';
import { refusalOf } from './addresses.ts';
import { allowedReceivers } from './receivers.ts';

const reach = {
  receivers: allowedReceivers(
    'Hooks.internal, localhost:8080,10.1.2.3:9000,[::1]:8081,192.168.7.0/24,fd00::/8',
    'X',
  ),
};

test.each([
  'http://hooks.internal/a',
  'https://hooks.internal:1234/a',
  'http://HOOKS.INTERNAL/a',
  'http://localhost:8080/',
  'http://10.1.2.3:9000/',
  'http://[::1]:8081/',
  'http://[0:0:0:0:0:0:0:1]:8081/',
  'http://192.168.7.200:1/',
  'http://[fd12::1]/',
  'https://example.com/',
])('%s is named, so it may be told', (url) => {
  expect(refusalOf(url, reach)).toBeUndefined();
});

test.each([
  'http://localhost/',
  'http://localhost:8081/',
  'https://localhost:8081/',
  'http://10.1.2.3/',
  'https://10.1.2.4:9000/',
  'http://[::1]:8080/',
  'https://192.168.8.1/',
  'http://169.254.169.254/latest/meta-data/',
  'http://example.com/',
  'http://hooks.internal.example.com/',
  'http://not-hooks.internal/',
])('%s is not, so it is judged as any other', (url) => {
  expect(refusalOf(url, reach)).toMatch(/non-public IP address|scheme/);
});

test.each(['a/b', '10.0.0.0/33', 'fd00::/129', 'host:0', 'host:70000', '[10.0.0.1]', 'http://x', '*', 'a b'])(
  '%s is no receiver',
  (list) => {
    expect(() => allowedReceivers(list, 'MODELYARD_WEBHOOK_HOSTS')).toThrow(
      /Write hosts.*\(MODELYARD_WEBHOOK_HOSTS: /,
    );
  },
);

test('nothing allows nothing', () => {
  const none = allowedReceivers(' , ', 'X');
  expect([none.named('localhost', 80), none.holds('10.0.0.1'), none.holds('localhost')]).toEqual([
    false,
    false,
    false,
  ]);
});
