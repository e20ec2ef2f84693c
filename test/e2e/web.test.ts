import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { auditPage, closeBrowserAfterAll, hasBrowser, open } from './web.browser.ts';
import type { Scenario } from './web.fixture.ts';

closeBrowserAfterAll();

describe.skipIf(!hasBrowser)('project and run pages (needs Chromium)', () => {
  const wide = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
  const scenarios: readonly Scenario[] = ['well', 'running', 'failed', 'empty', 'problem', 'real'];
  const looks = [
    { width: 1280, colorScheme: 'light' },
    { width: 390, colorScheme: 'dark' },
  ] as const;

  test.for(scenarios.flatMap((scenario) => looks.map((look) => [scenario, look] as const)))(
    'the project page is whole: %s, %o',
    async ([scenario, look]) => {
      const { page, complaints } = await open(scenario, look);
      await page.locator('[data-task="t20-score.gate"]').waitFor();
      expect(await auditPage(page)).toEqual([]);
      expect(await page.evaluate<number>(wide)).toBeLessThanOrEqual(0);
      expect(complaints).toEqual([]);
    },
  );

  test('the first page is small and makes few requests', async () => {
    const sizes: number[] = [];
    const { page, web } = await open('well');
    await page.locator('[data-task="matches"]').waitFor();
    const files = web.requests
      .map((request) => request.replace('GET ', ''))
      .filter((path) => !path.endsWith('/events'));
    for (const path of files) sizes.push(gzipSync(await (await fetch(web.url + path)).arrayBuffer()).length);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    expect({ requests: files.length < 15, small: total < 200_000, read: total > 50_000 }).toEqual({
      requests: true,
      small: true,
      read: true,
    });
  });

  test('the page says in a sentence whether all is well, and that the data is generated', async () => {
    const { page } = await open('well');
    await expect
      .poll(() => page.locator('.lead').textContent())
      .toContain('The last run was 40 minutes ago.');
    expect(await page.locator('.lead').textContent()).toContain(
      'Version 7 has been live for 3 days and is off by 15.9 runs on average. Its data is simulated',
    );
    expect(await page.locator('.tag.simulated').count()).toBe(1);
    const real = await open('real');
    expect(await real.page.getByText('simulated').count()).toBe(0);
  });

  test('a failed run comes first, with the step that failed', async () => {
    const { page } = await open('failed');
    await expect.poll(() => page.locator('.lead').textContent()).toContain('failed at innings');
    await page.locator('[data-task="innings"]').click();
    expect(await page.getByRole('alert').textContent()).toContain('Mend ballByBall in steps.ts, line 42');
  });

  test('without a run the page explains what the first run does, and offers it first', async () => {
    const { page } = await open('empty');
    expect(await page.locator('.lead').textContent()).toContain('Nothing has run yet.');
    expect(await page.locator('.button.primary').count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Run now' }).getAttribute('class')).toBe('primary');
  });

  test('a mistake in the project file is shown with its position', async () => {
    const { page } = await open('problem');
    expect(await page.getByRole('alert').textContent()).toContain('modelyard.config.ts:23');
  });

  test('ten thousand runs and versions are shown a few at a time', async () => {
    const { page, complaints } = await open('many');
    await page.locator('table.runs').waitFor();
    const rows = page.locator('tbody tr');
    const before = await rows.count();
    expect(before).toBeLessThan(30);
    await page.getByRole('button', { name: 'Show older runs' }).click();
    await page.getByRole('button', { name: /more of 10,000/ }).click();
    await expect.poll(() => rows.count()).toBe(before + 100);
    expect(complaints).toEqual([]);
  });

  test('events appear as they happen', async () => {
    const { page, web } = await open('running');
    const search = page.locator('[data-task="t20-score.search"]');
    await search.waitFor();
    expect(await search.textContent()).toContain('11 of 30 trials');
    const task = web.project().tasks.find((candidate) => candidate.task === 't20-score.search');
    if (!task) throw new Error('the fixture has no search');
    const event = { type: 'task', project: 't20-score', run: null } as const;
    web.say({ ...event, task: { ...task, progress: { done: 12, total: 30, what: 'trials' } } });
    await expect.poll(() => search.textContent()).toContain('12 of 30 trials');
    await search.click();
    web.say({ type: 'log', project: 't20-score', task: task.task, line: 'trial 13: MAE 14.9' });
    await expect.poll(() => page.locator('.panel pre').textContent()).toBe('trial 13: MAE 14.9');
    web.say({
      ...event,
      task: { ...task, status: 'done', endedAt: (task.startedAt ?? 0) + 21_300, progress: null },
    });
    await expect.poll(() => search.getAttribute('data-status')).toBe('done');
    expect(await search.textContent()).toContain('21.3 s');
  });

  test('a task is opened, navigated and closed with the keyboard', async () => {
    const { page } = await open('well');
    const task = page.locator('[data-task="innings"]');
    await task.focus();
    await page.keyboard.press('Enter');
    const panel = page.getByRole('complementary', { name: 'Task innings' });
    await panel.waitFor();
    expect(await panel.textContent()).toContain('46,214 rows');
    expect(page.url()).toContain('task=innings');
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    await expect.poll(() => page.evaluate('document.activeElement.dataset.task')).toBe('innings');
  });

  test('the first press of Tab offers to skip to the content', async () => {
    const { page } = await open('well');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the page');
  });

  test('a run with nothing to do says so', async () => {
    const { page, web } = await open('well');
    await page.getByRole('button', { name: 'Run now' }).click();
    await page.getByText('Nothing has changed since the last run.').waitFor();
    expect(web.requests).toContain('POST /api/projects/t20-score/runs');
  });

  test.for(['well', 'failed', 'running'] as const)('the page of a run is complete: %s', async (scenario) => {
    const { page, complaints } = await open(scenario, { width: 390 });
    await page.locator('table.runs th a').first().click();
    await page.locator('.timeline').waitFor();
    expect(await page.locator('.timeline > li').count()).toBe(9);
    expect(await auditPage(page)).toEqual([]);
    expect(await page.evaluate<number>(wide)).toBeLessThanOrEqual(0);
    expect(complaints).toEqual([]);
  });

  test('trials are sorted by the heading that is pressed, in both directions', async () => {
    const { page } = await open('well');
    await page.locator('table.runs th a').first().click();
    const depths = page.locator('section:has(h2:text-is("Trials")) tbody td:nth-child(5)');
    const heading = page.getByRole('button', { name: 'Depth' });
    await heading.click();
    await expect.poll(() => depths.first().textContent()).toBe('3');
    await heading.click();
    await expect.poll(() => depths.first().textContent()).toBe('8');
    expect(await page.locator('th[aria-sort]').getAttribute('aria-sort')).toBe('descending');
  });

  const report = 'section[aria-label="Report"]';

  test.for(
    (['well', 'many', 'classes', 'tiny', 'old', 'forecasts'] as const).flatMap((scenario) =>
      looks.map((look) => [scenario, look] as const),
    ),
  )('the report of a run fits its page: %s, %o', async ([scenario, look]) => {
    const { page, complaints } = await open(scenario, look);
    await page.locator('table.runs th a').first().click();
    await page.locator(report).waitFor();
    for (const summary of await page.locator(`${report} summary`).all()) await summary.click();
    expect(await auditPage(page)).toEqual([]);
    expect(await page.evaluate<number>(wide)).toBeLessThanOrEqual(0);
    expect(complaints).toEqual([]);
  });

  test('a report shows the version beside the one that was live, and its charts as text', async () => {
    const { page, web } = await open('well');
    expect(web.requests.filter((request) => request.includes('/report'))).toEqual([]);
    await page.locator('table.runs th a').first().click();
    const of = page.locator(report);
    await of.waitFor();
    expect(await of.locator('> p').first().textContent()).toBe(
      'On 9,242 test rows that neither version 7 nor the live version 6 learned from.',
    );
    const beside = of.locator('section:has(h2:text-is("Beside v6, which was live")) tbody tr').first();
    expect(await beside.locator('> *').allTextContents()).toEqual([
      'MAE runs',
      '15.9',
      '16.2',
      '21.3',
      '28.4',
    ]);
    expect(await of.getByRole('img').count()).toBe(4);
    expect(await of.getByRole('img', { name: /MAE over time: 15.0 from 2019-01-01/ }).count()).toBe(1);
    const curve = of.locator('section:has(h2:text-is("Learning curve"))');
    expect(await curve.textContent()).toContain('The model kept 212 trees');
    await curve.locator('summary').focus();
    await page.keyboard.press('Enter');
    expect(await curve.locator('tbody tr').count()).toBe(90);
    expect(
      await of.locator('section:has(h2:text-is("What predictions rely on")) li').first().textContent(),
    ).toBe('Score at this run rate+11.9');
  });

  test('a forecast has a report: beside the live version, by step, by origin, by series and its worst', async () => {
    const { page } = await open('forecasts');
    await page.locator('table.runs th a').first().click();
    const of = page.locator(report);
    await of.waitFor();
    const rowsOf = (title: string): Promise<string[]> =>
      of.getByRole('table', { name: title }).locator('tbody tr').first().locator('> *').allTextContents();
    expect(await of.locator('> p').first().textContent()).toContain('On 1,080 values of 30 series');
    expect(await rowsOf('sMAPE by origin')).toEqual([
      '2017-01-01 – 2017-12-01',
      '360',
      '',
      '13.0',
      '13.5',
      '15.6',
      '19.5',
      '0.52 better',
    ]);
    expect((await rowsOf('sMAPE by series')).slice(3, 5)).toEqual(['40.0', '41.6']);
    expect(await of.getByRole('img', { name: /^sMAPE by step ahead: 9\.00 at step 1/ }).count()).toBe(1);
    expect(
      await of.getByRole('img', { name: /inside the interval by step ahead: 85% at step 1/ }).count(),
    ).toBe(1);
    expect(await of.locator('.worst-forecasts > li .actual').count()).toBe(6);
  });

  test('what a report leaves out is said', async () => {
    const { page } = await open('classes');
    await page.locator('table.runs th a').first().click();
    await page.getByText('No learning curve: the trainer fits once, without rounds.').waitFor();
  });

  test('errors by another field are chosen with the keyboard', async () => {
    const { page } = await open('well');
    await page.locator('table.runs th a').first().click();
    const byOvers = page.getByRole('table', { name: 'MAE by Overs' });
    await byOvers.waitFor();
    expect(await byOvers.locator('tbody tr').count()).toBe(5);
    await page.getByLabel('Field').focus();
    await page.keyboard.press('ArrowDown');
    await page.getByRole('table', { name: 'MAE by Venue' }).waitFor();
  });

  test('a run of an older release has a sentence instead of a report', async () => {
    const { page } = await open('old');
    await page.locator('table.runs th a').first().click();
    await page.getByText('This run has no report of its test rows').waitFor();
    expect(
      await page.locator('section:has(h2:text-is("What the model looks at")) li').count(),
    ).toBeGreaterThan(5);
  });

  test.for<readonly [path: string, title: string]>([
    ['/nowhere', 'Page not found'],
    ['/projects/other', 'No such project'],
    ['/predictions/unknown', 'No such prediction'],
    ['/projects/t20-score/runs/unknown', 'No such run'],
  ])('an unknown address says so: %s', async ([path, title]) => {
    const { page } = await open('well', { path });
    expect(await page.locator('h1').textContent()).toBe(title);
    const isBelowProject = path.startsWith('/projects/t20-score/');
    expect(await page.getByRole('link', { name: 'Project t20-score' }).count()).toBe(isBelowProject ? 1 : 0);
  });
});
