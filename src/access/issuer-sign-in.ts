import { createHash } from 'node:crypto';
import type { Clock } from '../kernel/clock.ts';
import { actorOf, type Claims, identityOf, type RoleRule } from './identity.ts';
import type { Issuer } from './issuer.ts';
import type { Sessions } from './sessions.ts';
import type { Actor, SignIn } from './sign-in.ts';

const mostKept = 1000;
/** How long a verified token is trusted without another check, so that we notice a key that the issuer withdrew. */
const believedFor = 5 * 60_000;

/**
 * People whom an issuer knows, by a bearer token of the issuer or by their session. If there is an `Authorization` header,
 * the session is ignored.
 */
export function issuerSignIn(options: {
  readonly issuer: Issuer;
  readonly rule: RoleRule;
  readonly sessions: Sessions;
  readonly now: Clock;
}): SignIn {
  const { issuer, rule, sessions, now } = options;
  const verified = openVerifiedTokens(now);
  return {
    challenge: 'Bearer realm="Modelyard"',
    identify({ authorization, session }) {
      if (authorization === undefined) {
        const identity = session === undefined ? undefined : sessions.find(session);
        return identity && actorOf(identity);
      }
      const [, token] = /^bearer +(\S+)$/i.exec(authorization) ?? [];
      if (token === undefined) return undefined;
      const key = createHash('sha256').update(token).digest('base64');
      return verified.get(key) ?? identifyToken(token, key);
    },
  };

  async function identifyToken(token: string, key: string): Promise<Actor | undefined> {
    const claims = await issuer.verify(token);
    if (!claims) return undefined;
    const actor = actorOf(identityOf(claims, rule));
    verified.keep(key, actor, expiryOf(claims));
    return actor;
  }
}

/** Epoch milliseconds. */
function expiryOf({ exp }: Claims): number {
  return typeof exp === 'number' ? exp * 1000 : 0;
}

interface VerifiedTokens {
  get(key: string): Actor | undefined;
  keep(key: string, actor: Actor, until: number): void;
}

/** The verified tokens, limited in number; the oldest is dropped. */
function openVerifiedTokens(now: Clock): VerifiedTokens {
  const entries = new Map<string, { readonly actor: Actor; readonly until: number }>();
  return {
    get(key) {
      const entry = entries.get(key);
      if (!entry || now() < entry.until) return entry?.actor;
      entries.delete(key);
      return undefined;
    },
    keep(key, actor, until) {
      entries.set(key, { actor, until: Math.min(until, now() + believedFor) });
      const [oldest] = entries.keys();
      if (entries.size > mostKept && oldest !== undefined) entries.delete(oldest);
    },
  };
}
