import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { RoleRule } from '../../access/identity.ts';
import type { Issuer } from '../../access/issuer.ts';
import { issuerSignIn } from '../../access/issuer-sign-in.ts';
import { openSessions } from '../../access/sessions.ts';
import { adminSignIn, firstOf, allowAnonymous, type SignIn } from '../../access/sign-in.ts';
import { openWebSignIn, type WebSignIn } from '../../access/web-sign-in.ts';
import { systemClock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import { openKeyFile } from '../../registry/webhooks/key-file.ts';
import type { OidcConfig } from '../config/oidc-config.ts';

export interface SignInOptions {
  readonly adminToken: string | undefined;
  readonly oidc: OidcConfig | undefined;
  readonly stateFolder: string;
  readonly log: Log;
}

/** Who may come in, and how. The server also starts if the issuer does not respond: it is tried again. */
export async function openSignIn(
  options: SignInOptions,
): Promise<{ readonly signIn: SignIn; readonly webSignIn?: WebSignIn }> {
  const { adminToken, oidc, stateFolder, log } = options;
  const byToken = adminToken === undefined ? undefined : adminSignIn(adminToken);
  if (!oidc) return { signIn: byToken ?? allowAnonymous };
  const issuer = await openIssuerOf(oidc);
  issuer.reach().catch((error: unknown) => log.warn('the issuer does not respond', { error: String(error) }));
  const key = await openKeyFile(join(stateFolder, 'sessions.key'));
  const rule: RoleRule = { claim: oidc.claim, roles: oidc.roles };
  const now = systemClock;
  const sessions = openSessions({ key, depends: digestOf(oidc), now });
  const byIssuer = issuerSignIn({ issuer, rule, sessions, now });
  return {
    signIn: byToken ? firstOf([byToken, byIssuer]) : byIssuer,
    webSignIn: openWebSignIn({ issuer, rule, sessions, key, now }),
  };
}

/** Its libraries are only loaded if an issuer is configured. */
export async function openIssuerOf(oidc: OidcConfig): Promise<Issuer> {
  const { openIssuer } = await import('../../adapters/oidc/issuer.ts');
  const { issuer: url, clientId, clientSecret, audience, claim: rolesClaim } = oidc;
  return openIssuer({ url, clientId, clientSecret, audience, rolesClaim, now: systemClock });
}

/** Changes with the issuer, the client and the rules, so that people sign in again. */
function digestOf({ issuer, clientId, claim, roles }: OidcConfig): string {
  return createHash('sha256')
    .update(JSON.stringify([issuer, clientId, claim, [...roles]]))
    .digest('base64url');
}
