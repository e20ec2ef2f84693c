import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { MlflowFailure } from './failure.ts';
import { addressOf, connectionFailure } from './responses.ts';

/** The bytes of a response, decompressed. Fails where they are cut short. */
export async function* bytesOf(response: IncomingMessage, url: URL): AsyncGenerator<Uint8Array> {
  const encodings = encodingsOf(response);
  const stream = encodings.toReversed().reduce<Readable>((from, encoding) => {
    const decoder = decoderOf(encoding, url);
    from.on('error', (error) => decoder.destroy(error));
    decoder.on('close', () => from.destroy());
    return from.pipe(decoder);
  }, response);
  try {
    for await (const part of stream) yield part as Buffer;
  } catch (error) {
    throw connectionFailure(url, error);
  } finally {
    if (!response.complete) response.destroy();
  }
}

/** The bytes of a response as the server sent them. */
export async function* rawBytesOf(response: IncomingMessage, url: URL): AsyncGenerator<Uint8Array> {
  try {
    for await (const part of response) yield part as Buffer;
  } catch (error) {
    throw connectionFailure(url, error);
  }
}

/** The text of a response. @param longest in bytes, decompressed */
export async function textOf(response: IncomingMessage, url: URL, longest: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of bytesOf(response, url)) {
    size += part.byteLength;
    if (size > longest) throw tooLarge(url, response, longest);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** The start of a text, for a message. */
export async function excerptOf(response: IncomingMessage, url: URL, longest: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of bytesOf(response, url)) {
    parts.push(part);
    size += part.byteLength;
    if (size > longest) break;
  }
  return Buffer.concat(parts).toString('utf8');
}

/** 'gzip', 'br', in the order in which they were applied; none for a plain body. */
export function encodingsOf({ headers }: Pick<IncomingMessage, 'headers'>): readonly string[] {
  return (headers['content-encoding'] ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity');
}

function decoderOf(encoding: string, url: URL): ReturnType<typeof createGunzip> {
  switch (encoding) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    case 'br':
      return createBrotliDecompress();
    default:
      throw new MlflowFailure(
        { errorCode: undefined, httpStatus: undefined, mayPass: false },
        {
          field: `content-encoding of ${addressOf(url)}`,
          value: encoding,
          remedy: 'must be gzip, deflate, br or absent',
        },
      );
  }
}

function tooLarge(url: URL, { statusCode }: IncomingMessage, longest: number): MlflowFailure {
  return new MlflowFailure(
    { errorCode: undefined, httpStatus: statusCode, mayPass: false, isTooLarge: true },
    {
      field: 'response',
      value: addressOf(url),
      remedy: `The server sends more than ${longest >> 20} MB: check the server and its proxies.`,
    },
  );
}
