import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Actor, Credentials, SignIn } from '../../access/sign-in.ts';
import { isIP } from 'node:net';
import { PlatformError } from '../../kernel/errors.ts';
import type { HostRule } from './host-rule.ts';
import type { SignInCookies } from './sign-in-cookies.ts';

const probed: ReadonlySet<string> = new Set(['/health', '/ready', '/version']);
const loopback = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;

/**
 * Protects against pages of other sites, which can reach the server through their reader's browser: refuses foreign host names
 * (DNS rebinding) and foreign origins. Probes may use any address, since their responses are public. So may a scraper of
 * `/metrics` that sends a token and uses an IP address, as Prometheus does with pods: a rebinding page can do neither.
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
      remedy: `This server accepts ${['localhost', '127.0.0.1', ...hosts.entries].join(', ')}. Add other names or address ranges to MODELYARD_HOSTS.`,
    });
  const { origin } = headers;
  // Under another name, a proxy in front of the server may speak TLS.
  const ours = [`http://${host}`, ...(isHere ? [] : [`https://${host}`])];
  if (origin !== undefined && !ours.includes(origin))
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

/** With two names, a proxy may have checked the other one (RFC 9112, 3.2). */
function isNamedOnce(rawHeaders: readonly string[]): boolean {
  return rawHeaders.filter((text, index) => index % 2 === 0 && text.toLowerCase() === 'host').length === 1;
}

/** The sender of a request. */
export function credentialsOf({ headers }: FastifyRequest, cookies: SignInCookies): Credentials {
  return { authorization: headers.authorization, session: cookies.session(headers.cookie) };
}

/** How the server identifies the sender of a request. */
export interface CallerCheck {
  readonly signIn: SignIn;
  /** A request over https has other cookies. */
  readonly cookiesOf: (request: FastifyRequest) => SignInCookies;
}

/**
 * Lets a request pass if its sender may do what the route declares, and stores the sender; an unknown address needs no
 * permission.
 * @throws PlatformError UNAUTHENTICATED; ROUTE_NOT_FOUND for a forbidden route, as if it did not exist; NOT_READY if the
 * sender cannot be checked now
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

/** Refuses an unknown caller, with the challenge in the header of the response. */
export function unknownCaller(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  { challenge }: SignIn,
): PlatformError {
  void reply.header('www-authenticate', challenge);
  return new PlatformError('UNAUTHENTICATED', {
    field: 'Authorization',
    value: headers.authorization === undefined ? undefined : 'unknown',
    remedy:
      'Send a token as a bearer token, the admin token also as the password of any user, or sign in at /sign-in.',
  });
}

function notForThem({ method, url }: FastifyRequest, { roles }: Actor): PlatformError {
  const held = roles?.length === 0 ? 'you have no role here' : `your roles are ${roles?.join(', ') ?? 'all'}`;
  return new PlatformError('ROUTE_NOT_FOUND', {
    field: 'address',
    value: `${method} ${url}`,
    remedy: `The address does not exist, or your role does not allow it: ${held}.`,
  });
}

/**
 * A browser sends its session with every request, so a request that changes something must have a page of this server as its
 * `Origin`, which `guardHost` has checked.
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

/** A server with a route without a permission does not start. */
export function requirePermissions(server: FastifyInstance): void {
  server.addHook('onRoute', ({ url, config }) => {
    if (config?.permission) return;
    throw new PlatformError('CONFIG_INVALID', {
      field: 'route',
      value: url,
      remedy: 'Every route must declare the permission that it needs.',
    });
  });
}
