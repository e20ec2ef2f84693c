import { createServer, type RequestListener } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { guardedSend, type Received, type Sending } from './send.ts';

async function serve(respond: RequestListener): Promise<{ readonly url: string; readonly asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    respond(request, response);
  });
  server.listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const sendTo = (url: string, send: (sending: Sending) => Promise<Received>): Promise<Received> =>
  send({ url, headers: {}, body: '{}', signal: AbortSignal.timeout(10_000) });
const here = guardedSend({ plainHttp: true, privateAddresses: true });

test.each([301, 302, 303, 307, 308])('an answer %i to somewhere else is not followed', async (status) => {
  const inner = await serve((_request, response) => response.end('secret'));
  const receiver = await serve((_request, response) =>
    response.writeHead(status, { location: `${inner.url}/latest/meta-data/` }).end(),
  );
  expect(await sendTo(receiver.url, here)).toMatchObject({ status, body: '' });
  expect([receiver.asked, inner.asked]).toEqual([['POST /'], []]);
});

test('no proxy of the environment is asked, and none of the receiver', async () => {
  const proxy = await serve((_request, response) => response.end('proxied'));
  const names = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'];
  const before = names.map((name) => process.env[name]);
  onTestFinished(() => {
    for (const [index, name] of names.entries())
      if (before[index] === undefined) delete process.env[name];
      else process.env[name] = before[index];
  });
  for (const name of names) process.env[name] = proxy.url;
  const receiver = await serve((_request, response) =>
    response.writeHead(305, { location: proxy.url, 'proxy-authenticate': 'Basic' }).end('direct'),
  );
  expect(await sendTo(receiver.url, here)).toMatchObject({ body: 'direct' });
  await expect(sendTo('http://169.254.169.254/', guardedSend({ plainHttp: true }))).rejects.toThrow('public');
  expect(proxy.asked).toEqual([]);
});

test('of an answer without end only the beginning is read', async () => {
  let written = 0;
  const endless = await serve((_request, response) => {
    const more = (): void => {
      while (!response.destroyed && response.write('x'.repeat(10_000))) written += 10_000;
    };
    response.on('drain', more);
    more();
  });
  expect((await sendTo(endless.url, here)).body.length).toBe(8192);
  expect(written).toBeLessThan(50_000_000);
});

test('an address is read as the connection will read it', async () => {
  const send = guardedSend({ plainHttp: true });
  for (const url of [
    'http://127.0.0.1/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0177.0.0.1/',
    'http://0/',
    'http://[::]/',
    'http://[::1]/',
    'http://[::ffff:7f00:1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[fe80::1]/',
    'http://[fd00:ec2::254]/',
    'http://localhost/',
    'http://LOCALHOST./',
    'http://x.localhost/',
    'http://１２７.０.０.１/',
    'http://127。0。0。1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://2852039166/latest/meta-data/',
    'http://example.com@127.0.0.1/',
    'http://127.0.0.1\\@example.com/',
    'http:127.0.0.1/',
    'http:///127.0.0.1/',
    'http://100.100.100.200/',
    'http://192.168.0.1/',
  ]) {
    const refusal = await sendTo(url, send).then(
      ({ status }) => `sent: ${status}`,
      (error: unknown) => String(error),
    );
    expect([url, refusal]).toEqual([url, expect.stringMatching(/public|user name/)]);
  }
});
