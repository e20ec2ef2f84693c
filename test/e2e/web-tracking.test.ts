import { describe, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from './product.ts';
import { startTeamServer, type TeamServer } from './team-server.ts';
import { auditPage, closeBrowserAfterAll, hasBrowser, newPage } from './web.browser.ts';

closeBrowserAfterAll();

/** A server for MLflow clients alone, without a run. */
async function emptyServer(): Promise<TeamServer> {
  const folder = await temporaryFolder();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  const server = await startTeamServer(undefined, { cwd: folder.path });
  onTestFinished(() => server[Symbol.asyncDispose]());
  return server;
}

async function call<Body>(server: TeamServer, path: string, body: object): Promise<Body> {
  const response = await server.post(`/api/2.0/mlflow/${path}`, body);
  expect({ path, status: response.status }).toEqual({ path, status: 200 });
  return (await response.json()) as Body;
}

async function newExperiment(server: TeamServer, name: string): Promise<string> {
  const { experiment_id: id } = await call<{ experiment_id: string }>(server, 'experiments/create', { name });
  return id;
}

interface SentRun {
  readonly name: string;
  readonly params?: Readonly<Record<string, string>>;
  /** The values of each metric by step. */
  readonly metrics?: Readonly<Record<string, readonly (number | string)[]>>;
  readonly parent?: string;
  /** @default FINISHED */
  readonly status?: 'RUNNING' | 'FAILED';
}

async function sendRun(server: TeamServer, experiment: string, run: SentRun): Promise<string> {
  const { name, params = {}, metrics = {}, parent, status = 'FINISHED' } = run;
  const now = Date.now();
  const created = await call<{ run: { info: { run_id: string } } }>(server, 'runs/create', {
    experiment_id: experiment,
    start_time: now,
    run_name: name,
    tags: parent === undefined ? [] : [{ key: 'mlflow.parentRunId', value: parent }],
  });
  const id = created.run.info.run_id;
  await call(server, 'runs/log-batch', {
    run_id: id,
    params: Object.entries(params).map(([key, value]) => ({ key, value })),
    metrics: Object.entries(metrics).flatMap(([key, values]) =>
      values.map((value, step) => ({ key, value, step, timestamp: now + step })),
    ),
  });
  if (status !== 'RUNNING') await call(server, 'runs/update', { run_id: id, status, end_time: now + 5000 });
  return id;
}

describe.skipIf(!hasBrowser)('pages of runs of MLflow clients (needs Chromium)', () => {
  const wide = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';

  test('an empty server shows how to send the first run, and the page changes when it arrives', async () => {
    const server = await emptyServer();
    const page = await newPage();
    await page.goto(server.url);
    await page.getByRole('heading', { name: 'No run was sent yet' }).waitFor();
    expect(await page.locator('pre').textContent()).toContain(`set_tracking_uri("${server.url}")`);
    for (const language of ['curl', 'TypeScript']) {
      await page.getByLabel(language).check();
      expect(await page.locator('pre').textContent()).toContain(`${server.url}/api/2.0/mlflow`);
    }
    expect(await auditPage(page)).toEqual([]);
    await sendRun(server, await newExperiment(server, 'churn'), { name: 'first', metrics: { loss: [1] } });
    await page.getByRole('link', { name: 'churn' }).waitFor();
  });

  test('the sample for curl and the one for TypeScript send a run', async () => {
    const server = await emptyServer();
    const page = await newPage();
    await page.goto(server.url);
    await page.getByLabel('TypeScript').check();
    const sample = await page.locator('pre').textContent();
    const script = (sample ?? '').replace(/: (string|object)/g, '');
    await page.evaluate(`(async () => {${script}})()`);
    await page.getByText('finished').waitFor();
  });

  test.for([
    [1280, 'light'],
    [390, 'dark'],
  ] as const)(
    'home, runs and a run are whole at %i px, %s, with odd names and values',
    async ([width, colorScheme]) => {
      const server = await emptyServer();
      const experiment = await newExperiment(server, '<b>bold</b> '.repeat(20));
      const run = await sendRun(server, experiment, {
        name: 'ein_sehr_langer_Name_'.repeat(11),
        params: { 'a param/of: odd': '<i>x</i>'.repeat(60), lr: '0.1' },
        metrics: { 'val/loss': [3, 2, 'NaN', 1], bad: ['NaN', 'NaN'], huge: [1e300], small: [1e-12] },
        status: 'FAILED',
      });
      const page = await newPage({ width, colorScheme });
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      for (const path of ['/', `/#/experiments/${experiment}`, `/#/experiments/${experiment}/runs/${run}`]) {
        await page.goto('about:blank');
        await page.goto(server.url + path);
        await page.locator('h1').waitFor();
        await page.getByText('failed', { exact: false }).first().waitFor();
        expect({ path, faults: await auditPage(page) }).toEqual({ path, faults: [] });
        expect({ path, wide: await page.evaluate<number>(wide) }).toEqual({ path, wide: 0 });
      }
      await expect.poll(() => page.locator('figure.curve').count()).toBe(1);
      expect(await page.getByText('every value is NaN').count()).toBe(1);
      expect(complaints).toEqual([]);
    },
  );

  test('runs are filtered, sorted and given columns, and the address keeps all of it', async () => {
    const server = await emptyServer();
    const experiment = await newExperiment(server, 'grid');
    for (const [index, loss] of [3, 1, 2].entries())
      await sendRun(server, experiment, {
        name: `run ${index}`,
        params: { depth: String(index) },
        metrics: { loss: [loss] },
      });
    const page = await newPage();
    await page.goto(`${server.url}/experiments/${experiment}`);
    const names = () => page.locator('.found-runs tbody th').allTextContents();
    await expect.poll(names).toEqual(['run 2', 'run 1', 'run 0']);
    await page.getByRole('button', { name: 'loss' }).click();
    await expect.poll(names).toEqual(['run 1', 'run 2', 'run 0']);
    await page.getByRole('button', { name: 'loss' }).click();
    await expect.poll(names).toEqual(['run 0', 'run 2', 'run 1']);
    await page.getByLabel('Filter of the runs').fill("metrics.loss > 2 OR params.depth = '1'");
    await page.keyboard.press('Enter');
    await expect.poll(names).toEqual(['run 0', 'run 1']);
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByLabel('depth').uncheck();
    await expect
      .poll(() => page.locator('.found-runs thead th').allTextContents())
      .toEqual(['Run', 'Status', 'loss↓', 'Started']);
    await page.reload();
    await expect.poll(names).toEqual(['run 0', 'run 1']);
    expect(await page.locator('.found-runs thead th').count()).toBe(4);
    await page.getByLabel('Filter of the runs').fill('metrics.loss >');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    await page.goBack();
    await expect.poll(names).toEqual(['run 0', 'run 1']);
  });

  test('a run that goes on is followed: in the table, its figures and its curves', async () => {
    const server = await emptyServer();
    const experiment = await newExperiment(server, 'live');
    const run = await sendRun(server, experiment, {
      name: 'training',
      metrics: { loss: [3, 2] },
      status: 'RUNNING',
    });
    const page = await newPage();
    await page.goto(`${server.url}/#/experiments/${experiment}/runs/${run}`);
    await page.getByText('running').waitFor();
    const curve = page.getByRole('img', { name: /^loss: / });
    await expect.poll(() => curve.getAttribute('aria-label')).toContain('2 points');
    await call(server, 'runs/log-metric', {
      run_id: run,
      key: 'loss',
      value: 0.25,
      step: 2,
      timestamp: Date.now(),
    });
    await expect.poll(() => curve.getAttribute('aria-label'), { timeout: 8000 }).toContain('3 points');
    await expect.poll(() => page.locator('.figures dd').first().textContent()).toBe('0.25');
    await call(server, 'runs/update', { run_id: run, status: 'FINISHED', end_time: Date.now() });
    await expect.poll(() => page.locator('.lead').textContent(), { timeout: 8000 }).toContain('finished in');
  });
});
