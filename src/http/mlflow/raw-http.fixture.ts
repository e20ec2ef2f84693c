import { connect } from 'node:net';

export interface RawRequest {
  readonly method: string;
  /** As it goes over the wire: nothing is encoded or made shorter. */
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Ends the connection after the body, whatever its length was said to be. */
  readonly cutOff?: true;
}

export interface RawResponse {
  /** 0 where the server answered nothing. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A server that refuses a request before it has read all of it resets the connection. */
const cutCodes: readonly (string | undefined)[] = ['ECONNRESET', 'EPIPE'];

/** Sends a request byte by byte as it stands, and reads until the server closes. */
export async function sendRaw(port: number, request: RawRequest): Promise<RawResponse> {
  const { method, target, headers = {}, body = '', cutOff } = request;
  const all = {
    host: `localhost:${port}`,
    connection: 'close',
    ...(!('transfer-encoding' in headers) && { 'content-length': `${body.length}` }),
    ...headers,
  };
  const lines = [
    `${method} ${target} HTTP/1.1`,
    ...Object.entries(all).map(([name, value]) => `${name}: ${value}`),
  ];
  const socket = connect(port, '127.0.0.1');
  socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`);
  if (cutOff) socket.end();
  const pieces: Buffer[] = [];
  try {
    for await (const piece of socket) pieces.push(piece as Buffer);
  } catch (error) {
    if (!cutCodes.includes((error as NodeJS.ErrnoException).code)) throw error;
  }
  return parsed(Buffer.concat(pieces).toString('latin1'));
}

function parsed(text: string): RawResponse {
  const end = text.indexOf('\r\n\r\n');
  const [first = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  );
  return { status: Number(first.split(' ')[1] ?? 0), headers, body: text.slice(end + 4) };
}
