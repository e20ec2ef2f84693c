import { describe, expect, test } from 'vitest';
import { auditPage, closeBrowserAfterAll, hasBrowser, open } from './web.browser.ts';

closeBrowserAfterAll();

describe.skipIf(!hasBrowser)('prediction page (needs Chromium)', () => {
  const path = '/apps/t20-score';
  const focused = 'document.activeElement.name || document.activeElement.textContent';

  test.for([
    { width: 1280, colorScheme: 'dark' },
    { width: 390, colorScheme: 'light' },
  ] as const)('the prediction page is whole: %o', async (look) => {
    const { page, complaints } = await open('well', { path, ...look });
    await page.locator('.huge').waitFor();
    expect(await auditPage(page)).toEqual([]);
    expect(
      await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth'),
    ).toBeLessThanOrEqual(0);
    expect(complaints).toEqual([]);
  });

  test.for([390, 1280])('long names and ranges stay within their fields at %i px', async (width) => {
    const { page } = await open('long', { path, width });
    const edges = `[...document.querySelectorAll('.field-title, .field-notes, .field .segments')]
      .filter((each) => each.scrollWidth > each.clientWidth)
      .map((each) => each.textContent)`;
    await page.locator('form').waitFor();
    expect(
      await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth'),
    ).toBeLessThanOrEqual(0);
    expect(await page.evaluate<readonly string[]>(edges)).toEqual([]);
    const controls = await page.locator('.field:not(.wide) > select, .field:not(.wide) > input').all();
    const tops = await Promise.all(controls.map(async (each) => (await each.boundingBox())?.y));
    expect(new Set(tops).size).toBe(controls.length / 2);
  });

  test('a form that nobody touched has no warning, and names what it needs', async () => {
    const { page } = await open('long', { path });
    await page.getByText('to fill in: ').waitFor();
    expect(await page.locator('.unlike, .problem').count()).toBe(0);
    expect(await page.locator('.field-aside', { hasText: 'needed' }).count()).toBe(2);
    await page.locator('input').first().fill('1');
    await page.locator('input').first().fill('');
    await page.locator('.problem').waitFor();
    await page.getByText('1 field to correct: ').waitFor();
  });

  test('a held first version is named with the reason and the way out', async () => {
    const { page } = await open('held', { path });
    await page.getByRole('heading', { name: 'No version is live: version 1 is held' }).waitFor();
    expect(await page.locator('.blank').textContent()).toContain('MAE is 0.28 runs higher');
    await page.getByText('modelyard models promote t20-score 1').waitFor();
    await page.getByRole('link', { name: 'See all versions' }).click();
    await page.getByText('modelyard models promote t20-score 1').waitFor();
    expect(await page.locator('.lead').textContent()).not.toContain('goes live when');
  });

  test('opens with an example, its prediction and the explanation', async () => {
    const { page, web } = await open('well', { path });
    await expect.poll(() => page.locator('.huge').textContent()).toBe('170 runs');
    expect(await page.locator('.verdict-line').textContent()).toContain('80% interval 153–188 runs');
    const reasons = page.locator('.contributions li');
    expect(await reasons.first().textContent()).toBe('Average prediction154');
    expect(await reasons.nth(1).textContent()).toContain('+11.6');
    expect(await page.locator('.contributions .sum').textContent()).toContain('170');
    expect(web.asked).toHaveLength(1);
  });

  test('can be filled in with the keyboard alone', async () => {
    const { page, web } = await open('well', { path });
    await page.locator('.huge').waitFor();
    await page.locator('select[name=battingTeam]').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(focused)).toBe('overs');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.type('120');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    await expect
      .poll(() => web.asked.at(-1))
      .toMatchObject({ battingTeam: 'Ireland', overs: 12.2, runs: 120, wickets: 2 });
  });

  test('an error of the server appears at its field', async () => {
    const { page } = await open('well', { path });
    await page.getByLabel('Bowling').selectOption('India');
    const problem = page.locator('.problem');
    await problem.waitFor();
    expect(await problem.textContent()).toBe('A team does not bowl to itself: choose another.');
    const select = page.getByLabel('Bowling');
    expect(await select.getAttribute('aria-invalid')).toBe('true');
    expect(await select.getAttribute('aria-describedby')).toBe(await problem.getAttribute('id'));
    await page.getByRole('button', { name: 'Predict', exact: true }).click();
    await expect.poll(() => page.evaluate(focused)).toBe('bowlingTeam');
    await select.selectOption('England');
    await problem.waitFor({ state: 'detached' });
  });

  test('invalid input is reported before it is sent', async () => {
    const { page, web } = await open('well', { path });
    await page.locator('input[name=runs]').fill('1000');
    await page.getByText('Must be a whole number from 0 to 300').waitFor();
    await page.getByText('1 field to correct').waitFor();
    expect(web.asked.every(({ runs }) => runs !== 1000)).toBe(true);
  });

  test('a required field that is emptied is marked, and gets the focus when Predict is pressed', async () => {
    const { page } = await open('well', { path });
    await page.locator('input[name=lastFiveRuns]').fill('');
    await page.getByText('1 field to correct').waitFor();
    expect(await page.locator('.problem').count()).toBe(1);
    await page.getByText('This is needed.').waitFor();
    await page.getByRole('button', { name: 'Predict', exact: true }).click();
    expect(await page.evaluate(focused)).toBe('lastFiveRuns');
  });

  test('the address contains the form, so that a link opens the same prediction', async () => {
    const { page, web } = await open('well', { path });
    await page.locator('input[name=overs]').fill('15');
    await page.getByRole('radio', { name: 'day', exact: true }).check({ force: true });
    await expect.poll(() => page.url()).toMatch(/overs=15.*innings=day/);
    const link = page.url();
    await page.goto('about:blank');
    await page.goto(link);
    await page.locator('.huge').waitFor();
    expect(await page.locator('input[name=overs]').inputValue()).toBe('15');
    expect(web.asked.at(-1)).toMatchObject({ overs: 15, innings: 'day', venue: 'Melbourne Cricket Ground' });
  });

  test('a prediction is traced to its raw files', async () => {
    const { page, complaints } = await open('well', { path, width: 390 });
    await page.getByRole('link', { name: 'Trace it to its data' }).click();
    await page.getByRole('heading', { name: 'Where 170 runs came from' }).waitFor();
    expect(await page.locator('.chain').textContent()).toContain('400 files, 31.4 MB');
    await page.getByText('innings', { exact: true }).last().click();
    expect(await page.locator('details[open]').textContent()).toContain('ballByBall in steps.ts');
    expect(await auditPage(page)).toEqual([]);
    expect(
      await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth'),
    ).toBeLessThanOrEqual(0);
    await page.getByRole('link', { name: 'Predict again' }).click();
    await expect.poll(() => page.locator('.huge').textContent()).toBe('170 runs');
    expect(complaints).toEqual([]);
  });

  test('the code on a tab is the current request, and is copied', async () => {
    const { page } = await open('well', { path });
    await page.locator('input[name=overs]').fill('15');
    await page.getByRole('tab', { name: 'curl' }).focus();
    await page.keyboard.press('ArrowRight');
    const code = page.getByRole('tabpanel', { name: 'Python' });
    await expect.poll(() => code.textContent()).toContain('"overs": 15');
    await page.getByRole('button', { name: 'Copy the Python code' }).click();
    await page.getByText('Copied').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(await code.textContent());
  });

  test('without a live version the page says so and has no form', async () => {
    const { page } = await open('empty', { path });
    expect(await page.getByText('No version is live yet').count()).toBe(1);
    expect(await page.locator('form').count()).toBe(0);
  });
});
