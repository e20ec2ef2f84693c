import { createHash, timingSafeEqual } from 'node:crypto';
import type { Permission } from './permission.ts';
import type { Role } from './roles.ts';

/** Who asks. */
export interface Actor {
  /** Absent where nobody signs in. */
  readonly name?: string;
  /** Whose rate limit counts: a token or an account, under whatever name it comes. Absent where nobody signs in. */
  readonly key?: string;
  /** Absent for whoever has the admin token. */
  readonly roles?: readonly Role[];
  readonly may: (permission: Permission) => boolean;
}

/** What a request has to tell who sent it. */
export interface Credentials {
  /** The `Authorization` header. */
  readonly authorization?: string | undefined;
  /** What the browser keeps of its sign-in. */
  readonly session?: string | undefined;
}

/** Tells who asks. */
export interface SignIn {
  /** The `WWW-Authenticate` header (RFC 9110) for whoever is not known. */
  readonly challenge: string;
  /** Undefined for nobody that is known. @throws PlatformError NOT_READY when that cannot be found out just now */
  identify(credentials: Credentials): Actor | undefined | Promise<Actor | undefined>;
}

/** On this machine alone nobody signs in: whoever reaches the server is its owner. */
export const allowAnonymous: SignIn = { challenge: '', identify: () => ({ may: () => true }) };

/** One token that may do everything, as a bearer token or as the password of any user, as MLflow's client sends them. */
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

/** Asks one after the other; the last says how to sign in. */
export function firstOf(signIns: readonly [SignIn, ...SignIn[]]): SignIn {
  return {
    challenge: signIns.at(-1)?.challenge ?? '',
    async identify(credentials) {
      for (const signIn of signIns) {
        const known = await signIn.identify(credentials);
        if (known) return known;
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

/** Of one length, so that comparing takes the same time for every guess. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
