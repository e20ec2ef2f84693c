import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { openTemporaryBlobStore } from '../data/temporary-blob-store.contract.ts';
import { http, type HttpOptions } from '../project/tables/http.ts';
import { secret } from '../project/secret.ts';
import { openSite } from './site.fixture.ts';
import { snapshotSource, type SourceSnapshot, type SourceSnapshotOptions } from './source-snapshot.ts';

/** Three pages of rows, then none: `?page=2` follows from `next`. */
function paged(request: IncomingMessage, response: ServerResponse): void {
  const page = Number(new URL(request.url ?? '', 'http://x').searchParams.get('page') ?? 1);
  response.setHeader('content-type', 'application/json');
  response.end(
    JSON.stringify({ rows: [{ id: page }], next: page < 3 ? `/games?page=${page + 1}&apiKey=k` : null }),
  );
}

const nextOf: HttpOptions['next'] = ({ text }) =>
  (JSON.parse(text) as { next?: string | null }).next ?? undefined;

interface Snapped extends SourceSnapshot {
  readonly texts: readonly string[];
  readonly waits: readonly number[];
}

async function snap(
  origins: SourceSnapshotOptions['origins'],
  options: Partial<SourceSnapshotOptions> = {},
): Promise<Snapped> {
  await using blobs = await openTemporaryBlobStore();
  const waits: number[] = [];
  let time = 0;
  const snapshot = await snapshotSource({
    origins,
    isKept: false,
    projectFolder: '/nowhere',
    blobs,
    now: () => time,
    secret: (name) => `value-of-${name}`,
    network: {
      random: () => 1,
      sleep: async (ms) => {
        waits.push(ms);
        time += ms;
      },
    },
    ...options,
  });
  const read = options.blobs ?? blobs;
  const texts: string[] = [];
  for (const { digest } of snapshot.files) texts.push(new TextDecoder().decode(await read.read(digest)));
  return { ...snapshot, texts, waits };
}

test('pages follow one another, each is stored unchanged, and its address is noted without secrets', async () => {
  await using site = await openSite(paged);
  const { files, facts, texts } = await snap([http({ url: `${site.url}/games`, next: nextOf })]);
  expect(files.map(({ name }) => name)).toEqual(['000001-games', '000002-games', '000003-games']);
  expect(texts.map((text) => (JSON.parse(text) as { rows: unknown }).rows)).toEqual([
    [{ id: 1 }],
    [{ id: 2 }],
    [{ id: 3 }],
  ]);
  expect(facts.pages.map(({ address }) => address.replace(site.url, ''))).toEqual([
    '/games',
    '/games?page=2&apiKey=***',
    '/games?page=3&apiKey=***',
  ]);
  expect(facts).toMatchObject({ files: 3, simulated: false, from: `${site.url}/games` });
});

test('several addresses, a function of what is stored, and headers with secrets', async () => {
  await using site = await openSite((_request, response) => response.end('[]'));
  const headers = { Authorization: secret('API_KEY'), accept: 'application/json' };
  const url = (since: string | undefined): string[] => [
    `${site.url}/a?since=${since ?? 'ever'}`,
    `${site.url}/b`,
  ];
  const first = await snap([http({ url, headers })]);
  await snap([http({ url, headers })], { since: '2024-01-02' });
  expect(site.asked.map((request) => request.url)).toEqual([
    '/a?since=ever',
    '/b',
    '/a?since=2024-01-02',
    '/b',
  ]);
  expect(site.asked.map((request) => request.headers.authorization)).toEqual(
    Array.from({ length: 4 }, () => 'value-of-API_KEY'),
  );
  expect(JSON.stringify(first)).not.toContain('value-of-API_KEY');
});

test('a body with status 200 that is refused is fetched again, after the time of the limit', async () => {
  let asked = 0;
  await using site = await openSite((_request, response) =>
    response.end((asked += 1) < 3 ? '{"error":"limit reached"}' : '{"rows":[]}'),
  );
  const refuse: HttpOptions['refuse'] = ({ text }) => (text.includes('limit') ? 'limit reached' : undefined);
  const { texts, waits } = await snap([http({ url: site.url, refuse, limit: { requests: 5, per: '1m' } })]);
  expect(texts).toEqual(['{"rows":[]}']);
  expect(waits).toEqual([60_000, 60_000]);
});

test('a body that is refused to the end is an error with the reason', async () => {
  await using site = await openSite((_request, response) => response.end('no'));
  const work = snap([http({ url: `${site.url}/x?token=t`, refuse: () => 'limit reached' })]);
  await expect(work).rejects.toMatchObject({
    code: 'SOURCE_UNREADABLE',
    detail: { field: `${site.url}/x?token=***`, value: 'limit reached' },
  });
});

test('no window has more requests than the limit', async () => {
  await using site = await openSite((_request, response) => response.end('[]'));
  const url = Array.from({ length: 5 }, (_, at) => `${site.url}/${at}`);
  expect((await snap([http({ url, limit: { requests: 2, per: '10s' } })])).waits).toEqual([10_000, 10_000]);
});

test('Retry-After is respected, and an error of a function is not retried', async () => {
  let asked = 0;
  await using site = await openSite((_request, response) => {
    if ((asked += 1) === 1) response.writeHead(429, { 'retry-after': '7' }).end();
    else response.end('[]');
  });
  expect((await snap([http({ url: site.url })])).waits).toEqual([7000]);
  const broken = new TypeError('mine');
  const next = (): never => {
    throw broken;
  };
  await expect(snap([http({ url: site.url, next })])).rejects.toBe(broken);
  expect(asked).toBe(3);
});

test('headers go along to a redirect on the same host, and never to another one', async () => {
  await using other = await openSite((_request, response) => response.end('[]'));
  await using site = await openSite((request, response) => {
    const to = request.url === '/far' ? `${other.url}/there` : '/near';
    if (request.url === '/near') response.end('[]');
    else response.writeHead(302, { location: to }).end();
  });
  const headers = { 'x-key': secret('API_KEY') };
  await snap([http({ url: [`${site.url}/start`, `${site.url}/far`], headers })]);
  expect(site.asked.map((request) => [request.url, request.headers['x-key']])).toEqual([
    ['/start', 'value-of-API_KEY'],
    ['/near', 'value-of-API_KEY'],
    ['/far', 'value-of-API_KEY'],
  ]);
  expect(other.asked.map((request) => request.headers['x-key'])).toEqual([undefined]);
});

test.each([
  [{ url: [] }, 'url must be an address or a list of them'],
  [{ url: 'ftp://x' }, 'url must be an http(s) address (got "ftp://x")'],
  [{ url: () => 3 as never }, 'url must be an http(s) address (got 3)'],
  [
    { url: 'http://127.0.0.1:1', limit: { requests: 0, per: '1m' } },
    'limit.requests must be a whole number from 1 (got 0)',
  ],
  [
    { url: 'http://127.0.0.1:1', limit: { requests: 1, per: '1 min' as never } },
    'limit.per must be a number and one of',
  ],
  [{ url: 'http://127.0.0.1:1', headers: { 'x-key': 'a\nb' } }, 'header x-key must be a header'],
] as const)('%o: %s', async (options, message) => {
  await expect(snap([http(options)])).rejects.toThrow(message);
});

test('a page that leads back to a page is an error', async () => {
  await using site = await openSite((_request, response) => response.end('[]'));
  await expect(snap([http({ url: site.url, next: () => '/' })])).rejects.toThrow(
    'next has led to a page that was fetched',
  );
});

test('with a key, new pages are added to the stored ones, and the same pages once more are not', async () => {
  await using blobs = await openTemporaryBlobStore();
  let body = '[1]';
  await using site = await openSite((_request, response) => response.end(body));
  const origins = [http({ url: `${site.url}/games` })];
  const fetch = (last?: Snapped): Promise<Snapped> => snap(origins, { blobs, isKept: true, previous: last });
  const first = await fetch();
  const same = await fetch(first);
  expect(same.files).toEqual(first.files);
  body = '[2]';
  const more = await fetch(same);
  expect(more.files.map(({ name }) => name)).toEqual(['000001-games', '000002-games']);
  expect(more.texts).toEqual(['[1]', '[2]']);
  expect(more.facts.pages.map(({ name }) => name)).toEqual(['000001-games', '000002-games']);
});
