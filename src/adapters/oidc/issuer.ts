import { decodeJwt, errors, jwtVerify } from 'jose';
import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  type Configuration,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  ResponseBodyError,
} from 'openid-client';
import { type Claims, claimAt } from '../../access/identity.ts';
import type { Issuer, PendingSignIn } from '../../access/issuer.ts';
import { formatCause, PlatformError } from '../../kernel/errors.ts';
import { type Discovered, type DiscoveryOptions, openDiscovery, unreachable } from './discovery.ts';

export interface IssuerOptions extends DiscoveryOptions {
  /** The audience (`aud`) that a bearer token must have. */
  readonly audience: string;
  /** The claim with the roles; if the token of a sign-in lacks it, the issuer's userinfo is asked. */
  readonly rolesClaim: string;
}

/** Signatures with a key that only the issuer has: no `none`, and no shared secret. */
const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'Ed25519',
  'EdDSA',
];
/** The allowed difference between the issuer's clock and ours. */
const toleranceSeconds = 30;

/** An OpenID provider, by openid-client (sign-in of browsers) and jose (bearer tokens). It is contacted only when needed. */
export function openIssuer(options: IssuerOptions): Issuer {
  const { url, now } = options;
  const discovered = openDiscovery(options);
  return {
    url,
    async reach() {
      await discovered();
    },
    async verify(token) {
      if (!isFrom(url, token)) return undefined;
      return verified(token, await discovered(), options);
    },
    async begin(redirectUri) {
      const { configuration } = await discovered();
      const pending = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() };
      const location = buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope: scopeOf(configuration),
        state: pending.state,
        nonce: pending.nonce,
        code_challenge: await calculatePKCECodeChallenge(pending.verifier),
        code_challenge_method: 'S256',
      });
      return { location: location.href, pending };
    },
    async finish(pending, callbackUrl) {
      const { configuration } = await discovered();
      try {
        return await claimsOf(configuration, pending, { callbackUrl, rolesClaim: options.rolesClaim });
      } catch (cause) {
        throw isOutage(cause) ? unreachable(url, cause) : notSignedIn(cause);
      }
    },
    async signOutAddress() {
      return (await discovered()).configuration.serverMetadata().end_session_endpoint;
    },
  };

  async function verified(
    token: string,
    { configuration, keys }: Discovered,
    { audience }: IssuerOptions,
  ): Promise<Claims | undefined> {
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer: configuration.serverMetadata().issuer,
        audience,
        algorithms,
        clockTolerance: toleranceSeconds,
        requiredClaims: ['exp', 'sub'],
        currentDate: new Date(now()),
      });
      return payload;
    } catch (cause) {
      if (isRefusal(cause)) return undefined;
      throw unreachable(url, cause);
    }
  }
}

/** The unverified issuer of a token: only a token that names our issuer is worth verifying. */
function isFrom(url: string, token: string): boolean {
  try {
    const { iss } = decodeJwt(token);
    return iss?.replace(/\/$/, '') === url.replace(/\/$/, '');
  } catch {
    return false;
  }
}

/** Whether the token is invalid, as opposed to keys that cannot be fetched. */
function isRefusal(error: unknown): boolean {
  return (
    error instanceof errors.JOSEError &&
    !(error instanceof errors.JWKSTimeout) &&
    !(error instanceof errors.JWKSInvalid) &&
    error.code !== errors.JOSEError.code
  );
}

async function claimsOf(
  configuration: Configuration,
  pending: PendingSignIn,
  { callbackUrl, rolesClaim }: { readonly callbackUrl: URL; readonly rolesClaim: string },
): Promise<Claims> {
  const tokens = await authorizationCodeGrant(configuration, callbackUrl, {
    pkceCodeVerifier: pending.verifier,
    expectedState: pending.state,
    expectedNonce: pending.nonce,
    idTokenExpected: true,
  });
  const claims: Claims = { ...tokens.claims() };
  const { userinfo_endpoint: more } = configuration.serverMetadata();
  if (claimAt(claims, rolesClaim) !== undefined || more === undefined) return claims;
  return { ...(await fetchUserInfo(configuration, tokens.access_token, String(claims['sub']))), ...claims };
}

/** `groups` is a scope of some issuers, and an error for others. */
function scopeOf(configuration: Configuration): string {
  const { scopes_supported: supported = [] } = configuration.serverMetadata();
  return ['openid', 'profile', 'email', ...(supported.includes('groups') ? ['groups'] : [])].join(' ');
}

function isOutage(error: unknown): boolean {
  if (error instanceof ResponseBodyError) return error.status >= 500;
  const { code } = error as { readonly code?: unknown };
  const unanswered = ['OAUTH_TIMEOUT', 'OAUTH_RESPONSE_IS_NOT_CONFORM', 'OAUTH_RESPONSE_IS_NOT_JSON'];
  return error instanceof TypeError || unanswered.includes(String(code));
}

function notSignedIn(cause: unknown): PlatformError {
  return new PlatformError(
    'UNAUTHENTICATED',
    {
      field: 'sign-in',
      value: formatCause(cause),
      remedy: 'Start the sign-in again.',
    },
    { cause },
  );
}
