import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fetchFile, type Fetched, type Network, maskedAddress, type Validators } from './fetch.ts';
import { openFolder } from './local-blobs.fixture.ts';
import { openSite, type Responder } from './site.fixture.ts';

const respond =
  (status: number, body = '', headers: Record<string, string> = {}): Responder =>
  (_request, response) => {
    response.writeHead(status, headers).end(body);
  };

/** Promises more than it sends, and hangs up. */
const cutShort: Responder = (_request, response) => {
  response.writeHead(200, { 'content-length': '1000' });
  response.write('only this', () => response.destroy());
};

interface Got {
  readonly fetched: Fetched;
  readonly content: string;
  readonly waits: readonly number[];
}

async function get(url: string, options: Partial<Network> & { previous?: Validators } = {}): Promise<Got> {
  await using folder = await openFolder({});
  const waits: number[] = [];
  const network: Network = {
    now: () => 0,
    random: () => 1,
    sleep: async (ms) => void waits.push(ms),
    ...options,
  };
  const to = join(folder.path, 'body');
  const fetched = await fetchFile({ address: new URL(url), to, previous: options.previous }, network);
  return { fetched, content: fetched.kind === 'fetched' ? await readFile(to, 'utf8') : '', waits };
}

test('keeps a body as it came, with what the server says of it', async () => {
  await using site = await openSite(
    respond(200, 'a,b\n', { etag: '"7"', 'last-modified': 'Sat, 01 Aug 2026 00:00:00 GMT' }),
  );
  expect(await get(`${site.url}/a.csv`)).toMatchObject({
    fetched: { kind: 'fetched', bytes: 4, etag: '"7"', lastModified: 'Sat, 01 Aug 2026 00:00:00 GMT' },
    content: 'a,b\n',
    waits: [],
  });
  expect(site.asked[0]?.headers).toMatchObject({ 'user-agent': 'modelyard', 'accept-encoding': 'identity' });
});

test('asks only for what is newer', async () => {
  await using site = await openSite(respond(304));
  const previous = { etag: '"7"', lastModified: 'Sat, 01 Aug 2026 00:00:00 GMT' };
  expect((await get(`${site.url}/a.csv`, { previous })).fetched).toEqual({ kind: 'unchanged' });
  expect(site.asked[0]?.headers).toMatchObject({
    'if-none-match': '"7"',
    'if-modified-since': 'Sat, 01 Aug 2026 00:00:00 GMT',
  });
});

test('tries again after failures that pass, waiting longer each time', async () => {
  await using site = await openSite(respond(503), cutShort, respond(502), respond(200, '{}'));
  expect(await get(`${site.url}/a.json`)).toMatchObject({ content: '{}', waits: [500, 1000, 2000] });
});

test('waits as long as the server asks, by seconds or by date', async () => {
  const date = new Date(45_000).toUTCString();
  await using site = await openSite(
    respond(429, '', { 'retry-after': '9' }),
    respond(503, '', { 'retry-after': date }),
    respond(200, 'x'),
  );
  expect((await get(site.url)).waits).toEqual([9000, 45_000]);
});

test('does not wait for hours', async () => {
  await using site = await openSite(respond(429, '', { 'retry-after': '7200' }));
  await expect(get(site.url)).rejects.toThrow(/asks to retry in 120 min/);
  expect(site.asked).toHaveLength(1);
});

test('gives up after as many attempts as it may, and says why', async () => {
  await using site = await openSite(cutShort);
  await expect(get(`${site.url}/t20s.zip`, { attempts: 3 })).rejects.toMatchObject({
    code: 'SOURCE_UNREADABLE',
    detail: { field: `${site.url}/t20s.zip`, remedy: expect.stringContaining('3 times') as string },
  });
  expect(site.asked).toHaveLength(3);
});

test('a server that stays silent is left', async () => {
  await using site = await openSite(() => {}, respond(200, 'x'));
  expect((await get(site.url, { idle: 50 })).content).toBe('x');
  await using mute = await openSite((_request, response) => void response.writeHead(200).write('half'));
  await expect(get(mute.url, { idle: 50, attempts: 1 })).rejects.toThrow(/no byte in 50 ms/);
});

test('a machine that is not there is an error with its reason', async () => {
  const site = await openSite(respond(200));
  await site[Symbol.asyncDispose]();
  await expect(get(site.url, { attempts: 2 })).rejects.toThrow(/2 times.*ECONNREFUSED/);
});

test.each([
  [404, /Check the address.*status 404/],
  [403, /needs a key.*status 403/],
  [410, /status 410/],
  [304, /status 304/],
])('status %i is not tried again', async (status, says) => {
  await using site = await openSite(respond(status));
  await expect(get(`${site.url}/a.json`)).rejects.toThrow(says);
  expect(site.asked).toHaveLength(1);
});

test('an error page under status 200 is refused', async () => {
  await using site = await openSite(
    respond(200, '<!doctype html><h1>Back soon</h1>', { 'content-type': 'text/html' }),
  );
  for (const name of ['t20s.zip', 'match.json', 'bars.csv'])
    await expect(get(`${site.url}/${name}`)).rejects.toThrow(/: "an HTML page"\)/);
});

test('follows where the server sends it', async () => {
  await using site = await openSite(respond(302, '', { location: '/there' }), respond(200, 'there'));
  expect((await get(`${site.url}/here`)).content).toBe('there');
});

test('an address is shown without its secrets', async () => {
  expect(maskedAddress(new URL('https://u:p@a.org/x?series=GDP&api_key=s3cr3t&token=t'))).toBe(
    'https://a.org/x?series=GDP&api_key=***&token=***',
  );
  await using site = await openSite(respond(404));
  await expect(get(`${site.url}/x?apikey=s3cr3t`)).rejects.not.toThrow(/s3cr3t/);
});

test.skipIf(!existsSync('/dev/full'))(
  'a full disk is no fault of the server (skipped without /dev/full)',
  async () => {
    await using site = await openSite(respond(200, 'x'.repeat(100_000)));
    const network = { now: () => 0, random: () => 0, sleep: async () => {} };
    const fetching = fetchFile({ address: new URL(site.url), to: '/dev/full', previous: undefined }, network);
    await expect(fetching).rejects.toMatchObject({ code: 'STATE_UNWRITABLE', detail: { value: 'ENOSPC' } });
    expect(site.asked).toHaveLength(1);
  },
);
