import { expect, test } from 'vitest';
import type { JsonObject } from '../../kernel/json.ts';
import { readPages } from './pages.ts';

async function idsOf(
  respond: (token: string | undefined, count: number) => JsonObject,
  most?: number,
): Promise<readonly string[]> {
  const ids: string[] = [];
  let count = 0;
  const pages = readPages({
    what: 'things',
    list: 'things',
    ask: async (token) => respond(token, (count += 1)),
    idOf: ({ id }) => JSON.stringify(id),
    ...(most !== undefined && { most }),
  });
  for await (const page of pages) ids.push(...page.map(({ id }) => JSON.stringify(id)));
  return ids;
}

test('all pages are read, an empty one in the middle too', async () => {
  const pages: Readonly<Record<string, JsonObject>> = {
    first: { things: [{ id: 1 }, { id: 2 }], next_page_token: 'a' },
    a: { next_page_token: 'b' },
    b: { things: [{ id: 3 }, 'odd', null], next_page_token: '' },
  };
  expect(await idsOf((token = 'first') => pages[token] ?? {})).toEqual(['1', '2', '3']);
});

const fresh = (count: number): JsonObject => ({ things: [{ id: count }], next_page_token: `t${count}` });

test('a page for each item is an error in the end', async () => {
  await expect(idsOf((_token, count) => fresh(count))).rejects.toMatchObject({
    isEndless: true,
    detail: { field: 'pages of things', value: 100_000 },
  });
});

test.each([
  [
    'one token for ever',
    (_token: string | undefined, count: number): JsonObject => ({
      things: [{ id: count }],
      next_page_token: 'x',
    }),
    { field: 'page token of things', value: 'x' },
  ],
  [
    'tokens in a circle',
    (_token: string | undefined, count: number): JsonObject => ({
      things: [{ id: count }],
      next_page_token: `t${count % 3}`,
    }),
    { field: 'page token of things' },
  ],
  [
    'one page for ever, with a new token each time',
    (_token: string | undefined, count: number): JsonObject => ({
      ...fresh(count),
      things: [{ id: 7, count }],
    }),
    { field: 'first item of the page of things', value: '7' },
  ],
  [
    'pages in a circle',
    (_token: string | undefined, count: number): JsonObject => ({
      ...fresh(count),
      things: [{ id: count % 4 }],
    }),
    { field: 'first item of the page of things' },
  ],
  [
    'empty pages for ever',
    (_token: string | undefined, count: number): JsonObject => ({ next_page_token: `t${count}` }),
    { field: 'empty pages of things', value: 101 },
  ],
  [
    'new items for ever',
    (_token: string | undefined, count: number) => fresh(count),
    { field: 'number of things', value: 1001 },
  ],
])('a server that gives %s is an error that names what repeats', async (_case, respond, detail) => {
  await expect(idsOf(respond, 1000)).rejects.toMatchObject({ code: 'PEER_FAILED', isEndless: true, detail });
});
