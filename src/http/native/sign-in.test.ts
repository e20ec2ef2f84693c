import type { FastifyInstance } from 'fastify';
import type { Response } from 'light-my-request';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { RoleRule } from '../../access/identity.ts';
import { granted } from '../../access/permission.ts';
import { issuerSignIn } from '../../access/issuer-sign-in.ts';
import { openSessions, sessionLifetime } from '../../access/sessions.ts';
import { adminSignIn, firstOf } from '../../access/sign-in.ts';
import { openWebSignIn, pendingLifetime } from '../../access/web-sign-in.ts';
import { openBrowser } from '../../adapters/oidc/browser.fixture.ts';
import { openIssuer } from '../../adapters/oidc/issuer.ts';
import {
  clientId,
  clientSecret,
  type OidcProvider,
  openProvider,
} from '../../adapters/oidc/provider.fixture.ts';
import type { Log } from '../../kernel/log.ts';
import { openServer } from './server.fixture.ts';
import type { ServerOptions } from './server.ts';

const local = 'http://localhost:4310';
const published = 'https://models.example.org';
const key = new Uint8Array(32).fill(9);
const rule: RoleRule = { claim: 'groups', roles: new Map([['data', 'contributor']]) };

let provider: OidcProvider;
let now = Date.now();

beforeAll(async () => {
  provider = await openProvider({
    accounts: {
      ada: { email: 'ada@example.org', email_verified: true, groups: ['data'] },
      bob: { email: 'bob@example.org', email_verified: true, groups: ['sales'] },
    },
    redirectUris: [`${local}/sign-in/callback`, `${published}/sign-in/callback`],
  });
});
afterAll(() => provider[Symbol.asyncDispose]());

interface Visitor {
  readonly cookies: Map<string, string>;
  /** What the last answer set, as it stands. */
  setCookies(): readonly string[];
  ask(url: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
  post(url: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
  /** Goes to the issuer and back. @returns the answer to the way back */
  signIn(subject: string | undefined, to?: string): Promise<Response>;
}

interface Opened {
  readonly server: FastifyInstance;
  readonly logged: readonly string[];
  readonly visit: () => Visitor;
}

async function open(change: Partial<ServerOptions> = {}): Promise<Opened> {
  const clock = (): number => now;
  const issuer = openIssuer({
    url: provider.url,
    clientId,
    clientSecret,
    audience: clientId,
    rolesClaim: 'groups',
    now: clock,
    retryAfter: 0,
  });
  const sessions = openSessions({ key, depends: '', now: clock });
  const logged: string[] = [];
  const note: Log['warn'] = (message, fields) => void logged.push(`${message} ${JSON.stringify(fields)}`);
  const server = await openServer({
    log: { debug() {}, info() {}, warn: note, error: note },
    signIn: firstOf([adminSignIn('the-admin-token'), issuerSignIn({ issuer, rule, sessions, now: clock })]),
    webSignIn: openWebSignIn({ issuer, rule, sessions, key, now: clock }),
    ...change,
  });
  onTestFinished(() => server.close());
  const base = change.publicUrl ?? local;
  return { server, logged, visit: () => visitorOf(server, base) };
}

function visitorOf(server: FastifyInstance, base: string): Visitor {
  const { host } = new URL(base);
  const cookies = new Map<string, string>();
  let set: readonly string[] = [];
  const send = async (
    method: 'GET' | 'POST',
    url: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<Response> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await server.inject({ method, url, headers: { host, cookie, ...headers } });
    set = [response.headers['set-cookie'] ?? []].flat();
    for (const each of set) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(each) ?? [];
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    return response;
  };
  const visitor: Visitor = {
    cookies,
    setCookies: () => set,
    ask: (url, headers = {}) => send('GET', url, headers),
    post: (url, headers = {}) => send('POST', url, headers),
    async signIn(subject, to = '/projects/houses') {
      provider.signInAs(subject);
      const begun = await visitor.ask(`/sign-in?to=${encodeURIComponent(to)}`);
      const back = await openBrowser().follow(String(begun.headers.location), `${base}/sign-in/callback`);
      return visitor.ask(`${back.pathname}${back.search}`);
    },
  };
  return visitor;
}

test('a caller who is not signed in is asked for a token, and not by the browser itself', async () => {
  const visitor = (await open()).visit();
  const refused = await visitor.ask('/api/projects');
  expect([refused.statusCode, refused.headers['www-authenticate']]).toEqual([
    401,
    'Bearer realm="Modelyard"',
  ]);
  expect((await visitor.ask('/api/caller')).statusCode).toBe(401);
  expect((await visitor.ask('/projects/houses')).statusCode, 'the pages themselves are no secret').toBe(200);
});

test('a browser signs in, comes back to its page, and is known by its roles', async () => {
  const visitor = (await open()).visit();
  const back = await visitor.signIn('ada', '/projects/houses?task=train');
  expect([back.statusCode, back.headers.location]).toEqual([302, '/projects/houses?task=train']);
  expect(back.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
  expect(visitor.setCookies()).toEqual([
    'modelyard-pending=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax',
    expect.stringMatching(/^modelyard-session=[\w-]+; Path=\/; Max-Age=28800; HttpOnly; SameSite=Lax$/),
  ]);
  expect((await visitor.ask('/api/caller')).json()).toEqual({
    name: 'ada@example.org',
    roles: ['contributor'],
    may: ['read', 'write', 'run', 'predict'],
    canSignOut: true,
  });
  expect((await visitor.ask('/api/projects')).statusCode).toBe(200);
});

test('where browsers come over TLS, cookies do not go without it and stay with this host', async () => {
  const visitor = (await open({ publicUrl: published, hosts: ['models.example.org'] })).visit();
  expect((await visitor.signIn('ada')).statusCode).toBe(302);
  for (const cookie of visitor.setCookies())
    expect(cookie).toMatch(/^__Host-modelyard-\w+=.*; Path=\/; .*HttpOnly; SameSite=Lax; Secure$/);
  expect((await visitor.ask('/api/projects')).statusCode).toBe(200);
});

test('over TLS a session without the prefix __Host- is refused, and over plain http one with it', async () => {
  for (const [publicUrl, prefix, other] of [
    [published, '__Host-modelyard-', 'modelyard-'],
    [undefined, 'modelyard-', '__Host-modelyard-'],
  ] as const) {
    const visitor = (await open({ ...(publicUrl && { publicUrl, hosts: ['models.example.org'] }) })).visit();
    await visitor.signIn('ada');
    const session = visitor.cookies.get(`${prefix}session`) ?? '';
    const statusWith = async (name: string): Promise<number> =>
      (await visitor.ask('/api/projects', { cookie: `${name}session=${session}` })).statusCode;
    expect([publicUrl, await statusWith(prefix), await statusWith(other)]).toEqual([publicUrl, 200, 401]);
  }
});

test('a person without a role is known, and may do nothing', async () => {
  const visitor = (await open()).visit();
  await visitor.signIn('bob');
  expect((await visitor.ask('/api/caller')).json()).toMatchObject({
    name: 'bob@example.org',
    roles: [],
    may: [],
  });
  const refused = await visitor.ask('/api/projects');
  expect([refused.statusCode, refused.json().error.message]).toEqual([
    404,
    expect.stringContaining('your role does not allow it: you have no role here'),
  ]);
});

test('what may be read with a session is changed only from a page of this server', async () => {
  const visitor = (await open()).visit();
  await visitor.signIn('ada');
  const statusOf = async (headers: Readonly<Record<string, string>>): Promise<number> =>
    (await visitor.post('/api/projects/houses/runs', headers)).statusCode;
  expect(await statusOf({ origin: local })).toBe(202);
  expect(await statusOf({}), 'no word of where it comes from').toBe(400);
  for (const origin of ['https://evil.example', 'null', 'http://localhost:4311', `${local}.evil.example`])
    expect([origin, await statusOf({ origin })]).toEqual([origin, 403]);
  expect((await visitor.post('/sign-out')).statusCode).toBe(400);
  expect((await visitor.ask('/api/caller')).statusCode).toBe(200);
});

test('signing out ends the session itself, not only its cookie', async () => {
  const visitor = (await open()).visit();
  await visitor.signIn('ada');
  const kept = visitor.cookies.get('modelyard-session') ?? '';
  const out = await visitor.post('/sign-out', {
    origin: local,
    'content-type': 'application/x-www-form-urlencoded',
  });
  expect([out.statusCode, out.headers.location, visitor.cookies.size]).toEqual([303, '/sign-out', 0]);
  const page = await visitor.ask('/sign-out');
  expect(page.body).toContain('You are signed out');
  expect(page.body).toContain(`${provider.url}/session/end`);
  expect((await visitor.ask('/api/caller', { cookie: `modelyard-session=${kept}` })).statusCode).toBe(401);
});

test('a session ends with its day, and a sign-in that takes too long is no sign-in', async () => {
  const started = now;
  onTestFinished(() => void (now = started));
  const visitor = (await open()).visit();
  await visitor.signIn('ada');
  now += sessionLifetime;
  expect((await visitor.ask('/api/caller')).statusCode).toBe(401);
  provider.signInAs('ada');
  const begun = await visitor.ask('/sign-in');
  const back = await openBrowser().follow(String(begun.headers.location), local);
  now += pendingLifetime;
  expect((await visitor.ask(`${back.pathname}${back.search}`)).statusCode).toBe(401);
});

test('a way back that another browser began signs nobody in, and a code is good once', async () => {
  const { visit, logged } = await open();
  const [eve, ada] = [visit(), visit()];
  provider.signInAs('bob');
  const begun = await eve.ask('/sign-in');
  const back = await openBrowser().follow(String(begun.headers.location), local);
  const trap = `${back.pathname}${back.search}`;
  expect((await ada.ask(trap)).statusCode, 'without a sign-in of its own').toBe(401);
  await ada.ask('/sign-in');
  const refused = await ada.ask(trap);
  expect([refused.statusCode, refused.body]).toEqual([401, expect.stringContaining('You are not signed in')]);
  expect(ada.cookies.has('modelyard-session')).toBe(false);
  expect((await eve.ask(trap)).statusCode).toBe(302);
  expect((await eve.ask(trap)).statusCode, 'a second time').toBe(401);
  const code = back.searchParams.get('code') ?? '';
  expect(code).not.toBe('');
  expect(logged.join('\n')).not.toContain(code);
});

test('a session that someone put there before is not the one that a sign-in makes', async () => {
  const visitor = (await open()).visit();
  visitor.cookies.set('modelyard-session', 'chosen-by-another');
  await visitor.signIn('ada');
  expect(visitor.cookies.get('modelyard-session')).not.toBe('chosen-by-another');
  const first = visitor.cookies.get('modelyard-session');
  await visitor.signIn('ada');
  expect(visitor.cookies.get('modelyard-session')).not.toBe(first);
});

test('a person whom the issuer refuses reads why, without the text of the address', async () => {
  const visitor = (await open()).visit();
  const refused = await visitor.signIn(undefined);
  expect(refused.statusCode).toBe(401);
  const forged = '/sign-in/callback?error=x&error_description=<script>alert(1)</script>Call%20555';
  const page = await visitor.ask(forged);
  expect(page.statusCode).toBe(401);
  expect(page.body).not.toMatch(/script>|555/);
  expect(page.headers['content-security-policy']).toContain("default-src 'none'");
});

test('tokens of the issuer and the admin token both open the door, and a session does not help a wrong one', async () => {
  const visitor = (await open()).visit();
  const statusWith = async (authorization: string): Promise<number> =>
    (await visitor.ask('/api/projects', { authorization })).statusCode;
  const token = await provider.token({ email: 'ada@example.org', groups: ['data'] });
  expect(await statusWith(`Bearer ${token}`)).toBe(200);
  expect(await statusWith('Bearer the-admin-token')).toBe(200);
  expect(await statusWith(`Basic ${Buffer.from('ada:the-admin-token').toString('base64')}`)).toBe(200);
  expect(await statusWith(`Bearer ${await provider.token({ aud: 'other', groups: ['data'] })}`)).toBe(401);
  expect(await statusWith(`Bearer ${await provider.token({ groups: ['sales'] })}`)).toBe(404);
  await visitor.signIn('ada');
  expect(await statusWith('Bearer wrong')).toBe(401);
});

test('while the issuer does not answer, its tokens are answered so, and the admin token works', async () => {
  const { visit } = await open();
  const visitor = visit();
  const token = await provider.token({ groups: ['data'] });
  await provider.stop();
  const asked = await visitor.ask('/api/projects', { authorization: `Bearer ${token}` });
  expect([asked.statusCode, asked.headers['retry-after'], asked.json().error.code]).toEqual([
    503,
    '1',
    'NOT_READY',
  ]);
  expect((await visitor.ask('/sign-in')).statusCode).toBe(503);
  expect((await visitor.ask('/api/projects', { authorization: 'Bearer the-admin-token' })).statusCode).toBe(
    200,
  );
  await provider.start();
  expect((await visitor.ask('/api/projects', { authorization: `Bearer ${token}` })).statusCode).toBe(200);
});

test('a token that was good is believed without another look, but not beyond its end', async () => {
  const started = now;
  onTestFinished(async () => {
    now = started;
    await provider.start();
  });
  const visitor = (await open()).visit();
  const token = await provider.token({ groups: ['data'], exp: Math.floor(now / 1000) + 60 });
  const statusNow = async (): Promise<number> =>
    (await visitor.ask('/api/projects', { authorization: `Bearer ${token}` })).statusCode;
  expect(await statusNow()).toBe(200);
  await provider.stop();
  now += 50_000;
  expect(await statusNow()).toBe(200);
  now += 60_000;
  expect(await statusNow()).not.toBe(200);
});

test('where a token alone opens the door, the browser asks for it and comes back', async () => {
  const server = await openServer({ signIn: adminSignIn('the-admin-token') });
  onTestFinished(() => server.close());
  const asked = await server.inject('/sign-in?to=/projects/houses');
  expect([asked.statusCode, asked.headers['www-authenticate']]).toEqual([401, 'Basic realm="Modelyard"']);
  const authorization = `Basic ${Buffer.from('ada:the-admin-token').toString('base64')}`;
  const signedIn = await server.inject({ url: '/sign-in?to=/projects/houses', headers: { authorization } });
  expect([signedIn.statusCode, signedIn.headers.location]).toEqual([302, '/projects/houses']);
  const caller = await server.inject({ url: '/api/caller', headers: { authorization } });
  expect(caller.json()).toEqual({ name: 'ada', roles: null, may: [...granted], canSignOut: false });
});

test('on this machine alone nobody has a name, and nobody is asked', async () => {
  const server = await openServer();
  onTestFinished(() => server.close());
  expect((await server.inject('/api/caller')).json()).toEqual({
    name: null,
    roles: null,
    may: [...granted],
    canSignOut: false,
  });
  const asked = await server.inject('/sign-in?to=//evil.example');
  expect([asked.statusCode, asked.headers.location]).toEqual([302, '/']);
});
