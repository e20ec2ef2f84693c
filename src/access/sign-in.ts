import { createHash, timingSafeEqual } from 'node:crypto';
import type { Permission } from './permission.ts';
import type { Role } from './roles.ts';

/** The caller of a request. */
export interface Actor {
  /** Absent if nobody has to sign in. */
  readonly name?: string;
  /** Identifies the token or account for the rate limit, whatever name it shows. Absent if nobody has to sign in. */
  readonly key?: string;
  /** Absent for the holder of the admin token. */
  readonly roles?: readonly Role[];
  readonly may: (permission: Permission) => boolean;
}

/** The credentials of a request. */
export interface Credentials {
  /** The `Authorization` header. */
  readonly authorization?: string | undefined;
  /** The session that the browser stores. */
  readonly session?: string | undefined;
}

/** Identifies callers. */
export interface SignIn {
  /** The `WWW-Authenticate` header (RFC 9110) for an unknown caller. */
  readonly challenge: string;
  /** Undefined for an unknown caller. @throws PlatformError NOT_READY if the check is not possible now */
  identify(credentials: Credentials): Actor | undefined | Promise<Actor | undefined>;
}

/** Nobody has to sign in on this machine: every caller is the owner. */
export const allowAnonymous: SignIn = { challenge: '', identify: () => ({ may: () => true }) };

/** One admin token, as a bearer token or as the password of any user, as MLflow's client sends it. */
export function adminSignIn(token: string): SignIn {
  const expected = digest(token);
  return {
    challenge: 'Basic realm="Modelyard"',
    identify({ authorization }) {
      const given = credentialOf(authorization);
      if (!given || !timingSafeEqual(digest(given.secret), expected)) return undefined;
      return { name: given.name, key: 'admin token', may: () => true };
    },
  };
}

/** Tries them in order; the last one provides the challenge. */
export function firstOf(signIns: readonly [SignIn, ...SignIn[]]): SignIn {
  return {
    challenge: signIns.at(-1)?.challenge ?? '',
    async identify(credentials) {
      for (const signIn of signIns) {
        const actor = await signIn.identify(credentials);
        if (actor) return actor;
      }
      return undefined;
    },
  };
}

interface Credential {
  readonly name: string;
  readonly secret: string;
}

function credentialOf(authorization: string | undefined): Credential | undefined {
  const [, scheme = '', value = ''] = /^(basic|bearer) +(\S+)$/i.exec(authorization ?? '') ?? [];
  if (scheme.toLowerCase() === 'bearer') return { name: 'admin', secret: value };
  const [name = '', ...secret] = Buffer.from(value, 'base64').toString('utf8').split(':');
  return scheme === '' || secret.length === 0
    ? undefined
    : { name: name || 'admin', secret: secret.join(':') };
}

/** Hashes have the same length, so a comparison takes the same time for every guess. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
