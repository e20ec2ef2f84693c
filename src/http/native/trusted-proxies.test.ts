import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { adminSignIn } from '../../access/sign-in.ts';
import type { WebSignIn } from '../../access/web-sign-in.ts';
import type { Operations } from '../../api/routes.ts';
import type { Caller } from '../../serving/endpoint.ts';
import { sendRaw } from '../mlflow/raw-http.fixture.ts';
import { openServer } from './server.fixture.ts';
import { type Hop, trustedProxies } from './trusted-proxies.ts';

const from = (remoteAddress: string | undefined, headers: Hop['headers'] = {}): Hop => ({
  socket: { remoteAddress },
  headers,
});
const proxies = trustedProxies(['10.0.0.0/8', '192.0.2.7', 'fd00::/8']);
const addressOf = (hop: Hop): string => proxies.clientOf(hop).address;

test.each([
  ['without a proxy the connection counts', from('203.0.113.9'), '203.0.113.9'],
  [
    'a header from anybody else is ignored',
    from('203.0.113.9', { 'x-forwarded-for': '1.1.1.1' }),
    '203.0.113.9',
  ],
  ['so is Forwarded', from('203.0.113.9', { forwarded: 'for=1.1.1.1' }), '203.0.113.9'],
  [
    'an address beside the range is no proxy',
    from('192.0.2.8', { 'x-forwarded-for': '1.1.1.1' }),
    '192.0.2.8',
  ],
  ['a proxy that says nothing is the client', from('10.1.1.1'), '10.1.1.1'],
  ['a proxy names its client', from('10.1.1.1', { 'x-forwarded-for': '203.0.113.9' }), '203.0.113.9'],
  [
    'what the client claimed stands left of what the proxy saw',
    from('10.1.1.1', { 'x-forwarded-for': '1.1.1.1, 10.9.9.9, 203.0.113.9' }),
    '203.0.113.9',
  ],
  [
    'proxies before the proxy are passed over',
    from('10.1.1.1', { 'x-forwarded-for': '1.1.1.1, 203.0.113.9, 192.0.2.7,10.2.2.2' }),
    '203.0.113.9',
  ],
  [
    'of proxies alone the farthest counts',
    from('10.1.1.1', { 'x-forwarded-for': '10.3.3.3, 10.2.2.2' }),
    '10.3.3.3',
  ],
  [
    'several values of the header are one list',
    from('10.1.1.1', { 'x-forwarded-for': ['1.1.1.1', '203.0.113.9, 10.2.2.2'] as never }),
    '203.0.113.9',
  ],
  [
    'a port is no part of the address',
    from('10.1.1.1', { 'x-forwarded-for': '203.0.113.9:4711' }),
    '203.0.113.9',
  ],
  ['IPv6 with a port', from('10.1.1.1', { 'x-forwarded-for': '[2001:DB8::1]:4711' }), '2001:db8::1'],
  ['IPv6 has one spelling', from('fd00::5', { 'x-forwarded-for': '2001:db8:0:0:0:0:0:1' }), '2001:db8::1'],
  [
    'a proxy by its mapped address',
    from('::ffff:10.1.1.1', { 'x-forwarded-for': '203.0.113.9' }),
    '203.0.113.9',
  ],
  [
    'a client by its mapped address',
    from('10.1.1.1', { 'x-forwarded-for': '::ffff:203.0.113.9' }),
    '203.0.113.9',
  ],
  ['a mapped address in hexadecimal is no proxy of IPv4', from('::ffff:cb00:7109'), '::ffff:203.0.113.9'],
  ['a zone is no part of it', from('fe80::1%eth0'), 'fe80::1'],
  ['no address: the proxy counts', from('10.1.1.1', { 'x-forwarded-for': 'unknown' }), '10.1.1.1'],
  [
    'no address left of a proxy',
    from('10.1.1.1', { 'x-forwarded-for': '1.1.1.1, <x>, 10.2.2.2' }),
    '10.2.2.2',
  ],
  ['an empty entry', from('10.1.1.1', { 'x-forwarded-for': '1.1.1.1,' }), '10.1.1.1'],
  [
    'Forwarded',
    from('10.1.1.1', { forwarded: 'for=1.1.1.1, For=203.0.113.9;proto=https;by=10.1.1.1' }),
    '203.0.113.9',
  ],
  ['Forwarded with IPv6', from('10.1.1.1', { forwarded: 'for="[2001:db8::1]:4711"' }), '2001:db8::1'],
  ['Forwarded with a hidden name', from('10.1.1.1', { forwarded: 'for=_hidden' }), '10.1.1.1'],
  [
    'a quote that the client left open hides nothing',
    from('10.1.1.1', { forwarded: 'for="1.1.1.1, for=203.0.113.9' }),
    '203.0.113.9',
  ],
  [
    'both headers that agree',
    from('10.1.1.1', { 'x-forwarded-for': '203.0.113.9', forwarded: 'for=203.0.113.9' }),
    '203.0.113.9',
  ],
  [
    'both headers that differ: one of them is the client’s own',
    from('10.1.1.1', { 'x-forwarded-for': '203.0.113.9', forwarded: 'for=1.1.1.1' }),
    '10.1.1.1',
  ],
  ['a connection without an address', from(undefined, { 'x-forwarded-for': '1.1.1.1' }), ''],
])('%s', (_, hop, address) => {
  expect(addressOf(hop)).toBe(address);
});

test.each([
  [from('10.1.1.1', { 'x-forwarded-proto': 'https' }), true],
  [from('10.1.1.1', { 'x-forwarded-proto': 'HTTPS' }), true],
  [from('10.1.1.1', { forwarded: 'for=203.0.113.9;proto="https"' }), true],
  [from('10.1.1.1', { 'x-forwarded-proto': 'http' }), false],
  [from('10.1.1.1', { 'x-forwarded-proto': 'https, http' }), false],
  [from('10.1.1.1', { 'x-forwarded-for': '203.0.113.9', forwarded: 'for=203.0.113.9;proto=https' }), false],
  [from('10.1.1.1'), false],
  [from('203.0.113.9', { 'x-forwarded-proto': 'https' }), false],
  [from('203.0.113.9', { forwarded: 'proto=https' }), false],
])('https counts when the proxy says it: %j', (hop, secure) => {
  expect(proxies.clientOf(hop).secure).toBe(secure);
});

test.each([
  'proxy.internal',
  '10.0.0.0/33',
  '10.0.0',
  '*',
  '0.0.0.0/0',
  '::/0',
  '10.0.0.1:80',
  'fd00::/129',
  '10.0.0.0/-1',
])('the entry %s stops the start', async (entry) => {
  const message = new RegExp(
    `List the IP addresses or ranges.*\\(MODELYARD_TRUSTED_PROXIES: "${entry.replace(/[.*]/g, '\\$&')}"`,
  );
  expect(() => trustedProxies(['10.0.0.1', entry])).toThrow(message);
  await expect(openServer({ proxies: [entry] })).rejects.toThrow(message);
});

/** A server that notes whose limit each request counts for. */
async function openCounting(proxies: readonly string[], token?: string) {
  const keys: string[] = [];
  const server = await openServer({
    proxies,
    ...(token !== undefined && { signIn: adminSignIn(token) }),
    operationsFor: ({ key }: Caller) => {
      keys.push(key);
      return { listProjects: async () => [] } as unknown as Operations;
    },
  });
  return { server, keys };
}

test('a limit counts by token first, and by the client’s address without one', async () => {
  const { server, keys } = await openCounting(['10.0.0.0/8'], 'a-long-secret');
  const { server: open, keys: openKeys } = await openCounting(['10.0.0.0/8']);
  for (const remoteAddress of ['10.1.1.1', '203.0.113.5']) {
    const request = {
      url: '/api/projects',
      remoteAddress,
      headers: { authorization: 'Bearer a-long-secret', 'x-forwarded-for': '203.0.113.9' },
    };
    expect((await server.inject(request)).statusCode).toBe(200);
    expect((await open.inject(request)).statusCode).toBe(200);
  }
  expect(keys).toEqual(['admin token', 'admin token']);
  expect(openKeys, 'a token that nobody checks is no key').toEqual(['203.0.113.9', '203.0.113.5']);
  await Promise.all([server.close(), open.close()]);
});

test('spoofed headers, in several lines too, change no limit of a server without proxies', async () => {
  const { server, keys } = await openCounting([]);
  const { server: behind, keys: keysBehind } = await openCounting(['127.0.0.1']);
  for (const [each, last] of [
    [server, undefined],
    [behind, '203.0.113.9'],
  ] as const) {
    await each.listen({ host: '127.0.0.1', port: 0 });
    const { port } = each.server.address() as AddressInfo;
    const lines = `1.1.1.1\r\nX-Forwarded-For: 2.2.2.2${last === undefined ? '' : `\r\nx-forwarded-for: ${last}`}`;
    const headers = { host: `127.0.0.1:${port}`, 'x-forwarded-for': lines };
    expect(await sendRaw(port, { method: 'GET', target: '/api/projects', headers })).toMatchObject({
      status: 200,
    });
    await each.close();
  }
  expect(keys).toEqual(['127.0.0.1']);
  expect(keysBehind).toEqual(['203.0.113.9']);
});

test('cookies are secure for a browser that a proxy serves over https', async () => {
  const redirects: string[] = [];
  const webSignIn: WebSignIn = {
    begin: async ({ redirectUri }) => {
      redirects.push(redirectUri);
      return { location: 'https://issuer.example/', pending: 'begun' };
    },
    finish: async () => ({ session: 's', to: '/' }),
    end: () => {},
    signOutAddress: async () => undefined,
  };
  const server = await openServer({ proxies: ['10.0.0.0/8'], hosts: ['models.example'], webSignIn });
  const cookieOf = async (remoteAddress: string): Promise<unknown> => {
    const headers = { host: 'models.example', 'x-forwarded-proto': 'https' };
    return (await server.inject({ url: '/sign-in', remoteAddress, headers })).headers['set-cookie'];
  };
  expect(await cookieOf('10.1.1.1')).toMatch(/^__Host-modelyard-pending=begun; .*; Secure$/);
  expect(await cookieOf('203.0.113.5')).toMatch(/^modelyard-pending=begun; [^S]*SameSite=Lax$/);
  expect(redirects).toEqual([
    'https://models.example/sign-in/callback',
    'http://models.example/sign-in/callback',
  ]);
  await server.close();
});
