import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { expect, onTestFinished, test } from 'vitest';
import { adminSignIn } from '../../access/sign-in.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { openMlflow } from '../mlflow/testing.fixture.ts';
import { openServer } from '../native/server.fixture.ts';

type Options = Parameters<typeof openServer>[0];

interface Opened {
  readonly server: FastifyInstance;
  /** Sends text and gives the connection. */
  readonly send: (text: string) => Promise<Socket>;
}

async function open(options: Options = {}, full = false): Promise<Opened> {
  const mlflow = await openMlflow();
  const { artifacts } = mlflow.services;
  const fullDisk: typeof artifacts = Object.assign(Object.create(artifacts) as typeof artifacts, {
    async put(path: string, content: AsyncIterable<Uint8Array>) {
      for await (const _piece of content)
        throw new PlatformError('STATE_UNWRITABLE', {
          field: path,
          value: 'ENOSPC',
          remedy: 'The disk is full.',
        });
    },
  });
  const services = full ? { ...mlflow.services, artifacts: fullDisk } : mlflow.services;
  const server = await openServer({ mlflow: services, ...options });
  await server.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(async () => {
    await server.close();
    await mlflow[Symbol.asyncDispose]();
  });
  const { port } = server.server.address() as AddressInfo;
  return {
    server,
    async send(text) {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => {});
      onTestFinished(() => void socket.destroy());
      await once(socket, 'connect');
      socket.write(`${text.replaceAll('\n', '\r\n')}`);
      return socket;
    },
  };
}

/** The first piece of an answer, as far as its blank line. */
async function head(socket: Socket): Promise<string> {
  const [piece] = (await once(socket, 'data')) as [Buffer];
  return piece.toString('latin1');
}

const host = 'Host: localhost\n';

test('a client in the middle of an upload learns at once that the disk is full', async () => {
  const { send } = await open({}, true);
  const socket = await send(
    `PUT /api/2.0/mlflow-artifacts/artifacts/0/a.bin HTTP/1.1\n${host}Content-Length: 1000000000\n\nthe first bytes`,
  );
  const reply = await head(socket);
  expect(reply).toMatch(/^HTTP\/1\.1 507 /);
  expect(reply).toContain('The disk is full');
});

test('an upload that was answered is read for a moment, then cut', async () => {
  const { send } = await open({ connections: { linger: 100 } }, true);
  const socket = await send(
    `PUT /api/2.0/mlflow-artifacts/artifacts/0/a.bin HTTP/1.1\n${host}Content-Length: 1000000000\n\nthe first bytes`,
  );
  expect(await head(socket)).toMatch(/^HTTP\/1\.1 507 /);
  socket.write('more');
  await once(socket, 'close');
});

test('a body of a caller who is not signed in is answered before it comes, and not waited for', async () => {
  const { send } = await open({ signIn: adminSignIn('the-admin-token'), connections: { linger: 100 } });
  for (const target of [
    'POST /api/2.0/mlflow/experiments/create',
    'PUT /api/2.0/mlflow-artifacts/artifacts/0/a.bin',
    'POST /predict/p',
    'POST /graphql',
  ]) {
    const socket = await send(
      `${target} HTTP/1.1\n${host}Content-Type: application/json\nContent-Length: 1000000000\n\n{"name":"`,
    );
    expect([target, await head(socket)]).toEqual([target, expect.stringMatching(/^HTTP\/1\.1 401 /)]);
    await once(socket, 'close');
  }
});

test('the body of an unknown address is not read', async () => {
  const { send } = await open({ signIn: adminSignIn('the-admin-token'), connections: { linger: 100 } });
  for (const target of ['/api/2.0/mlflow/nowhere', '/ajax-api/3.0/nowhere', '/nowhere', '/api/nowhere']) {
    const socket = await send(
      `POST ${target} HTTP/1.1\n${host}Content-Type: application/json\nContent-Length: 900000\n\n{"name":"`,
    );
    expect([target, await head(socket)]).toEqual([target, expect.stringMatching(/^HTTP\/1\.1 404 /)]);
    await once(socket, 'close');
  }
});

test('a body that begins just before a look is not called slow', async () => {
  const { send } = await open({ connections: { window: 400, bytesPerWindow: 1000 } });
  for (let turn = 0; turn < 8; turn++) {
    const socket = await send(
      `POST /api/2.0/mlflow/experiments/search HTTP/1.1\n${host}Content-Type: application/json\nContent-Length: 17\n\n{"max_`,
    );
    await new Promise((resolve) => setTimeout(resolve, 60));
    socket.write('results":5}');
    expect(await head(socket)).toMatch(/^HTTP\/1\.1 200 /);
    socket.destroy();
  }
});

test('a body that comes too slowly is cut', async () => {
  const { send } = await open({ connections: { window: 100, bytesPerWindow: 1000 } });
  for (const target of [
    'POST /api/2.0/mlflow/experiments/create',
    'PUT /api/2.0/mlflow-artifacts/artifacts/0/a.bin',
    'POST /predict/p',
  ]) {
    const socket = await send(
      `${target} HTTP/1.1\n${host}Content-Type: application/json\nContent-Length: 100000\n\n{"name":"`,
    );
    const drip = setInterval(() => socket.write('x'), 20);
    onTestFinished(() => clearInterval(drip));
    expect([target, await head(socket)]).toEqual([target, expect.stringMatching(/^HTTP\/1\.1 408 /)]);
    await once(socket, 'close');
  }
});

test('a connection beyond the limit is not taken', async () => {
  const { send } = await open({ connections: { connections: 2 } });
  const sockets = [await send(''), await send('')];
  const third = await send('');
  await once(third, 'close');
  expect(sockets.map(({ destroyed }) => destroyed)).toEqual([false, false]);
});

test('a body of more values than a request needs is refused before it is whole', async () => {
  const { send } = await open();
  for (const [target, status] of [
    ['POST /api/2.0/mlflow/experiments/search', 400],
    ['POST /api/2.0/mlflow/runs/log-batch', 400],
    ['POST /graphql', 400],
    ['POST /api/2.0/mlflow-artifacts/mpu/create/a', 400],
    ['POST /predict/p', 413],
  ] as const) {
    const socket = await send(
      `${target} HTTP/1.1\n${host}Content-Type: application/json\nContent-Length: 900000\n\n{"a":[${'{},'.repeat(60_000)}`,
    );
    const reply = await head(socket);
    expect([target, reply]).toEqual([target, expect.stringMatching(new RegExp(`^HTTP/1\\.1 ${status} `))]);
    expect(reply).toContain('split the request');
  }
});
