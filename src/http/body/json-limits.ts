import type { Readable } from 'node:stream';
import { PlatformError } from '../../kernel/errors.ts';
import { countJsonValues, type JsonSize } from './json-values.ts';

/** The limits of a JSON body. They keep parsing short. */
export interface JsonLimits {
  readonly bytes: number;
  readonly values: number;
}

/** Enough for every request of MLflow's own clients; parsing that many takes tens of milliseconds. */
const mostValues = 20_000;

/** Code that walks a value by recursion needs a stack: no client nests as deep. */
const deepest = 200;

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
 * @throws PlatformError BODY_TOO_LARGE, or INPUT_INVALID for nesting deeper than 200
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
    checkSize(counter.add(piece), limits, 'body');
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/**
 * Checks a text of a request before it is parsed as JSON: to the limits of its body it is one value.
 * @throws PlatformError BODY_TOO_LARGE, or INPUT_INVALID for nesting deeper than 200
 */
export function checkJsonText(text: string, field: string): void {
  checkSize(countJsonValues().add(Buffer.from(text)), { values: mostValues }, field);
}

function checkSize({ values, depth }: JsonSize, limits: Pick<JsonLimits, 'values'>, field: string): void {
  if (values > limits.values) throw tooManyValues(limits, field);
  if (depth > deepest) throw tooDeep(field);
}

function tooManyBytes({ bytes }: JsonLimits): PlatformError {
  const remedy = `must have at most ${bytes} bytes: split the request`;
  return new PlatformError('BODY_TOO_LARGE', { field: 'body', value: 'more', remedy });
}

function tooManyValues({ values }: Pick<JsonLimits, 'values'>, field: string): PlatformError {
  const remedy = `must have at most ${values} values: split the request`;
  return new PlatformError('BODY_TOO_LARGE', { field, value: 'more', remedy });
}

function tooDeep(field: string): PlatformError {
  const remedy = `must not nest lists and objects deeper than ${deepest}`;
  return new PlatformError('INPUT_INVALID', { field, value: 'deeper', remedy });
}
