import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Actor, Credentials, SignIn } from '../../access/sign-in.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { sessionIn } from './sign-in-cookies.ts';

const probed: ReadonlySet<string> = new Set(['/health', '/ready', '/version']);
const loopback = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;

/**
 * A page elsewhere must not talk to a server that its reader can reach: a name that is not this server's is refused (DNS
 * rebinding), and so is what another site's page sends.
 * What probes ask, by whatever address they have, tells nobody anything.
 * @param names besides this machine's own, without ports
 * @throws PlatformError CALLER_REFUSED; INPUT_INVALID for a request that does not say once whom it asks
 */
export function guardHost({ headers, raw, routeOptions }: FastifyRequest, names: readonly string[]): void {
  if (probed.has(routeOptions.url ?? '')) return;
  if (!isNamedOnce(raw.rawHeaders))
    throw new PlatformError('INPUT_INVALID', {
      field: 'Host',
      value: headers.host,
      remedy: 'Send this header once.',
    });
  const { host = '' } = headers;
  const isHere = loopback.test(host);
  if (!isHere && !names.includes(host.replace(/:\d+$/, '').toLowerCase()))
    throw new PlatformError('CALLER_REFUSED', {
      field: 'Host',
      value: host,
      remedy: `This server answers to ${['localhost', '127.0.0.1', ...names].join(', ')}; name others in MODELYARD_HOSTS.`,
    });
  const { origin } = headers;
  // Under another name the server may stand behind a proxy that speaks TLS.
  const own = [`http://${host}`, ...(isHere ? [] : [`https://${host}`])];
  if (origin !== undefined && !own.includes(origin))
    throw new PlatformError('CALLER_REFUSED', {
      field: 'Origin',
      value: origin,
      remedy: 'Pages of another site may not call this server.',
    });
}

/** With two names, whoever stands before the server may have gone by the other one (RFC 9112, 3.2). */
function isNamedOnce(rawHeaders: readonly string[]): boolean {
  return rawHeaders.filter((text, place) => place % 2 === 0 && text.toLowerCase() === 'host').length === 1;
}

/** What a request has to tell who sent it. */
export function credentialsOf({ headers }: FastifyRequest): Credentials {
  return { authorization: headers.authorization, session: sessionIn(headers.cookie) };
}

/**
 * Lets a request pass that may do what its route declares, and notes who sent it; an address that nobody serves needs
 * nothing.
 * @throws PlatformError UNAUTHENTICATED; ROUTE_NOT_FOUND for what the caller may not do, as if it were not there;
 * NOT_READY when it cannot be found out who asks
 */
export async function guardPermission(
  request: FastifyRequest,
  reply: FastifyReply,
  signIn: SignIn,
): Promise<void> {
  const { permission } = request.routeOptions.config;
  if (permission === 'public' || permission === undefined) return;
  guardSession(request);
  const actor = await signIn.identify(credentialsOf(request));
  if (!actor) throw unknownCaller(request, reply, signIn);
  if (!actor.may(permission)) throw notForThem(request, actor);
  request.actor = actor;
}

/** Refuses whoever is not known, and says in the head of the answer how to sign in. */
export function unknownCaller(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  { challenge }: SignIn,
): PlatformError {
  void reply.header('www-authenticate', challenge);
  return new PlatformError('UNAUTHENTICATED', {
    field: 'Authorization',
    value: headers.authorization === undefined ? undefined : 'not known here',
    remedy:
      'Send a token as a bearer token, the admin token also as the password of any user, or sign in at /sign-in.',
  });
}

function notForThem({ method, url }: FastifyRequest, { roles }: Actor): PlatformError {
  const held = roles?.length === 0 ? 'you have no role here' : `your roles are ${roles?.join(', ') ?? 'all'}`;
  return new PlatformError('ROUTE_NOT_FOUND', {
    field: 'address',
    value: `${method} ${url}`,
    remedy: `There is no such address, or not for you: ${held}.`,
  });
}

/**
 * A session goes along with whatever its browser sends, so what changes something must say that it comes from a page of
 * this server; `guardHost` has looked at what it says.
 * @throws PlatformError INPUT_INVALID
 */
export function guardSession({ method, headers }: FastifyRequest): void {
  const byToken = headers.authorization !== undefined || sessionIn(headers.cookie) === undefined;
  if (byToken || method === 'GET' || method === 'HEAD' || headers.origin !== undefined) return;
  throw new PlatformError('INPUT_INVALID', {
    field: 'Origin',
    value: undefined,
    remedy:
      'Who is signed in by a cookie changes things from the pages of this server alone; send a token instead.',
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
