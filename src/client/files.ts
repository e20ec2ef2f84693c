import type { Address, FileContent, FileDownload } from '../api/address.ts';
import { type CallOptions, type Connection, headersOf, outputOf, reach, requestOf } from './request.ts';

interface Upload {
  /** With the file as `content`. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly options: CallOptions | undefined;
}

/** Sends a file as the body of a request. @throws PlatformError as `call` */
export async function upload(
  connection: Connection,
  address: Address,
  { input: { content, ...rest }, options }: Upload,
): Promise<unknown> {
  const url = connection.baseUrl + requestOf(address, rest).path;
  const isBlob = typeof Blob !== 'undefined' && content instanceof Blob;
  const response = await reach(connection, url, {
    method: address.method,
    headers: { ...headersOf(connection, 'application/json'), 'content-type': 'text/csv' },
    ...(isBlob ? { body: content } : streamed(content as Exclude<FileContent, Blob>)),
    ...(options?.signal ? { signal: options.signal } : {}),
  });
  return outputOf(response, url);
}

/** Node sends what an iterable yields, as it comes, though the types of `fetch` know neither that nor `duplex`; a browser has a Blob. */
function streamed(content: AsyncIterable<Uint8Array>): RequestInit {
  return { body: content as unknown as NonNullable<RequestInit['body']>, duplex: 'half' } as RequestInit;
}

/** @throws PlatformError as `call` */
export async function download(
  connection: Connection,
  path: string,
  options: CallOptions = {},
): Promise<FileDownload> {
  const url = connection.baseUrl + path;
  const response = await reach(connection, url, {
    method: 'GET',
    headers: headersOf(connection, 'text/csv, application/json'),
    ...(options.signal ? { signal: options.signal } : {}),
  });
  if (!response.ok || !response.body) {
    await outputOf(response, url);
    throw new TypeError('a response without a file');
  }
  return {
    name: nameIn(response.headers.get('content-disposition') ?? ''),
    size: Number(response.headers.get('content-length') ?? 0),
    content: piecesOf(response.body),
  };
}

async function* piecesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel();
  }
}

/** The file's name in a Content-Disposition. */
function nameIn(header: string): string {
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(header)?.[1];
  if (encoded !== undefined) return decodeURIComponent(encoded);
  const [, quoted, plain] = /filename=(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(header) ?? [];
  return quoted?.replaceAll(/\\(.)/g, '$1') ?? plain ?? 'output.csv';
}
