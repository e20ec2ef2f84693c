import { describe, expect, onTestFinished, test } from 'vitest';
import { sendAlias, sendModel, sendVersion } from './mlflow-models.ts';
import { temporaryFolder } from './product.ts';
import { startTeamServer, type TeamServer } from './team-server.ts';
import { auditPage, closeBrowserAfterAll, hasBrowser, newPage } from './web.browser.ts';

closeBrowserAfterAll();

/** A server for MLflow clients alone, without a model. */
async function emptyServer(): Promise<TeamServer> {
  const folder = await temporaryFolder();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  const server = await startTeamServer(undefined, { cwd: folder.path });
  onTestFinished(() => server[Symbol.asyncDispose]());
  return server;
}

/** A model with three versions; @prod was at 1, and is at 2. */
async function withModel(name = 'delivery-eta'): Promise<TeamServer> {
  const server = await emptyServer();
  await sendModel(server, name, { description: 'Minutes from order to door.' });
  for (const trees of ['400', '480', '620'])
    await sendVersion(server, name, {
      params: { trees, rate: '0.1' },
      metrics: { mae: Number(trees) / 100 },
      inputs: trees === '620' ? { distance: 'double', rain: 'double' } : { distance: 'double' },
    });
  for (const version of [1, 2]) await sendAlias(server, name, { alias: 'prod', version });
  return server;
}

async function aliasesOf(server: TeamServer, name = 'delivery-eta'): Promise<unknown> {
  const path = `/api/registered-models/${encodeURIComponent(name)}`;
  return (await server.get<{ aliases: unknown }>(path)).aliases;
}

const wide = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
const focused = 'document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent';

describe.skipIf(!hasBrowser)('pages of registered models (needs Chromium)', () => {
  test('an empty page says how to register a model, and changes when the first one arrives', async () => {
    const server = await emptyServer();
    const page = await newPage();
    await page.goto(server.url);
    await page.getByRole('link', { name: 'Models' }).click();
    await page.getByRole('heading', { name: 'No model is registered yet' }).waitFor();
    expect(await page.locator('pre').textContent()).toContain(`set_tracking_uri("${server.url}")`);
    expect(await auditPage(page)).toEqual([]);
    await sendModel(server, 'churn');
    await page.getByRole('link', { name: 'churn' }).waitFor({ timeout: 20_000 });
    await page.goto(server.url);
    await page.getByRole('link', { name: 'churn' }).click();
    await page.getByText('No version is registered yet').waitFor();
  });

  test.for([
    [1280, 'light'],
    [390, 'dark'],
  ] as const)('every page is whole at %i px, %s, whatever models are named', async ([width, colorScheme]) => {
    const server = await emptyServer();
    const long = 'v'.repeat(300);
    const names = [
      'ein_sehr_langer_Name_'.repeat(12).slice(0, 250),
      '<b>bold<b> & <script>alert(1)',
      '名前'.repeat(60),
    ];
    const typed = ['100%25 %2F \\path?x=1#y', 'it\'s a `model` "here"', 'Models', '.hidden'];
    for (const name of [...names, ...typed]) {
      await sendModel(server, name, {
        description: `<i>${long}</i>\n${long}`,
        tags: [{ key: 'a: long/key', value: long }],
      });
      await sendVersion(server, name, {
        metrics: { bad: 'NaN' },
        params: { [`p/${'q'.repeat(200)}`]: long },
      });
      await sendVersion(server, name, {
        metrics: { huge: 1e300 },
        description: long,
        tags: { k: long },
        inputs: { [`<i>${'c'.repeat(300)}`]: 'double' },
      });
      await sendAlias(server, name, { alias: 'a'.repeat(255), version: 1 });
      await sendAlias(server, name, { alias: 'ünicode_名', version: 2 });
    }
    const page = await newPage({ width, colorScheme });
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    const check = async (what: string): Promise<void> => {
      expect({ what, faults: await auditPage(page) }).toEqual({ what, faults: [] });
      expect({ what, wide: await page.evaluate<number>(wide) }).toEqual({ what, wide: 0 });
    };
    await page.goto(server.url);
    await page.getByRole('link', { name: '7 models' }).waitFor();
    await check('home');
    for (const name of [...names, ...typed]) {
      await page.goto(`${server.url}/models`);
      await page.getByRole('rowheader').getByRole('link', { name, exact: true }).click();
      await expect.poll(() => page.locator('h1').textContent()).toBe(name);
      await page.locator('.model-versions').getByRole('link', { name: 'v2', exact: true }).waitFor();
      await check(`model ${name}`);
      await page.reload();
      await page.getByRole('link', { name: 'v2', exact: true }).click();
      await expect.poll(() => page.locator('h1').textContent()).toBe(`${name}, version 2`);
      await page.getByRole('heading', { name: 'What changed' }).waitFor();
      await page.getByText('1 of 1 changed').first().waitFor();
      await check(`version of ${name}`);
      await page.getByRole('button', { name: 'Promote v2' }).click();
      await page.getByRole('dialog').waitFor();
      await check(`dialog of ${name}`);
    }
    expect(complaints).toEqual([]);
  });

  test('models are found by name as one types, in an order, and the address keeps both', async () => {
    const server = await emptyServer();
    for (const name of ['Churn_a', 'churn', 'eta']) await sendModel(server, name);
    const page = await newPage();
    await page.goto(`${server.url}/models`);
    await page.getByRole('link', { name: 'eta' }).waitFor();
    const names = () => page.locator('.found-models tbody th').allTextContents();
    await expect.poll(names).toEqual(['Churn_a', 'churn', 'eta']);
    await page.getByLabel('Find a model by its name').fill('CHURN');
    await expect.poll(names).toEqual(['Churn_a', 'churn']);
    expect(new URL(page.url()).search).toBe('?contains=CHURN');
    await page.getByRole('button', { name: 'Updated' }).click();
    await expect.poll(names).toEqual(['churn', 'Churn_a']);
    await page.reload();
    await page.getByRole('link', { name: 'Churn_a' }).waitFor();
    expect(await names()).toEqual(['churn', 'Churn_a']);
    await page.getByLabel('Find a model by its name').fill('_');
    await expect.poll(names).toEqual(['Churn_a']);
    await page.getByLabel('Find a model by its name').fill('none');
    await page.getByText('No model has this text in its name.').waitFor();
    await page.goBack();
    await expect.poll(() => page.getByLabel('Find a model by its name').inputValue()).toBe('CHURN');
  });

  test('of many models only those on the screen are there, also at the end of the list', async () => {
    const server = await emptyServer();
    const count = 1000;
    for (let from = 0; from < count; from += 50)
      await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          sendModel(server, `m-${String(from + index).padStart(5, '0')}`),
        ),
      );
    const page = await newPage();
    await page.goto(`${server.url}/models`);
    await page.getByText('1,000 models').waitFor();
    expect(await page.locator('.found-models tbody tr').count()).toBeLessThan(100);
    await page.evaluate('scrollTo(0, document.body.scrollHeight)');
    await page.getByRole('link', { name: 'm-00999' }).waitFor();
    expect(await page.locator('.found-models tbody tr').count()).toBeLessThan(100);
  });

  test('a model shows its versions with their runs, and a version its signature and what changed', async () => {
    const server = await withModel();
    const page = await newPage();
    await page.goto(`${server.url}/models/delivery-eta`);
    await page.getByText('Minutes from order to door.').waitFor();
    const firstRow = page.locator('.model-versions tbody tr').first();
    expect(await firstRow.textContent()).toMatch(/^v3.*ines.*calm-otter/);
    await page.getByRole('link', { name: 'v3', exact: true }).click();
    await page.getByRole('heading', { name: 'delivery-eta, version 3' }).waitFor();
    const rows = () => page.locator('.diff tbody tr').allTextContents();
    await expect
      .poll(rows)
      .toEqual([
        'Metrics 1 of 1 changed',
        'mae4.86.2',
        'Params 1 of 2 changed',
        'trees480620',
        'Inputs 1 of 2 changed',
        'rain–double',
      ]);
    await page.getByLabel('since').selectOption('1');
    await expect.poll(rows).toContain('trees400620');
    expect(new URL(page.url()).search).toBe('?against=1');
    await page.reload();
    await expect.poll(rows).toContain('trees400620');
    const signature = page
      .getByRole('region')
      .or(page.locator('section.card'))
      .filter({ hasText: 'Signature' });
    expect(await signature.first().textContent()).toContain('2 inputs');
    await page.getByRole('link', { name: 'calm-otter' }).first().click();
    await page.getByRole('heading', { name: 'calm-otter' }).waitFor();
    await page.getByRole('link', { name: 'delivery-eta, version 3' }).click();
    await page.getByRole('heading', { name: 'delivery-eta, version 3' }).waitFor();
    await sendVersion(server, 'delivery-eta');
    await page.goto(`${server.url}/models/delivery-eta`);
    await page.getByText('4 versions', { exact: true }).waitFor();
    await sendVersion(server, 'delivery-eta');
    await page.getByRole('link', { name: 'v5', exact: true }).waitFor({ timeout: 20_000 });
  });

  test("MLflow's links open the pages of models", async () => {
    const server = await withModel('a b%2F');
    const page = await newPage();
    for (const [link, heading] of [
      ['/#/models', 'Models'],
      ['/#/models/a%20b%252F', 'a b%2F'],
      ['/#/models/a%20b%252F/versions/3', 'a b%2F, version 3'],
    ] as const) {
      await page.goto('about:blank');
      await page.goto(server.url + link);
      await expect.poll(() => page.locator('h1').textContent()).toBe(heading);
    }
    await page.goto(`${server.url}/models/none`);
    await page.getByRole('heading', { name: 'No such model' }).waitFor();
    await page.getByRole('link', { name: 'All models' }).waitFor();
    await page.goto(`${server.url}/models/a%20b%252F/versions/9`);
    await page.getByRole('heading', { name: 'No such version' }).waitFor();
  });

  test('a version is promoted by the keyboard, after the dialog said what that does', async () => {
    const server = await withModel();
    const page = await newPage();
    await page.goto(`${server.url}/models/delivery-eta`);
    await page.getByRole('button', { name: 'Promote v3' }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Promote version 3 to @prod' });
    await dialog.getByText('@prod moves from version 2 to version 3.').waitFor();
    await dialog.getByText('No endpoint of this server follows @prod.').waitFor();
    expect(new URL(page.url()).search).toBe('?promote=3');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    await expect.poll(() => page.evaluate(focused)).toBe('Promote v3');
    await page.keyboard.press('Enter');
    await page.keyboard.type('less late');
    await page.keyboard.press('Control+Enter');
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    expect(await aliasesOf(server)).toEqual({ prod: 3 });
    await page.getByText('@prod v3').waitFor();
    await expect.poll(() => page.evaluate(focused)).toBe('Promote v3');
    await page.getByRole('button', { name: 'History of @prod' }).click();
    await expect
      .poll(() => page.locator('.moves li').allTextContents())
      .toEqual([
        expect.stringMatching(/^From version 2 to 3 .*: less late$/),
        expect.stringMatching(/^From version 1 to 2 /),
        expect.stringMatching(/^Set to version 1 /),
      ]);
  });

  test('an alias is rolled back, another one is set, and it is removed', async () => {
    const server = await withModel();
    const page = await newPage();
    await page.goto(`${server.url}/models/delivery-eta`);
    await page.getByRole('button', { name: 'Roll back', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('@prod moves from version 2 back to version 1.').waitFor();
    await dialog.getByRole('button', { name: 'Roll back to version 1' }).click();
    await expect.poll(() => aliasesOf(server)).toEqual({ prod: 1 });
    await expect.poll(() => page.getByRole('button', { name: 'Roll back', exact: true }).count()).toBe(0);

    await page.getByRole('button', { name: 'Promote v3' }).click();
    await dialog.getByLabel('Alias').fill('@champion');
    await dialog.getByText('@champion moves from no version to version 3.').waitFor();
    await dialog.getByRole('button', { name: 'Promote version 3' }).click();
    await expect.poll(() => aliasesOf(server)).toEqual({ champion: 3, prod: 1 });

    await page.getByRole('button', { name: 'Remove @champion' }).click();
    await dialog.getByText('@champion points to version 3. The version stays').waitFor();
    await dialog.getByRole('button', { name: 'Remove @champion' }).click();
    await expect.poll(() => aliasesOf(server)).toEqual({ prod: 1 });
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
  });

  test('a move that came too late says so, and what it would do now', async () => {
    const server = await withModel();
    const page = await newPage();
    await page.goto(`${server.url}/models/delivery-eta?promote=3`);
    const dialog = page.getByRole('dialog');
    await dialog.getByText('@prod moves from version 2 to version 3.').waitFor();
    await sendAlias(server, 'delivery-eta', { alias: 'prod', version: 1 });
    await dialog.getByRole('button', { name: 'Promote version 3' }).click();
    await dialog.getByRole('alert').waitFor();
    await dialog.getByText('@prod moves from version 1 to version 3.').waitFor();
    expect(await aliasesOf(server)).toEqual({ prod: 1 });
    await dialog.getByLabel('Alias').fill('latest');
    await dialog.getByRole('button', { name: 'Promote version 3' }).click();
    await dialog.getByText('reserved').waitFor();
  });
});
