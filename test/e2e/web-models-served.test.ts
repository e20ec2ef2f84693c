import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { clientId, clientSecret, openProvider } from '../../src/adapters/oidc/provider.fixture.ts';
import { edit, writeHouses } from './houses.ts';
import { sendModel, sendVersion } from './mlflow-models.ts';
import { startModelyard, temporaryFolder } from './product.ts';
import { startTeamServer, type TeamServer } from './team-server.ts';
import { auditPage, closeBrowserAfterAll, hasBrowser, newPage } from './web.browser.ts';

closeBrowserAfterAll();

/** A project with a trained model; version 2 is a copy of its version, and 3 is a client's own. */
async function servedModel(): Promise<TeamServer> {
  const folder = await temporaryFolder();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  await writeHouses(folder.path);
  const server = await startTeamServer(folder.path);
  onTestFinished(() => server[Symbol.asyncDispose]());
  await server.run('houses');
  const create = '/api/2.0/mlflow/model-versions/create';
  const copied = await server.post(create, { name: 'house-price', source: 'models:/house-price/1' });
  expect(copied.status).toBe(200);
  await sendVersion(server, 'house-price', { metrics: { mae: 1 } });
  return server;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

describe.skipIf(!hasBrowser)('pages of models that are served (needs Chromium)', () => {
  test('what is served follows a promotion on the page, and what cannot be served is refused there', async () => {
    const server = await servedModel();
    const page = await newPage();
    await page.goto(`${server.url}/models/house-price`);
    await page.getByText('Version 1 is served').waitFor();
    const rows = page.locator('.model-versions tbody tr');
    expect(await rows.last().textContent()).toContain('promoted the first version');
    expect(await auditPage(page)).toEqual([]);

    await page.getByRole('link', { name: 'v1', exact: true }).click();
    await page.getByRole('heading', { name: 'Verdict' }).waitFor();
    await page.getByText('It is served at /predict/house-price.').waitFor();
    expect(await page.locator('.figures dt').first().textContent()).toContain('MAE');
    expect(await page.locator('.signature dt').allTextContents()).toContain('size');
    expect(await auditPage(page)).toEqual([]);

    await page.goto(`${server.url}/models/house-price/versions/2`);
    await page.getByRole('button', { name: 'Promote v2' }).click();
    const dialog = page.getByRole('dialog', { name: 'Promote version 2 to @prod' });
    await dialog.getByText('version 2 takes over from version 1').waitFor();
    await dialog.getByRole('rowheader', { name: 'MAE' }).waitFor();
    await dialog.getByRole('button', { name: 'Promote version 2' }).click();
    await page.getByText('It is served at /predict/house-price.').waitFor();
    const response = await server.post('/predict/house-price', { size: 80, garden: true });
    expect(await response.json()).toMatchObject({ version: 2 });

    await page.goto(`${server.url}/models/house-price?promote=3`);
    const refused = page.getByRole('dialog');
    await refused.getByRole('button', { name: 'Promote version 3' }).click();
    await refused.getByText('Nothing was changed.').waitFor();
    expect(await refused.getByRole('alert').textContent()).toContain('An endpoint follows @prod');
    await refused.getByRole('button', { name: 'Cancel' }).click();

    await page.getByRole('button', { name: 'Remove @prod' }).click();
    await page.getByText('it then serves no version and refuses predictions').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Roll back', exact: true }).click();
    await page.getByText('version 1 takes over from version 2').waitFor();
    await page.getByRole('button', { name: 'Roll back to version 1' }).click();
    await page.getByText('Version 1 is served').waitFor();
  });

  test('a version that the gate held is promoted with a reason only', async () => {
    const folder = await temporaryFolder();
    onTestFinished(() => folder[Symbol.asyncDispose]());
    await writeHouses(folder.path, 300);
    const server = await startTeamServer(folder.path);
    onTestFinished(() => server[Symbol.asyncDispose]());
    await server.run('houses');
    await edit(join(folder.path, 'modelyard.config.ts'), 'trees: 20', 'trees: 1');
    await server.run('houses');
    const page = await newPage();
    await page.goto(`${server.url}/models/house-price`);
    await page.locator('.model-versions').getByText('held', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Promote v2' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('The gate held version 2.').waitFor();
    await dialog.getByRole('row', { name: /^MAE.* worse$/ }).waitFor();
    expect(await auditPage(page)).toEqual([]);
    const promote = dialog.getByRole('button', { name: 'Promote version 2 anyway' });
    expect(await promote.getAttribute('aria-disabled')).toBe('true');
    await dialog.getByLabel('Why').fill('   ');
    await promote.click({ force: true });
    expect(await dialog.count()).toBe(1);
    await dialog.getByLabel('Why').fill('trees are slow');
    await promote.click();
    await page.getByText('Version 2 is served').waitFor();
    await page.getByText('trees are slow').waitFor();
  });

  test('who may only read is offered no move, not even by an address that opens one', async () => {
    const url = `http://localhost:${await freePort()}`;
    const provider = await openProvider({
      accounts: { ada: { email: 'ada@example.org', email_verified: true, groups: ['data'] } },
      redirectUris: [`${url}/sign-in/callback`],
    });
    onTestFinished(() => provider[Symbol.asyncDispose]());
    const folder = await temporaryFolder();
    onTestFinished(() => folder[Symbol.asyncDispose]());
    const state = join(folder.path, 'state');
    const open = await startTeamServer(undefined, { cwd: folder.path, env: { MODELYARD_STATE: state } });
    await sendModel(open, 'churn');
    await sendVersion(open, 'churn');
    await open.stop('SIGTERM');
    const server = startModelyard(['server', '--state', state, '--port', new URL(url).port], {
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
    for (const path of ['/models/churn?promote=1', '/models/churn/versions/1']) {
      await page.goto(url + path);
      await page.getByText('ada@example.org').waitFor();
      await page.getByText('calm-otter').first().waitFor();
      expect(await page.getByRole('button', { name: /Promote|Roll back|Remove/ }).count()).toBe(0);
      expect(await page.getByRole('dialog').count()).toBe(0);
    }
  });
});
