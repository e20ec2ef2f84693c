import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { Provider } from 'oidc-provider';

/** Someone who has an account at the provider. */
export interface Account {
  readonly email: string;
  readonly email_verified?: boolean;
  readonly groups?: readonly string[];
}

export interface OidcProvider extends AsyncDisposable {
  readonly url: string;
  /** The person who signs in from now on; undefined refuses. */
  signInAs(subject: string | undefined): void;
  /** A token as the provider would sign it; members of `claims` that are undefined are left out. */
  token(claims?: Readonly<Record<string, unknown>>): Promise<string>;
  /** Takes other keys at the same address. */
  rotate(): Promise<void>;
  /** Answers nobody until `start`. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

export const clientId = 'modelyard';
export const clientSecret = 'a-secret-of-the-tests';
export const publicClientId = 'modelyard-public';

/** A real OpenID provider on this machine, at which everyone signs in without being asked anything. */
export async function openProvider(options: {
  readonly accounts: Readonly<Record<string, Account>>;
  readonly redirectUris: readonly string[];
  /** Whether ID tokens have the claims, or only its UserInfo endpoint. @default true */
  readonly claimsInToken?: boolean;
}): Promise<OidcProvider> {
  let subject: string | undefined;
  let key = await signingKey('first');
  let server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  await closed(server);
  const start = async (): Promise<void> => {
    server = createServer(handlerOf(providerOf({ ...options, url, key }), () => subject));
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  await start();
  return {
    url,
    signInAs: (next) => void (subject = next),
    token(claims = {}) {
      const now = Math.floor(Date.now() / 1000);
      const payload = { iss: url, aud: clientId, sub: 'ada', exp: now + 600, iat: now, ...claims };
      const header = { alg: 'RS256', kid: key.name };
      return new SignJWT(payload as JWTPayload).setProtectedHeader(header).sign(key.privateKey);
    },
    async rotate() {
      await closed(server);
      key = await signingKey(`${key.name} again`);
      await start();
    },
    stop: () => closed(server),
    start,
    [Symbol.asyncDispose]: () => closed(server),
  };
}

type SigningKey = Awaited<ReturnType<typeof signingKey>>;

async function signingKey(name: string) {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return { name, privateKey, jwk: { ...(await exportJWK(privateKey)), kid: name, use: 'sig', alg: 'RS256' } };
}

interface ProviderOptions {
  readonly url: string;
  readonly key: SigningKey;
  readonly accounts: Readonly<Record<string, Account>>;
  readonly redirectUris: readonly string[];
  readonly claimsInToken?: boolean;
}

function providerOf({ url, key, accounts, redirectUris, claimsInToken = true }: ProviderOptions): Provider {
  const client = {
    redirect_uris: [...redirectUris],
    grant_types: ['authorization_code'],
    response_types: ['code' as const],
  };
  return new Provider(url, {
    jwks: { keys: [key.jwk] },
    cookies: { keys: ['a key of the tests'] },
    clients: [
      { ...client, client_id: clientId, client_secret: clientSecret },
      { ...client, client_id: publicClientId, token_endpoint_auth_method: 'none' },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['groups'] },
    conformIdTokenClaims: !claimsInToken,
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true } },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...accounts[id] }) }),
    async loadExistingGrant({ oidc }) {
      const grant = new oidc.provider.Grant({
        clientId: oidc.client?.clientId ?? '',
        accountId: oidc.session?.accountId ?? '',
      });
      grant.addOIDCScope('openid email profile');
      await grant.save();
      return grant;
    },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    ttl: {
      AccessToken: 600,
      AuthorizationCode: 60,
      Grant: 600,
      IdToken: 600,
      Interaction: 600,
      Session: 600,
    },
  });
}

/** Signs in the next browser without a form. */
function handlerOf(
  provider: Provider,
  subject: () => string | undefined,
): Parameters<typeof createServer>[1] {
  const handle = provider.callback();
  return (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return void handle(request, response);
    const accountId = subject();
    const result = accountId === undefined ? { error: 'access_denied' } : { login: { accountId } };
    void provider.interactionFinished(request, response, result);
  };
}

async function closed(server: Server): Promise<void> {
  if (!server.listening) return;
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
}
