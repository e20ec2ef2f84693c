import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { clientId, clientSecret, openProvider } from '../../src/adapters/oidc/provider.fixture.ts';
import { startModelyard, temporaryFolder } from './product.ts';
import { auditPage, closeBrowserAfterAll, hasBrowser, newPage } from './web.browser.ts';

closeBrowserAfterAll();
const why = hasBrowser ? '' : ' (skipped: no Chromium)';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

test.skipIf(!hasBrowser)(
  `a person signs in at an OpenID provider, sees who they are, and signs out${why}`,
  async () => {
    const port = await freePort();
    const url = `http://localhost:${port}`;
    await using provider = await openProvider({
      accounts: {
        ada: { email: 'ada@example.org', email_verified: true, groups: ['data'] },
        bob: { email: 'bob@example.org', email_verified: true, groups: [] },
      },
      redirectUris: [`${url}/sign-in/callback`],
    });
    await using folder = await temporaryFolder();
    const server = startModelyard(['server', '--state', join(folder.path, 'state'), '--port', String(port)], {
      env: {
        MODELYARD_OIDC_ISSUER: provider.url,
        MODELYARD_OIDC_CLIENT_ID: clientId,
        MODELYARD_OIDC_CLIENT_SECRET: clientSecret,
        MODELYARD_OIDC_ROLES: 'data=viewer',
      },
    });
    onTestFinished(async () => {
      server.kill('SIGKILL');
      await server.finished;
    });
    await server.line(/"msg":"listening"/);

    provider.signInAs('ada');
    const page = await newPage();
    await page.goto(`${url}/?from=a-link`);
    await page.getByText('ada@example.org').waitFor();
    expect(page.url()).toBe(`${url}/?from=a-link`);
    expect(await auditPage(page)).toEqual([]);
    expect(await page.context().cookies(url)).toContainEqual(
      expect.objectContaining({ name: 'modelyard-session', httpOnly: true, sameSite: 'Lax' }),
    );
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('You are signed out').waitFor();
    const { status } = await page.request
      .get(`${url}/api/projects`)
      .then((response) => ({ status: response.status() }));
    expect(status).toBe(401);

    provider.signInAs('bob');
    const another = await newPage();
    await another.goto(url);
    await another.getByText('bob@example.org').waitFor();
    await another.getByText('you have no role here').first().waitFor();
  },
);
