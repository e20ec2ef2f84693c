import { expect, onTestFinished, test } from 'vitest';
import type { Operations } from '../../api/routes.ts';
import { openServer } from './server.fixture.ts';

test('an address that cannot be decoded is a page for a browser and JSON for a client', async () => {
  const server = await openServer();
  onTestFinished(() => server.close());
  const browser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
  for (const url of ['/%E0%A4%A', '/projects/%zz', '/predictions/100%', '/assets/%']) {
    const page = await server.inject({ url, headers: browser });
    expect([url, page.statusCode, page.body]).toEqual([url, 404, '<title>pages</title>']);
    expect(page.headers['content-security-policy']).toContain("default-src 'self'");
  }
  for (const [url, headers] of [
    ['/%E0%A4%A', {}],
    ['/api/projects/%zz', browser],
    ['/predict/%E0', browser],
  ] as const) {
    const response = await server.inject({ url, headers });
    expect([url, response.statusCode]).toEqual([url, 400]);
    expect(response.json()).toMatchObject({ error: { code: 'INPUT_INVALID', detail: { field: 'address' } } });
  }
});

test.each(['名'.repeat(250), '😀'.repeat(125), '%2F'.repeat(83), '<b>&?#'.repeat(41)])(
  'a model named %s has an address',
  async (name) => {
    const operations = {
      getRegisteredModel: async ({ model }: { readonly model: string }) => ({ name: model }),
    };
    const server = await openServer({ operationsFor: () => operations as unknown as Operations });
    onTestFinished(() => server.close());
    const response = await server.inject(`/api/registered-models/${encodeURIComponent(name)}`);
    expect([response.statusCode, response.json()]).toEqual([200, { name }]);
  },
);
