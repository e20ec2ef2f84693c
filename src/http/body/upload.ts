import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';

/** The bytes of a body as they arrive. The connection stays open if the reader stops early, so that we can respond. */
export function uploadOf({ body, raw }: Pick<FastifyRequest, 'body' | 'raw'>): AsyncIterable<Uint8Array> {
  const stream = (body as Readable | undefined | null) ?? raw;
  return stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
}
