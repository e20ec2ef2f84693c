import type { FastifyRequest } from 'fastify';
import { PlatformError } from '../../kernel/errors.ts';

const loopback = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;

/**
 * A page elsewhere must not talk to a server on this machine: a name that is not this machine's is refused (DNS
 * rebinding), and so is what another site's page sends.
 * @throws PlatformError INPUT_INVALID
 */
export function guardLoopback({ headers }: FastifyRequest): void {
  const host = headers.host ?? '';
  if (!loopback.test(host))
    throw new PlatformError('INPUT_INVALID', {
      field: 'Host',
      value: host,
      remedy: 'This server answers on localhost and 127.0.0.1 only.',
    });
  const { origin } = headers;
  if (origin !== undefined && origin !== `http://${host}`)
    throw new PlatformError('INPUT_INVALID', {
      field: 'Origin',
      value: origin,
      remedy: 'Pages of another site may not call this server.',
    });
}
