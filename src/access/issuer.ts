import type { Claims } from './identity.ts';

/** The state of a sign-in between the redirect to the issuer and the callback. */
export interface PendingSignIn {
  readonly state: string;
  readonly nonce: string;
  /** Of PKCE (RFC 7636). */
  readonly verifier: string;
}

/** An OpenID provider. Every method throws PlatformError NOT_READY while it does not respond, and works again when it does. */
export interface Issuer {
  readonly url: string;
  /** Checks that it responds. */
  reach(): Promise<void>;
  /** The claims of a token that it issued for this server; undefined for any other text. */
  verify(token: string): Promise<Claims | undefined>;
  /** Where a browser goes to sign in. */
  begin(redirectUri: string): Promise<{ readonly location: string; readonly pending: PendingSignIn }>;
  /**
   * @param callbackUrl the address to which the browser returned
   * @throws PlatformError UNAUTHENTICATED if nobody signed in, or if the callback does not match `pending`
   */
  finish(pending: PendingSignIn, callbackUrl: URL): Promise<Claims>;
  /** Where a browser ends its session at the issuer, if the issuer supports it. */
  signOutAddress(): Promise<string | undefined>;
}
