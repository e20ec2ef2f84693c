import type { FastifyRequest } from 'fastify';
import { PlatformError } from '../../kernel/errors.ts';

/**
 * Refuses a compressed body. Inflating it would need its own limit, and storing it compressed would return different bytes
 * than the caller sent.
 * @throws PlatformError MEDIA_TYPE_UNSUPPORTED
 */
export function refuseEncodedBody({ headers }: Pick<FastifyRequest, 'headers'>): void {
  if (!hasBody({ headers })) return;
  refuseCoding('Content-Encoding', headers['content-encoding'], 'identity');
  refuseCoding('Transfer-Encoding', headers['transfer-encoding'], 'chunked');
}

/** Whether a request has a body. */
export function hasBody({ headers }: Pick<FastifyRequest, 'headers'>): boolean {
  const { 'content-length': length, 'transfer-encoding': transfer } = headers;
  return transfer !== undefined || (length !== undefined && length !== '0');
}

function refuseCoding(field: string, sent: string | undefined, accepted: string): void {
  if (sent === undefined || sent.trim() === '' || sent.trim().toLowerCase() === accepted) return;
  throw new PlatformError('MEDIA_TYPE_UNSUPPORTED', {
    field,
    value: sent,
    remedy: 'Send the body without compression.',
  });
}

const utf8Names: ReadonlySet<string> = new Set(['utf-8', 'utf8', 'us-ascii', 'ascii']);

/**
 * The text of a JSON body, which is always UTF-8 (RFC 8259).
 * @throws PlatformError INPUT_INVALID for bytes that are not UTF-8; MEDIA_TYPE_UNSUPPORTED for another declared charset
 */
export function jsonBodyText(bytes: Uint8Array, contentType: string | undefined): string {
  for (const [, quoted, plain] of (contentType ?? '').matchAll(
    /;\s*charset\s*=\s*(?:"([^"]*)"|([^\s;]*))/gi,
  )) {
    const charset = quoted ?? plain ?? '';
    if (utf8Names.has(charset.toLowerCase())) continue;
    throw new PlatformError('MEDIA_TYPE_UNSUPPORTED', {
      field: 'charset',
      value: charset,
      remedy: 'Send JSON as UTF-8.',
    });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new PlatformError(
      'INPUT_INVALID',
      { field: 'body', value: 'bytes that are not UTF-8', remedy: 'Send JSON as UTF-8.' },
      { cause: error },
    );
  }
}
