import type { Readable } from 'node:stream';
import { PlatformError } from '../../kernel/errors.ts';
import { countJsonValues } from './json-values.ts';

/** The limits of a JSON body. They keep parsing short. */
export interface JsonLimits {
  readonly bytes: number;
  readonly values: number;
}

/** Enough for every request of MLflow's own clients; parsing that many takes tens of milliseconds. */
const mostValues = 20_000;

/** The limits of a route. @param bytes @default 4 MB for a route that only reads, 10 MB for others */
export function jsonLimits(
  permission: string,
  bytes = permission === 'read' ? 4_000_000 : 10_000_000,
): JsonLimits {
  return { bytes, values: mostValues };
}

/**
 * Reads the bytes of a JSON body. Refuses it as soon as it exceeds a limit.
 * @param promised the header `content-length`
 * @throws PlatformError BODY_TOO_LARGE
 */
export async function readJsonBytes(
  stream: Readable,
  limits: JsonLimits,
  promised?: string,
): Promise<Buffer> {
  if (Number(promised ?? 0) > limits.bytes) throw tooManyBytes(limits);
  const counter = countJsonValues();
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
    size += piece.length;
    if (size > limits.bytes) throw tooManyBytes(limits);
    if (counter.add(piece) > limits.values) throw tooManyValues(limits);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function tooManyBytes({ bytes }: JsonLimits): PlatformError {
  const remedy = `must have at most ${bytes} bytes: split the request`;
  return new PlatformError('BODY_TOO_LARGE', { field: 'body', value: 'more', remedy });
}

function tooManyValues({ values }: JsonLimits): PlatformError {
  const remedy = `must have at most ${values} values: split the request`;
  return new PlatformError('BODY_TOO_LARGE', { field: 'body', value: 'more', remedy });
}
