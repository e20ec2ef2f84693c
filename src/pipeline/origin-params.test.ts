import { expect, test } from 'vitest';
import { z } from 'zod';
import { http, type HttpOptions } from '../project/tables/http.ts';
import { secret } from '../project/secret.ts';
import { source } from '../project/tables/source.ts';
import { json } from '../sources/json.ts';
import { loadOrigin, originParams, planOrigins } from './origin-params.ts';

const data = {
  headers: { accept: 'text/csv', 'x-key': secret('API_KEY') },
  limit: { requests: 5, per: '1m' },
} as const;
const next: HttpOptions['next'] = () => undefined;
const refuse: HttpOptions['refuse'] = () => 'limit reached';
const url: HttpOptions['url'] = () => 'https://example.org/games';

test.each([
  { options: { url: 'https://example.org/games' }, code: [] },
  { options: { url: ['https://example.org/a', 'https://example.org/b'], ...data, next }, code: ['0.next'] },
  { options: { url, ...data, next, refuse }, code: ['0.next', '0.refuse', '0.url'] },
] satisfies readonly { options: HttpOptions; code: readonly string[] }[])(
  'a task fetches the http() origin of the project file: %o',
  async ({ options, code }) => {
    const functions = new Map<unknown, unknown>();
    const games = source(
      'games',
      json({ from: http(options), row: z.object({ id: z.int() }), rows: () => [] }),
    );
    const planned = await planOrigins(games, {
      bundle: async (value, field) => {
        functions.set(field, value);
        return { key: field, bundle: field, label: field } as never;
      },
    });
    expect(Object.keys(planned.code).toSorted()).toEqual(code);
    const [stored] = z.array(originParams).parse(JSON.parse(JSON.stringify(planned.origins)));
    const loaded = await loadOrigin(stored as never, 0, {
      spec: { code: planned.code } as never,
      code: async <Fn>(name: string) => functions.get(planned.code[name]?.label) as Fn,
    });
    expect(loaded).toEqual(http(options));
  },
);
