import { connect, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { framesOf, sendFrame } from './frames.ts';

async function socketPair(): Promise<readonly [Socket, Socket]> {
  const server = createServer();
  const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { readonly port: number };
  const sender = connect(port, '127.0.0.1');
  const receiver = await accepted;
  onTestFinished(() => {
    sender.destroy();
    receiver.destroy();
    server.close();
  });
  return [sender, receiver];
}

test('messages of many chunks, and several in one chunk, arrive as they were sent', async () => {
  const [sender, receiver] = await socketPair();
  const large = Uint8Array.from({ length: 1_000_003 }, (_, index) => index % 251);
  sendFrame(sender, { name: 'large' }, large);
  sendFrame(sender, { name: 'empty' });
  sendFrame(sender, { name: 'small' }, new Uint8Array([1, 2, 3]));
  sender.end();
  const received: { readonly name: unknown; readonly body: Buffer }[] = [];
  for await (const { header, body } of framesOf(receiver)) received.push({ name: header['name'], body });
  expect(received.map(({ name, body }) => [name, body.length])).toEqual([
    ['large', large.length],
    ['empty', 0],
    ['small', 3],
  ]);
  expect(received[0]?.body.equals(large)).toBe(true);
});
