import { expect, test } from 'vitest';
import { addresses } from './addresses.ts';
import { routes } from './routes.ts';

test('addresses.ts is what the table of routes says', async () => {
  const lines = Object.entries(routes).map(([name, route]) => {
    const { method, path } = route;
    const body = 'body' in route ? `, body: '${route.body}'` : '';
    const file = 'file' in route ? `, file: '${route.file}'` : '';
    return `  ${name}: { method: '${method}', path: '${path}'${body}${file} },`;
  });
  await expect(
    [
      '/* `npx vitest run src/api -u` writes this file from routes.ts: a page in a browser does not load the schemas. */',
      "import type { Address } from './address.ts';",
      '',
      '/** Where each operation is. */',
      'export const addresses = {',
      ...lines,
      '} as const satisfies Readonly<Record<string, Address>>;',
      '',
    ].join('\n'),
  ).toMatchFileSnapshot('addresses.ts');
  expect(Object.keys(addresses)).toEqual(Object.keys(routes));
});

test('no two operations have one address', () => {
  const used = Object.values(routes).map(({ method, path }) => `${method} ${path.replaceAll(/:\w+/g, ':')}`);
  expect(used.filter((each, index) => used.indexOf(each) !== index)).toEqual([]);
});

test.each(['getModel', 'listAliasMoves', 'promote', 'rollback', 'getEndpoint', 'predict'] as const)(
  '%s takes every name that a model can have',
  (operation) => {
    const accepts = (name: string): boolean =>
      routes[operation].input.safeParse({
        model: name,
        endpoint: name,
        alias: 'prod',
        version: 1,
        request: {},
      }).success;
    expect([250, 251].map((length) => accepts('m'.repeat(length)))).toEqual([true, false]);
  },
);
