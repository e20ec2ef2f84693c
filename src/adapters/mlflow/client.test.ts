import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { PlatformError } from '../../kernel/errors.ts';
import { type MlflowClientOptions, openMlflowClient, type MlflowClient } from './client.ts';
import { isAbsent, MlflowFailure } from './failure.ts';

type Respond = (request: IncomingMessage, response: ServerResponse) => void;

/** A client of a server with the given responses. */
async function clientOf(
  respond: Respond,
  options: Partial<MlflowClientOptions> & { readonly prefix?: string } = {},
): Promise<MlflowClient> {
  const server = createServer(respond).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const client = openMlflowClient({ url: `http://127.0.0.1:${port}${options.prefix ?? ''}`, ...options });
  return {
    ...client,
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]();
      server.closeAllConnections();
      server.close();
    },
  };
}

async function failureOf(asked: Promise<unknown>): Promise<MlflowFailure> {
  const error: unknown = await asked.then(
    () => undefined,
    (failed: unknown) => failed,
  );
  if (error instanceof MlflowFailure) return error;
  throw new TypeError(`no failure of MLflow: ${String(error)}`);
}

const echo: Respond = (request, response) => {
  void textOf(request).then((body) => {
    const { method, url, headers } = request;
    response.end(JSON.stringify({ method, url, body, ...headers }));
  });
};

test('a path lies below the prefix, and a name with several values is repeated', async () => {
  await using client = await clientOf(echo, { prefix: '/mlflow/' });
  expect(await client.get('/api/runs', { id: ['a', 'b c'], page: undefined, n: 1 })).toMatchObject({
    method: 'GET',
    url: '/mlflow/api/runs?id=a&id=b+c&n=1',
  });
});

test.each(['POST', 'PATCH', 'DELETE'] as const)('%s sends a body of JSON', async (method) => {
  await using client = await clientOf(echo);
  const name = method.toLowerCase() as 'post' | 'patch' | 'delete';
  expect(await client[name]('/api', { key: 'é' })).toMatchObject({
    method,
    body: '{"key":"é"}',
    'content-length': '12',
    'content-type': 'application/json',
  });
});

test.each([
  ['a token', { kind: 'token', token: 'abc' } as const, 'Bearer abc'],
  ['a password', { kind: 'password', username: 'a', password: 'é' } as const, 'Basic YTrDqQ=='],
])('%s goes with every request', async (_case, credentials, authorization) => {
  await using client = await clientOf(echo, { credentials });
  expect(await client.get('/api')).toMatchObject({ authorization });
});

test('credentials in the address are sent and not shown', async () => {
  await using client = openMlflowClient({ url: 'http://a:b%3A@127.0.0.1:9' });
  expect(client.url).toBe('http://127.0.0.1:9');
});

test('an address without http is refused', () => {
  expect(() => openMlflowClient({ url: 'ftp://x' })).toThrow(PlatformError);
});

test('an error of MLflow keeps its code and says whether to try again', async () => {
  await using client = await clientOf((request, response) => {
    response.statusCode = request.url === '/busy' ? 503 : 404;
    response.setHeader('retry-after', '2');
    response.end('{"error_code":"RESOURCE_DOES_NOT_EXIST","message":"no such run"}');
  });
  const absent = await failureOf(client.get('/absent'));
  expect(absent).toMatchObject({ errorCode: 'RESOURCE_DOES_NOT_EXIST', httpStatus: 404, mayPass: false });
  expect(absent.message).toContain('no such run');
  expect(isAbsent(absent)).toBe(true);
  expect(await failureOf(client.get('/busy'))).toMatchObject({ mayPass: true, after: 2000 });
});

test.each([
  { httpStatus: 200, mayPass: false },
  { httpStatus: 502, mayPass: true },
])('a page with status $httpStatus is not a response of MLflow', async (facts) => {
  await using client = await clientOf((_request, response) => {
    response.statusCode = facts.httpStatus;
    response.end('<html>sign in</html>');
  });
  expect(await failureOf(client.get('/api'))).toMatchObject({ errorCode: undefined, ...facts });
});

test('nobody there, a silent server and a body cut short may pass', async () => {
  await using nobody = openMlflowClient({ url: 'http://127.0.0.1:9' });
  expect(await failureOf(nobody.get('/'))).toMatchObject({ httpStatus: undefined, mayPass: true });
  await using silent = await clientOf(() => {}, { idle: 20 });
  expect(await failureOf(silent.get('/'))).toMatchObject({ mayPass: true });
  await using cut = await clientOf((_request, response) => {
    response.setHeader('content-length', '100');
    response.write('half');
    setImmediate(() => response.destroy());
  });
  const { content } = await cut.read('/file');
  expect(await failureOf(textOf(content))).toMatchObject({ mayPass: true });
});

test('a file comes and goes as it is', async () => {
  const pieces = ['ab', 'cd'].map((text) => Buffer.from(text));
  async function* content(): AsyncGenerator<Uint8Array> {
    yield* pieces;
  }
  let came = '';
  await using client = await clientOf((request, response) => {
    void textOf(request).then((body) => {
      came = `${request.method} ${request.headers['content-length'] ?? request.headers['transfer-encoding']} ${body}`;
      response.end(request.method === 'GET' ? 'bytes' : '{}');
    });
  });
  await client.put('/a', content(), 4);
  expect(came).toBe('PUT 4 abcd');
  await client.put('/a', content());
  expect(came).toBe('PUT chunked abcd');
  const file = await client.read('/a');
  expect({ size: file.size, text: await textOf(file.content) }).toEqual({ size: 5, text: 'bytes' });
});

test('a fault of what is sent stays what it is', async () => {
  const fault = new PlatformError('ARTIFACT_NOT_FOUND', { field: 'path', value: 'a', remedy: 'None.' });
  async function* content(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('a');
    throw fault;
  }
  await using client = await clientOf(echo);
  await expect(client.put('/a', content())).rejects.toBe(fault);
});

test.each([
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
  ['gzip, br', (text: string) => brotliCompressSync(gzipSync(text))],
  ['identity', (text: string) => Buffer.from(text)],
])('a response compressed with %s is decompressed', async (encoding, compress) => {
  await using client = await clientOf((request, response) => {
    response.setHeader('content-encoding', encoding);
    if (request.url === '/missing') response.statusCode = 404;
    response.end(compress('{"error_code":"RESOURCE_DOES_NOT_EXIST","message":"é"}'));
  });
  expect(await client.get('/')).toMatchObject({ message: 'é' });
  expect(await failureOf(client.get('/missing'))).toMatchObject({ errorCode: 'RESOURCE_DOES_NOT_EXIST' });
  expect(await textOf((await client.read('/file')).content)).toContain('é');
});

test('a file that is stored compressed is not decompressed', async () => {
  const stored = gzipSync('log');
  await using client = await clientOf((_request, response) => {
    response.setHeader('content-encoding', 'gzip');
    response.setHeader('content-length', stored.byteLength).end(stored);
  });
  const bytes = async (size: number): Promise<string> => {
    const { content } = await client.read('/log.gz', {}, { size });
    const parts: Uint8Array[] = [];
    for await (const part of content) parts.push(part);
    return Buffer.concat(parts).toString('hex');
  };
  expect(await bytes(stored.byteLength)).toBe(stored.toString('hex'));
  expect(await bytes(3)).toBe(Buffer.from('log').toString('hex'));
});

test('an unknown compression and a broken one are refused', async () => {
  await using client = await clientOf((request, response) => {
    response.setHeader('content-encoding', request.url === '/odd' ? 'odd' : 'gzip');
    response.end('{}');
  });
  expect((await failureOf(client.get('/odd'))).detail).toMatchObject({ value: 'odd' });
  expect(await failureOf(client.get('/broken'))).toMatchObject({ mayPass: true });
});

test.each([
  ['plain', false],
  ['compressed', true],
])('an endless %s response is cut off at the limit', async (_case, isCompressed) => {
  const megabyte = Buffer.alloc(1 << 20, ' ');
  await using client = await clientOf(
    (_request, response) => {
      if (isCompressed) {
        response.setHeader('content-encoding', 'gzip').end(gzipSync(Buffer.alloc(64 << 20, ' ')));
        return;
      }
      const more = (): void => void (response.destroyed || response.write(megabyte, more));
      more();
    },
    { longestResponse: 4 << 20 },
  );
  expect(await failureOf(client.get('/'))).toMatchObject({ isTooLarge: true, mayPass: false });
  expect((await failureOf(client.get('/'))).message).toContain('The server sends more than 4 MB');
});

test('an endless error message is cut off', async () => {
  await using client = await clientOf((_request, response) => {
    response.statusCode = 400;
    const more = (): void => void (response.destroyed || response.write(Buffer.alloc(1 << 20, 'x'), more));
    more();
  });
  expect(await failureOf(client.get('/'))).toMatchObject({ httpStatus: 400 });
});

test('a response that trickles for ever ends at the deadline', async () => {
  await using client = await clientOf(
    (_request, response) => {
      response.write('{');
      const timer = setInterval(() => response.write(' '), 5);
      response.on('close', () => clearInterval(timer));
    },
    { deadline: 60 },
  );
  expect((await failureOf(client.get('/'))).message).toContain('no complete response in 60 ms');
});

test('a redirect is not followed', async () => {
  let requests = 0;
  await using client = await clientOf((request, response) => {
    requests += 1;
    response.writeHead(302, { location: request.url }).end();
  });
  expect((await failureOf(client.get('/a'))).message).toContain('The server redirects to /a');
  await failureOf(client.read('/a'));
  expect(requests).toBe(2);
});

test('integers beyond 2^53 keep their digits', async () => {
  await using client = await clientOf((_request, response) => response.end('{"step":9007199254740993}'));
  expect(await client.get('/')).toEqual({ step: '9007199254740993' });
});
