import { buffer } from 'node:stream/consumers';
import type { FastifyInstance } from 'fastify';
import { expect, onTestFinished, test } from 'vitest';
import type { FileContent } from '../../api/address.ts';
import type { Operations } from '../../api/routes.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { openServer } from './server.fixture.ts';

interface Sent {
  readonly endpoint: string;
  readonly file?: string | undefined;
  readonly start?: boolean | undefined;
  readonly content: string;
}

const output = 'size,prediction\n80,204136.5\n';

async function open(change: Partial<Operations> = {}): Promise<{ server: FastifyInstance; sent: Sent[] }> {
  const sent: Sent[] = [];
  const operations = {
    async createBatch({ content, ...rest }: { readonly content: FileContent } & Omit<Sent, 'content'>) {
      sent.push({ ...rest, content: (await buffer(content as AsyncIterable<Uint8Array>)).toString() });
      return { id: 'b' };
    },
    downloadBatch: async () => ({
      name: 'houses "März".csv',
      size: output.length,
      async *content() {
        yield Buffer.from(output.slice(0, 9));
        yield Buffer.from(output.slice(9));
      },
    }),
    ...change,
  };
  const server = await openServer({
    operationsFor: () =>
      ({
        ...operations,
        async downloadBatch(input: never) {
          const { content, ...file } = (await operations.downloadBatch(input)) as unknown as {
            content: () => AsyncIterable<Uint8Array>;
          };
          return { ...file, content: content() };
        },
      }) as unknown as Operations,
  });
  onTestFinished(() => server.close());
  return { server, sent };
}

const url = '/api/endpoints/house-price/batches';

test.each(['text/csv', 'text/csv; charset=utf-8', 'application/gzip', 'application/vnd.ms-excel'])(
  'a file of the type %s reaches the operation as it is',
  async (type) => {
    const { server, sent } = await open();
    const response = await server.inject({
      method: 'POST',
      url: `${url}?file=coming.csv&start=true`,
      headers: { 'content-type': type },
      payload: 'size\n80\n',
    });
    expect([response.statusCode, response.json()]).toEqual([201, { id: 'b' }]);
    expect(sent).toEqual([
      { endpoint: 'house-price', file: 'coming.csv', start: true, content: 'size\n80\n' },
    ]);
  },
);

test.each([
  ['application/json', 'with curl, --data-binary @rows.csv'],
  ['text/plain', 'Send the file itself'],
  ['multipart/form-data; boundary=x', 'Send the file itself'],
  ['application/x-www-form-urlencoded', 'Send the file itself'],
])('a body of the type %s is refused', async (type, message) => {
  const { server, sent } = await open();
  const response = await server.inject({
    method: 'POST',
    url,
    headers: { 'content-type': type },
    payload: 'size\n80\n',
  });
  expect(response.statusCode).toBe(415);
  expect(response.json()).toMatchObject({ error: { message: expect.stringContaining(message) } });
  expect(sent).toEqual([]);
});

test('no body, and a member that the route does not take, are bad input', async () => {
  const { server } = await open();
  const csv = { 'content-type': 'text/csv' };
  const empty = await server.inject({ method: 'POST', url, headers: { ...csv, 'content-length': '0' } });
  expect([empty.statusCode, empty.json().error.detail.field]).toEqual([400, 'body']);
  const start = await server.inject({
    method: 'POST',
    url: `${url}?start=maybe`,
    headers: csv,
    payload: 'a',
  });
  expect([start.statusCode, start.json().error.detail.field]).toEqual([400, 'start']);
});

test('a file of the server is saved and never rendered', async () => {
  const { server } = await open();
  const response = await server.inject(`/api/batches/${'b'.repeat(32)}/output`);
  expect([response.statusCode, response.body]).toEqual([200, output]);
  expect(response.headers).toMatchObject({
    'content-type': 'text/csv; charset=utf-8',
    'content-length': String(output.length),
    'content-disposition': `attachment; filename="houses \\"M_rz\\".csv"; filename*=UTF-8''houses%20%22M%C3%A4rz%22.csv`,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'",
  });
});

test('an error of the operation is sent as any other', async () => {
  const refused = async (): Promise<never> => {
    throw new PlatformError('BATCH_NOT_FOUND', { field: 'batch', value: 'b', remedy: 'Send it again.' });
  };
  const { server } = await open({ createBatch: refused, downloadBatch: refused });
  const stored = await server.inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'text/csv' },
    payload: 'a',
  });
  const output = await server.inject('/api/batches/b/output');
  for (const response of [stored, output])
    expect([response.statusCode, response.json().error.code]).toEqual([404, 'BATCH_NOT_FOUND']);
});
