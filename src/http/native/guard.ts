import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Actor, Credentials, SignIn } from '../../access/sign-in.ts';
import { isIP } from 'node:net';
import { PlatformError } from '../../kernel/errors.ts';
import type { HostRule } from './host-rule.ts';
import type { SignInCookies } from './sign-in-cookies.ts';

const probed: ReadonlySet<string> = new Set(['/health', '/ready', '/version']);
const loopback = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;

/**
 * Stops pages of other sites from using a server that their reader can reach: a host name that is not this server's is
 * refused (DNS rebinding), and so is a foreign `Origin`. Probes may use any address, since their answers are public. So
 * may a scraper of `/metrics` that sends a token and calls the server by its IP address, as Prometheus calls a pod: a
 * rebinding page can do neither.
 * @throws PlatformError CALLER_REFUSED; INPUT_INVALID for a request with no `Host` header or several
 */
export function guardHost({ headers, raw, routeOptions }: FastifyRequest, hosts: HostRule): void {
  if (probed.has(routeOptions.url ?? '')) return;
  if (!isNamedOnce(raw.rawHeaders))
    throw new PlatformError('INPUT_INVALID', {
      field: 'Host',
      value: headers.host,
      remedy: 'Send this header once.',
    });
  const { host = '' } = headers;
  const isHere = loopback.test(host);
  const name = nameOf(host);
  const scrapes = routeOptions.url === '/metrics' && headers.authorization !== undefined && isIP(name) !== 0;
  if (!isHere && !scrapes && !hosts.allows(name))
    throw new PlatformError('CALLER_REFUSED', {
      field: 'Host',
      value: host,
      remedy: `This server answers to ${['localhost', '127.0.0.1', ...hosts.entries].join(', ')}. Add other names or address ranges to MODELYARD_HOSTS.`,
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

/** The name or address in a `Host` header, without port and brackets. */
function nameOf(host: string): string {
  return host
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
}

/** With two names, whoever stands before the server may have gone by the other one (RFC 9112, 3.2). */
function isNamedOnce(rawHeaders: readonly string[]): boolean {
  return rawHeaders.filter((text, place) => place % 2 === 0 && text.toLowerCase() === 'host').length === 1;
}

/** What a request says about its sender. */
export function credentialsOf({ headers }: FastifyRequest, cookies: SignInCookies): Credentials {
  return { authorization: headers.authorization, session: cookies.session(headers.cookie) };
}

/** How the server tells who sends a request. */
export interface CallerCheck {
  readonly signIn: SignIn;
  /** A request over https has cookies of its own. */
  readonly cookiesOf: (request: FastifyRequest) => SignInCookies;
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
  { signIn, cookiesOf }: CallerCheck,
): Promise<void> {
  const { permission } = request.routeOptions.config;
  if (permission === 'public' || permission === undefined) return;
  const cookies = cookiesOf(request);
  guardSession(request, cookies);
  const actor = await signIn.identify(credentialsOf(request, cookies));
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
 * A browser sends its session with every request, so a request that changes something must name a page of this server
 * as its `Origin`, which `guardHost` has checked.
 * @throws PlatformError INPUT_INVALID
 */
export function guardSession({ method, headers }: FastifyRequest, cookies: SignInCookies): void {
  const byToken = headers.authorization !== undefined || cookies.session(headers.cookie) === undefined;
  if (byToken || method === 'GET' || method === 'HEAD' || headers.origin !== undefined) return;
  throw new PlatformError('INPUT_INVALID', {
    field: 'Origin',
    value: undefined,
    remedy: "Cookie sessions can only make changes from this server's own pages. Send a token instead.",
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
