import type { Clock } from '../kernel/clock.ts';
import { PlatformError } from '../kernel/errors.ts';
import { identityOf, type RoleRule } from './identity.ts';
import type { Issuer, PendingSignIn } from './issuer.ts';
import { openSealing } from './sealing.ts';
import type { Sessions } from './sessions.ts';

/** How a browser signs in: to the issuer and back, by the authorization code flow with PKCE, state and nonce. */
export interface WebSignIn {
  /** @param to the page to return to: a path of this server; otherwise its first page */
  begin(way: {
    readonly redirectUri: string;
    readonly to: string | undefined;
  }): Promise<{ readonly location: string; readonly pending: string }>;
  /**
   * @param pending the value that `begin` gave to the same browser
   * @throws PlatformError UNAUTHENTICATED, NOT_READY
   */
  finish(
    pending: string | undefined,
    callbackUrl: URL,
  ): Promise<{ readonly session: string; readonly to: string }>;
  end(session: string): void;
  /** Where to end the session at the issuer. */
  signOutAddress(): Promise<string | undefined>;
}

/** How long a sign-in may take, in milliseconds. */
export const pendingLifetime = 10 * 60_000;

interface Pending extends PendingSignIn {
  readonly to: string;
}

export function openWebSignIn(options: {
  readonly issuer: Issuer;
  readonly rule: RoleRule;
  readonly sessions: Sessions;
  /** 32 bytes. */
  readonly key: Uint8Array;
  readonly now: Clock;
}): WebSignIn {
  const { issuer, rule, sessions, key, now } = options;
  const sealing = openSealing<Pending>({ key, purpose: `pending ${issuer.url}`, now });
  return {
    async begin({ redirectUri, to }) {
      const { location, pending } = await issuer.begin(redirectUri);
      const kept: Pending = { ...pending, to: ownPath(to) };
      return { location, pending: sealing.seal(kept, now() + pendingLifetime) };
    },
    async finish(text, callbackUrl) {
      const pending = sealing.unseal(text ?? '');
      if (!pending) throw notBegun();
      const claims = await issuer.finish(pending, callbackUrl);
      return { session: sessions.begin(identityOf(claims, rule)), to: pending.to };
    },
    end: (session) => sessions.end(session),
    signOutAddress: () => issuer.signOutAddress(),
  };
}

const here = 'http://here.invalid';

/** A path of this server unchanged; '/' for anything else, so that no link redirects to another server. */
export function ownPath(to: string | undefined): string {
  if (to?.[0] !== '/' || !URL.canParse(to, here)) return '/';
  const { origin, pathname, search, hash } = new URL(to, here);
  const isOurs = origin === here && !pathname.startsWith('//') && !/^\/sign-(in|out)\b/.test(pathname);
  return isOurs ? `${pathname}${search}${hash}` : '/';
}

function notBegun(): PlatformError {
  return new PlatformError('UNAUTHENTICATED', {
    field: 'sign-in',
    value: 'not started in this browser, or too long ago',
    remedy: 'Start the sign-in again.',
  });
}
