import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { granted } from '../../access/permission.ts';
import { sessionLifetime } from '../../access/sessions.ts';
import type { SignIn } from '../../access/sign-in.ts';
import { ownPath, pendingLifetime, type WebSignIn } from '../../access/web-sign-in.ts';
import { formatCause, PlatformError } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import { credentialsOf, guardSession, unknownCaller } from './guard.ts';
import type { SignInCookies } from './sign-in-cookies.ts';
import { sendPage } from './sign-in-page.ts';
import { clientOf } from './trusted-proxies.ts';

interface SignInOptions {
  readonly signIn: SignIn;
  readonly cookiesOf: (request: FastifyRequest) => SignInCookies;
  readonly webSignIn?: WebSignIn;
  readonly publicUrl?: string;
  readonly log: Log;
}

const open = { config: { permission: 'public' } } as const;

/**
 * The routes where browsers sign in and out, and learn who they are. Without `webSignIn` the browser itself asks for the token,
 * because of the challenge of `signIn`.
 */
export async function addSignIn(server: FastifyInstance, options: SignInOptions): Promise<void> {
  const { signIn, webSignIn, cookiesOf } = options;
  server.get('/api/caller', open, async (request, reply) => {
    void reply.header('cache-control', 'no-store');
    const actor = await signIn.identify(credentialsOf(request, cookiesOf(request)));
    if (!actor) throw unknownCaller(request, reply, signIn);
    const { name = null, roles = null } = actor;
    return {
      name,
      roles,
      may: granted.filter((permission) => actor.may(permission)),
      canSignOut: webSignIn !== undefined && request.headers.authorization === undefined,
    };
  });
  if (webSignIn) return addWebSignIn(server, webSignIn, options);
  server.get<{ Querystring: { readonly to?: unknown } }>('/sign-in', open, async (request, reply) => {
    const actor = await signIn.identify(credentialsOf(request, cookiesOf(request)));
    if (!actor) throw unknownCaller(request, reply, signIn);
    return reply.redirect(ownPath(textOf(request.query.to)));
  });
}

function addWebSignIn(server: FastifyInstance, web: WebSignIn, options: SignInOptions): void {
  const { publicUrl, cookiesOf } = options;
  const callbackOf = (request: FastifyRequest): string =>
    `${publicUrl ?? `${clientOf(request).secure ? 'https' : 'http'}://${request.headers.host}`}/sign-in/callback`;
  const keep = (reply: FastifyReply, name: 'session' | 'pending', value: string): FastifyReply =>
    reply.header(
      'set-cookie',
      cookiesOf(reply.request).text({
        name,
        value,
        lifetime: name === 'session' ? sessionLifetime : pendingLifetime,
      }),
    );
  server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: 1000 }, (_request, _body, done) =>
      done(null),
    );
    scope.addHook('onRequest', async (_request, reply) => {
      void reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer');
    });
    scope.setErrorHandler((error, _request, reply) => sendFailure(error, reply, options.log));

    scope.get<{ Querystring: { readonly to?: unknown } }>('/sign-in', open, async (request, reply) => {
      const to = textOf(request.query.to);
      const { location, pending } = await web.begin({ redirectUri: callbackOf(request), to });
      return keep(reply, 'pending', pending).redirect(location);
    });
    scope.get('/sign-in/callback', open, async (request, reply) => {
      const callbackUrl = new URL(callbackOf(request));
      callbackUrl.search = request.raw.url?.split('?').slice(1).join('?') ?? '';
      const { session, to } = await web.finish(
        cookiesOf(request).pending(request.headers.cookie),
        callbackUrl,
      );
      keep(reply, 'pending', '');
      return keep(reply, 'session', session).redirect(to);
    });
    scope.post('/sign-out', open, async (request, reply) => {
      const cookies = cookiesOf(request);
      const session = cookies.session(request.headers.cookie);
      guardSession(request, cookies);
      if (session !== undefined) web.end(session);
      return keep(reply, 'session', '').redirect('/sign-out', 303);
    });
    scope.get('/sign-out', open, async (_request, reply) => sendPage(reply, await signedOut(web)));
  });
}

async function signedOut(web: WebSignIn) {
  const address = await web.signOutAddress().catch(() => undefined);
  const links = [{ text: 'Sign in again', to: '/sign-in' }];
  return {
    status: 200,
    title: 'You are signed out',
    text: 'Your session has ended. You may still be signed in with your identity provider.',
    links: address === undefined ? links : [...links, { text: 'Sign out there as well', to: address }],
  };
}

/** The query of a sign-in contains its code, so only the reason is logged. */
function sendFailure(error: unknown, reply: FastifyReply, log: Log): FastifyReply {
  const failure = error instanceof PlatformError ? error : undefined;
  log.warn('a sign-in failed', { error: formatCause(error) });
  const isOut = failure?.code === 'NOT_READY';
  if (isOut) void reply.header('retry-after', '1');
  return sendPage(reply, {
    status: failure?.status ?? 500,
    title: isOut ? 'Sign-in is unavailable' : 'You are not signed in',
    text: isOut
      ? 'The identity provider does not respond. Try again shortly.'
      : 'The sign-in was not completed, was started in another browser, or took too long.',
    links: [{ text: 'Sign in', to: '/sign-in' }],
  });
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
