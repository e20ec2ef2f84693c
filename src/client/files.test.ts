import { expect, test } from 'vitest';
import { PlatformError } from '../kernel/errors.ts';
import { type Client, createClient } from './client.ts';

/** A client of a server that responds like this. */
function clientOf(respond: (request: Request) => Promise<Response>): Client {
  const fetch: typeof globalThis.fetch = (url, init) => respond(new Request(url, init));
  return createClient('http://127.0.0.1', { token: 'secret', fetch });
}

async function* pieces(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('size\n');
  yield Buffer.from('80\n');
}

test('the client sends a file as it comes', async () => {
  const sent: string[] = [];
  const client = clientOf(async (request) => {
    const [authorization, type] = ['authorization', 'content-type'].map((name) => request.headers.get(name));
    const { pathname, search } = new URL(request.url);
    sent.push([request.method, pathname + search, authorization, type, await request.text()].join(' '));
    return Response.json({ id: 'b' });
  });
  for (const content of [pieces(), new Blob(['size\n80\n'])])
    expect(await client.createBatch({ endpoint: 'house price', file: 'märz 1.csv', content })).toEqual({
      id: 'b',
    });
  const expected =
    'POST /api/endpoints/house%20price/batches?file=m%C3%A4rz+1.csv Bearer secret text/csv size\n80\n';
  expect(sent).toEqual([expected, expected]);
});

test.each([
  ['attachment; filename=houses.csv', 'houses.csv'],
  [
    `attachment; filename="houses \\"M_rz\\".csv"; filename*=UTF-8''houses%20%22M%C3%A4rz%22.csv`,
    'houses "März".csv',
  ],
  ['attachment; filename="a \\"b\\".csv"', 'a "b".csv'],
  ['', 'output.csv'],
])('the client reads a file and its name: %s', async (header, name) => {
  const headers = { 'content-disposition': header, 'content-length': '8' };
  const client = clientOf(async () => new Response('size\n80\n', { headers }));
  const { content, ...file } = await client.downloadBatch({ batch: 'b' });
  expect(file).toEqual({ name, size: 8 });
  let text = '';
  for await (const piece of content) text += new TextDecoder().decode(piece);
  expect(text).toBe('size\n80\n');
});

test('an error of the server is an error of the client', async () => {
  const error = new PlatformError('BATCH_NOT_FOUND', {
    field: 'batch',
    value: 'b',
    remedy: 'Send it again.',
  });
  const client = clientOf(async () => Response.json({ error }, { status: 404 }));
  const expected = expect.objectContaining({ code: 'BATCH_NOT_FOUND' });
  await expect(client.downloadBatch({ batch: 'b' })).rejects.toThrow(expected);
  await expect(client.createBatch({ endpoint: 'e', content: pieces() })).rejects.toThrow(expected);
});
