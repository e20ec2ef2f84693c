import { createHmac, createPublicKey } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Issuer } from '../../access/issuer.ts';
import { openIssuer, type IssuerOptions } from './issuer.ts';
import { openBrowser } from './browser.fixture.ts';
import {
  clientId,
  clientSecret,
  type OidcProvider,
  openProvider,
  publicClientId,
} from './provider.fixture.ts';

const redirectUri = 'http://127.0.0.1:9/sign-in/callback';
const ada = { email: 'ada@example.org', email_verified: true, groups: ['ml'] };

let provider: OidcProvider;
beforeAll(async () => {
  provider = await openProvider({ accounts: { ada }, redirectUris: [redirectUri] });
});
afterAll(() => provider[Symbol.asyncDispose]());

function issuerOf(change: Partial<IssuerOptions> = {}): Issuer {
  return openIssuer({
    url: provider.url,
    clientId,
    clientSecret,
    audience: clientId,
    rolesClaim: 'groups',
    now: Date.now,
    retryAfter: 0,
    keysKept: 0,
    ...change,
  });
}

const seconds = (): number => Math.floor(Date.now() / 1000);
const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

test('a token that the issuer signed for this server tells its claims', async () => {
  const issuer = issuerOf();
  expect(await issuer.verify(await provider.token({ groups: ['ml'] }))).toMatchObject({
    sub: 'ada',
    groups: ['ml'],
  });
  expect(await issuer.verify(await provider.token({ aud: ['other', clientId] }))).toBeDefined();
  expect(
    await issuer.verify(await provider.token({ iss: `${provider.url}/` })),
    'of another name',
  ).toBeUndefined();
  expect(
    await issuer.verify(await provider.token({ exp: seconds() - 5 })),
    'within the tolerance',
  ).toBeDefined();
});

test.each<[string, Readonly<Record<string, unknown>>]>([
  ['for someone else', { aud: 'another-client' }],
  ['for nobody', { aud: undefined }],
  ['of another issuer', { iss: 'https://id.example.org' }],
  ['of an issuer whose name begins alike', { iss: 'http://127.0.0.1' }],
  ['that is over', { exp: seconds() - 60 }],
  ['that never ends', { exp: undefined }],
  ['that is not valid yet', { nbf: seconds() + 600 }],
  ['of nobody', { sub: undefined }],
])('a token %s is refused', async (_case, claims) => {
  expect(await issuerOf().verify(await provider.token(claims))).toBeUndefined();
});

test('a token that was changed, not signed, or signed by another key is refused', async () => {
  const issuer = issuerOf();
  const good = await provider.token();
  const [header = '', payload = '', signature = ''] = good.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
  const { privateKey } = await generateKeyPair('RS256');
  const byAnother = new SignJWT({ ...claims }).setProtectedHeader({ alg: 'RS256', kid: 'first' });
  const keys = (await (await fetch(`${provider.url}/jwks`)).json()) as { readonly keys: readonly object[] };
  const publicPem = createPublicKey({ key: { ...keys.keys[0] }, format: 'jwk' }).export({
    format: 'pem',
    type: 'spki',
  });
  const symmetric = `${part({ alg: 'HS256', kid: 'first' })}.${payload}`;
  const confused = createHmac('sha256', publicPem).update(symmetric).digest('base64url');
  for (const [name, token] of [
    ['claims of its own', `${header}.${part({ ...claims, sub: 'eve' })}.${signature}`],
    ['no signature', `${header}.${payload}.`],
    ['alg none', `${part({ alg: 'none' })}.${payload}.`],
    ['alg None', `${part({ alg: 'None' })}.${payload}.${signature}`],
    ['the public key as a secret', `${symmetric}.${confused}`],
    ['another key', await byAnother.sign(privateKey)],
    ['a key that came with it', `${part({ alg: 'RS256', jwk: keys.keys[0] })}.${payload}.${signature}x`],
    ['no token at all', 'secret'],
    ['dots', '..'],
  ] as const)
    expect([name, await issuer.verify(token)]).toEqual([name, undefined]);
  expect(await issuer.verify(good), 'the good one still is').toBeDefined();
});

test('after the issuer took other keys, its new tokens are good and the old ones are not', async () => {
  const issuer = issuerOf();
  const before = await provider.token();
  expect(await issuer.verify(before)).toBeDefined();
  await provider.rotate();
  expect(await issuer.verify(await provider.token())).toBeDefined();
  expect(await issuer.verify(before)).toBeUndefined();
});

test('while the issuer does not answer nobody is known, and it is found again when it does', async () => {
  const issuer = issuerOf();
  const token = await provider.token();
  await provider.stop();
  for (const asked of [() => issuer.verify(token), () => issuer.begin(redirectUri), () => issuer.reach()])
    await expect(asked()).rejects.toMatchObject({ code: 'NOT_READY', detail: { value: provider.url } });
  expect(
    await issuer.verify('no token of anybody'),
    'what is no token of it needs no answer',
  ).toBeUndefined();
  await provider.start();
  expect(await issuer.verify(token)).toMatchObject({ sub: 'ada' });
  await provider.stop();
  await expect(issuerOf({ keysKept: 60_000 }).verify(token)).rejects.toMatchObject({ code: 'NOT_READY' });
  await provider.start();
});

async function serve(handler: RequestListener): Promise<string> {
  const server = createServer(handler).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('an issuer that fails is not asked again at once', async () => {
  let asked = 0;
  const url = await serve((_request, response) => {
    asked++;
    response.writeHead(500).end();
  });
  let now = 1_000_000;
  const issuer = issuerOf({ url, now: () => now, retryAfter: 1000 });
  for (let times = 0; times < 3; times++)
    await expect(issuer.reach()).rejects.toMatchObject({ code: 'NOT_READY' });
  expect(asked).toBe(1);
  now += 1000;
  await expect(issuer.reach()).rejects.toMatchObject({ code: 'NOT_READY' });
  expect(asked).toBe(2);
});

test.each([
  [
    'that calls itself otherwise',
    (url: string) => ({ issuer: 'https://id.example.org', jwks_uri: `${url}/keys` }),
  ],
  [
    'whose keys are elsewhere without TLS',
    (url: string) => ({ issuer: url, jwks_uri: 'http://id.example.org/keys' }),
  ],
  ['without keys', (url: string) => ({ issuer: url })],
])('an issuer %s is not believed', async (_case, metadataOf) => {
  const url = await serve(({ headers }, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(metadataOf(`http://${headers.host}`)));
  });
  await expect(issuerOf({ url }).reach()).rejects.toMatchObject({ code: 'NOT_READY' });
});

test.each([
  ['with a secret', {}],
  ['as a public client', { clientId: publicClientId, clientSecret: undefined, audience: publicClientId }],
])('a browser signs in at the issuer and comes back with what it says, %s', async (_case, change) => {
  provider.signInAs('ada');
  const issuer = issuerOf(change);
  const { location, pending } = await issuer.begin(redirectUri);
  const asked = new URL(location).searchParams;
  expect(Object.fromEntries(asked)).toMatchObject({
    response_type: 'code',
    scope: 'openid profile email',
    code_challenge_method: 'S256',
    state: pending.state,
    nonce: pending.nonce,
  });
  expect(location).not.toContain(pending.verifier);
  const callbackUrl = await openBrowser().follow(location, redirectUri);
  expect(await issuer.finish(pending, callbackUrl)).toMatchObject({ sub: 'ada', ...ada });
  await expect(issuer.finish(pending, callbackUrl), 'a code is good once').rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
  });
});

test('what a sign-in comes back with must fit what began it', async () => {
  provider.signInAs('ada');
  const issuer = issuerOf();
  for (const change of ['state', 'nonce', 'verifier'] as const) {
    const { location, pending } = await issuer.begin(redirectUri);
    const callbackUrl = await openBrowser().follow(location, redirectUri);
    const another = (await issuer.begin(redirectUri)).pending;
    const wrong = { ...pending, [change]: another[change] };
    await expect(issuer.finish(wrong, callbackUrl)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  }
});

test('a person whom the issuer refuses is not signed in', async () => {
  provider.signInAs(undefined);
  const issuer = issuerOf();
  const { location, pending } = await issuer.begin(redirectUri);
  const callbackUrl = await openBrowser().follow(location, redirectUri);
  expect(callbackUrl.searchParams.get('error')).toBe('access_denied');
  await expect(issuer.finish(pending, callbackUrl)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});

test('roles that the ID token does not tell are asked for', async () => {
  await using other = await openProvider({
    accounts: { ada },
    redirectUris: [redirectUri],
    claimsInToken: false,
  });
  other.signInAs('ada');
  const issuer = issuerOf({ url: other.url });
  const { location, pending } = await issuer.begin(redirectUri);
  expect(await issuer.finish(pending, await openBrowser().follow(location, redirectUri))).toMatchObject({
    sub: 'ada',
    groups: ['ml'],
  });
});
