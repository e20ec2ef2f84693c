import type { Claims } from './identity.ts';

/** What a sign-in keeps between the way to the issuer and the way back. */
export interface PendingSignIn {
  readonly state: string;
  readonly nonce: string;
  /** Of PKCE (RFC 7636). */
  readonly verifier: string;
}

/** An OpenID provider. Every method throws PlatformError NOT_READY while it does not answer, and works again when it does. */
export interface Issuer {
  readonly url: string;
  /** Finds out whether it answers. */
  reach(): Promise<void>;
  /** The claims of a token that it gave for this server; undefined for any other text. */
  verify(token: string): Promise<Claims | undefined>;
  /** Where a browser goes to sign in. */
  begin(redirectUri: string): Promise<{ readonly location: string; readonly pending: PendingSignIn }>;
  /**
   * @param answeredAt the address that the browser came back to
   * @throws PlatformError UNAUTHENTICATED where nobody signed in, or not as `pending` says
   */
  finish(pending: PendingSignIn, answeredAt: URL): Promise<Claims>;
  /** Where a browser ends its session at the issuer, if it says so. */
  signOutAddress(): Promise<string | undefined>;
}
