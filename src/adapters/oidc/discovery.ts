import { createRemoteJWKSet, type RemoteJWKSet } from 'jose';
import {
  allowInsecureRequests,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  type Configuration,
  discovery,
  enableNonRepudiationChecks,
  None,
} from 'openid-client';
import type { Clock } from '../../kernel/clock.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { isLoopback } from '../../kernel/loopback.ts';

interface IssuerAddress {
  /** The issuer's identifier: https://id.example.org/realms/team. Plain http only works for this machine. */
  readonly url: string;
  readonly clientId: string;
  /** Absent: a public client, protected by PKCE only. */
  readonly clientSecret?: string | undefined;
}

export interface DiscoveryOptions extends IssuerAddress {
  readonly now: Clock;
  /** Milliseconds before we retry an issuer that did not respond. @default 1000 */
  readonly retryAfter?: number;
  /** Milliseconds before the keys are fetched again because of a token with an unknown key. @default 10000 */
  readonly keysKept?: number;
}

/** An issuer's metadata, and its keys, which are fetched when tokens need them. */
export interface Discovered {
  readonly configuration: Configuration;
  readonly keys: RemoteJWKSet;
}

const timeoutSeconds = 5;

/**
 * Reads an issuer's metadata (OpenID Connect Discovery 1.0) on the first call and caches them; after a failure, a later call
 * tries again.
 * @returns a function that throws PlatformError NOT_READY while the issuer does not respond, or not as an issuer should
 */
export function openDiscovery(options: DiscoveryOptions): () => Promise<Discovered> {
  const { now, retryAfter = 1000 } = options;
  let found: Promise<Discovered> | undefined;
  let failure: { readonly error: unknown; readonly until: number } | undefined;
  return () => {
    if (failure && now() < failure.until) return Promise.reject(failure.error);
    found ??= discover(options).catch((cause: unknown) => {
      const error = unreachable(options.url, cause);
      found = undefined;
      failure = { error, until: now() + retryAfter };
      throw error;
    });
    return found;
  };
}

async function discover({
  url,
  clientId,
  clientSecret,
  keysKept = 10_000,
}: DiscoveryOptions): Promise<Discovered> {
  const address = new URL(url);
  const plain = address.protocol === 'http:' && isLoopback(address.hostname);
  const configuration = await discovery(address, clientId, undefined, authentication(clientSecret), {
    execute: [enableNonRepudiationChecks, ...(plain ? [allowInsecureRequests] : [])],
    timeout: timeoutSeconds,
  });
  const { jwks_uri: keysAddress } = configuration.serverMetadata();
  if (keysAddress === undefined) throw new TypeError('its metadata name no jwks_uri');
  const keysUrl = new URL(keysAddress);
  if (keysUrl.protocol !== 'https:' && !(plain && isLoopback(keysUrl.hostname)))
    throw new TypeError(`its keys are not at an https address: ${keysAddress}`);
  const keys = createRemoteJWKSet(keysUrl, {
    timeoutDuration: timeoutSeconds * 1000,
    cooldownDuration: keysKept,
  });
  return { configuration, keys };
}

/** How the client authenticates, by the issuer's metadata; `client_secret_basic` if they do not say (RFC 8414). */
function authentication(secret: string | undefined): ClientAuth {
  if (secret === undefined) return None();
  const basic = ClientSecretBasic(secret);
  const post = ClientSecretPost(secret);
  return (server, ...rest) => {
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    return methods.includes('client_secret_basic') ? basic(server, ...rest) : post(server, ...rest);
  };
}

export function unreachable(url: string, cause: unknown): PlatformError {
  return new PlatformError(
    'NOT_READY',
    {
      field: 'issuer',
      value: url,
      remedy: `The sign-in server is not available (${reasonOf(cause)}). Try again shortly.`,
    },
    { cause },
  );
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.cause instanceof Error && cause.cause.message ? cause.cause.message : cause.message;
}
