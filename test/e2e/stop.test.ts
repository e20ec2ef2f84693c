import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { startModelyard, temporaryFolder } from './product.ts';

async function openSocket(url: string, text: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(text);
  return socket;
}

test('SIGTERM ends a server with any open connections', async () => {
  await using state = await temporaryFolder();
  const server = startModelyard(['server', '--port', '0', '--state', state.path]);
  const { url } = JSON.parse(await server.line(/"listening"/)) as { readonly url: string };
  const host = `Host: ${new URL(url).host}\r\n`;
  const sockets = [
    await openSocket(url, ''),
    await openSocket(url, `GET /health HTTP/1.1\r\n${host}`),
    await openSocket(url, `GET /health HTTP/1.1\r\n${host}\r\n`),
    await openSocket(
      url,
      `PUT /api/2.0/mlflow-artifacts/artifacts/0/a.bin HTTP/1.1\r\n${host}Content-Length: 1000000\r\n\r\nhalf`,
    ),
    await openSocket(
      url,
      `POST /api/2.0/mlflow/experiments/create HTTP/1.1\r\n${host}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"nam\r\n`,
    ),
  ];
  await fetch(`${url}/health`);
  server.kill('SIGTERM');
  expect(await server.finished).toMatchObject({ code: 0 });
  for (const socket of sockets) socket.destroy();
});
