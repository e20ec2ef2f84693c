import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { SignIn } from '../../access/sign-in.ts';
import { PlatformError } from '../../kernel/errors.ts';

const loopback = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;

/**
 * A page elsewhere must not talk to a server that its reader can reach: a name that is not this server's is refused (DNS
 * rebinding), and so is what another site's page sends.
 * @param names besides this machine's own, without ports
 * @throws PlatformError INPUT_INVALID
 */
export function guardHost({ headers }: FastifyRequest, names: readonly string[]): void {
  const host = headers.host ?? '';
  const isHere = loopback.test(host);
  if (!isHere && !names.includes(host.replace(/:\d+$/, '').toLowerCase()))
    throw new PlatformError('INPUT_INVALID', {
      field: 'Host',
      value: host,
      remedy: `This server answers to ${['localhost', '127.0.0.1', ...names].join(', ')}; name others in MODELYARD_HOSTS.`,
    });
  const { origin } = headers;
  // Under another name the server may stand behind a proxy that speaks TLS.
  const own = [`http://${host}`, ...(isHere ? [] : [`https://${host}`])];
  if (origin !== undefined && !own.includes(origin))
    throw new PlatformError('INPUT_INVALID', {
      field: 'Origin',
      value: origin,
      remedy: 'Pages of another site may not call this server.',
    });
}

/**
 * Lets a request pass that may do what its route declares; an address that nobody serves needs nothing.
 * @throws PlatformError UNAUTHENTICATED; ROUTE_NOT_FOUND for what the caller may not do, as if it were not there
 */
export function guardPermission(request: FastifyRequest, signIn: SignIn): void {
  const { permission } = request.routeOptions.config;
  if (permission === 'public' || permission === undefined) return;
  const actor = signIn.identify(request.headers.authorization);
  if (!actor)
    throw new PlatformError('UNAUTHENTICATED', {
      field: 'Authorization',
      value: request.headers.authorization === undefined ? undefined : 'not known here',
      remedy: 'Send the token as a bearer token, or as the password of any user.',
    });
  if (!actor.may(permission))
    throw new PlatformError('ROUTE_NOT_FOUND', {
      field: 'address',
      value: `${request.method} ${request.url}`,
      remedy: 'There is no such address, or not for you.',
    });
}

/** A server with a route that declares no permission does not start. */
export function requirePermissions(server: FastifyInstance): void {
  server.addHook('onRoute', ({ url, config }) => {
    if (config?.permission) return;
    throw new PlatformError('CONFIG_INVALID', {
      field: 'route',
      value: url,
      remedy: 'Every route declares the permission that it needs.',
    });
  });
}
