import type { Readable } from 'node:stream';
import { PlatformError } from '../../kernel/errors.ts';
import { countJsonValues } from './json-values.ts';

/** What a JSON body may hold. Parsing stays short because a body has few values or few bytes. */
export interface JsonLimits {
  readonly bytes: number;
  readonly values: number;
}

/** Enough for every request of MLflow's own clients; parsing so many takes some tens of milliseconds. */
const mostValues = 20_000;

/** The limits of a route. @param bytes @default 4 MB for a route that only reads, 10 MB for others */
export function jsonLimits(
  permission: string,
  bytes = permission === 'read' ? 4_000_000 : 10_000_000,
): JsonLimits {
  return { bytes, values: mostValues };
}

/**
 * The bytes of a JSON body. A body that exceeds a limit is refused as soon as it does, and the rest is not kept.
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
  const remedy = `must have at most ${bytes} bytes: send it in parts`;
  return new PlatformError('BODY_TOO_LARGE', { field: 'body', value: 'more', remedy });
}

function tooManyValues({ values }: JsonLimits): PlatformError {
  const remedy = `must have at most ${values} values: send it in parts`;
  return new PlatformError('BODY_TOO_LARGE', { field: 'body', value: 'more', remedy });
}
