import { createHash, timingSafeEqual } from 'node:crypto';
import type { Permission } from './permission.ts';

/** Who asks. */
export interface Actor {
  readonly name: string;
  readonly may: (permission: Permission) => boolean;
}

/** Tells who asks by the `Authorization` header of a request. */
export interface SignIn {
  /** @returns undefined for nobody that is known */
  identify(authorization: string | undefined): Actor | undefined;
}

/** On this machine alone nobody signs in: whoever reaches the server is its owner. */
export const openDoor: SignIn = { identify: () => ({ name: 'owner', may: () => true }) };

/** One token that may do everything, as a bearer token or as the password of any user, as MLflow's client sends them. */
export function adminSignIn(token: string): SignIn {
  const wanted = digest(token);
  return {
    identify(authorization) {
      const given = credentialOf(authorization);
      if (!given || !timingSafeEqual(digest(given.secret), wanted)) return undefined;
      return { name: given.name, may: () => true };
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
