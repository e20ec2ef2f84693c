import type { Socket } from 'node:net';

/** A message: a JSON header and bytes. */
export interface Frame {
  readonly header: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
}

const lengths = 8;

/** Writes a message: the lengths of its parts, the header, the bytes. */
export function sendFrame(socket: Socket, header: object, body: Uint8Array = new Uint8Array()): void {
  const text = Buffer.from(JSON.stringify(header));
  const start = Buffer.alloc(lengths);
  start.writeUInt32LE(text.length, 0);
  start.writeUInt32LE(body.length, 4);
  socket.write(Buffer.concat([start, text, body]));
}

/** The messages that a socket receives, until it closes. */
export async function* framesOf(socket: Socket): AsyncGenerator<Frame> {
  let chunks: Buffer[] = [];
  let received = 0;
  let needed = lengths;
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    received += chunk.length;
    // Joined only when a message is complete: joining at each chunk takes quadratic time.
    if (received < needed) continue;
    let pending: Buffer = chunks.length === 1 ? chunk : Buffer.concat(chunks);
    for (
      let size = frameSize(pending);
      size !== undefined && pending.length >= size;
      size = frameSize(pending)
    ) {
      const bodyStart = lengths + pending.readUInt32LE(0);
      const header = JSON.parse(pending.subarray(lengths, bodyStart).toString()) as Frame['header'];
      yield { header, body: Buffer.from(pending.subarray(bodyStart, size)) };
      pending = pending.subarray(size);
    }
    chunks = [pending];
    received = pending.length;
    needed = frameSize(pending) ?? lengths;
  }
}

function frameSize(bytes: Buffer): number | undefined {
  return bytes.length < lengths ? undefined : lengths + bytes.readUInt32LE(0) + bytes.readUInt32LE(4);
}
