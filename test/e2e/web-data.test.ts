import { describe, expect, test } from 'vitest';
import { auditPage, closeBrowserAfterAll, hasBrowser, open } from './web.browser.ts';

closeBrowserAfterAll();

describe.skipIf(!hasBrowser)('the data page (needs Chromium)', () => {
  const path = '/projects/t20-score/data';
  const wide = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
  const looks = [
    { width: 1280, colorScheme: 'light' },
    { width: 768, colorScheme: 'dark' },
    { width: 390, colorScheme: 'dark' },
  ] as const;
  const pages = [
    ['well', path],
    ['well', `${path}?table=matches.rows`],
    ['empty', path],
  ] as const;

  test.for(pages.flatMap(([scenario, at]) => looks.map((look) => [scenario, at, look] as const)))(
    'it fits: %s, %s, %o',
    async ([scenario, at, look]) => {
      const { page, complaints } = await open(scenario, { path: at, ...look });
      await page.locator('table.columns tbody th').first().waitFor();
      expect(await auditPage(page)).toEqual([]);
      expect(await page.evaluate<number>(wide)).toBeLessThanOrEqual(0);
      expect(complaints).toEqual([]);
    },
  );

  test('a column has its type, role, values and warnings, and what is left out has a reason', async () => {
    const { page } = await open('well', { path });
    await page.getByRole('link', { name: 'innings step' }).click();
    await page.getByText('3 columns').first().waitFor();
    await page.locator('table.columns').waitFor();
    expect(await page.locator('.lead').textContent()).toContain('46,214 rows, 3 columns');
    const cells = page.locator('table.columns tbody tr').last().locator('> *');
    expect(await cells.allTextContents()).toEqual([
      'runs',
      'number, runs',
      'feature',
      '0',
      '900',
      '',
      '−612,400 to 612,400, median 19.5',
      '',
    ]);
    expect(await page.locator('.left-out li').textContent()).toContain('the same in every row: NO');
    await page.getByRole('radio', { name: 'Warnings 1' }).press('Space');
    await expect.poll(() => page.locator('table.columns tbody tr').count()).toBe(1);
  });

  test('at 768 px a row of the table folds, so that nothing lies outside its card', async () => {
    const { page } = await open('well', { path, width: 768 });
    const table = page.locator('.scroll:has(.columns)');
    expect(await table.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
  });

  test('it opens at the table with rows that were set aside, and its tab counts them', async () => {
    const { page } = await open('well');
    await page.getByRole('link', { name: 'Data' }).click();
    const tab = page.getByRole('link', { name: 'matches source 37 set aside' });
    await tab.waitFor();
    expect(await tab.getAttribute('aria-current')).toBe('page');
    expect(await page.locator('h2', { hasText: 'Set aside' }).count()).toBe(1);
  });

  test('rows that were set aside have file, line and reason', async () => {
    const { page } = await open('well', { path: `${path}?table=matches.rows` });
    const card = page.locator('section:has(h2:text-is("Set aside"))');
    expect(await card.textContent()).toContain('37 of 46,251 rows');
    expect(await card.locator('tbody tr').last().textContent()).toBe(
      'm.csv, line 4,421the whole line–has 17 cells instead of 15',
    );
  });

  test('before the first run it says what appears after it', async () => {
    const { page } = await open('empty', { path });
    await page.getByText('No run has written this table yet').waitFor();
    expect(await page.locator('table.columns tbody tr').count()).toBe(3);
  });

  test('of ten thousand columns those on the screen are rendered, and each can be found', async () => {
    const { page, complaints } = await open('many', { path });
    const rows = page.locator('table.columns tbody tr:not(.space)');
    await rows.first().waitFor();
    expect(await rows.count()).toBeLessThan(80);
    await page.evaluate('window.scrollTo(0, document.body.scrollHeight)');
    await page.getByRole('rowheader', { name: 'f9999', exact: true }).waitFor();
    expect(await rows.count()).toBeLessThan(80);
    await page.getByRole('searchbox', { name: 'Find a column' }).fill('f4321');
    await expect.poll(() => rows.count()).toBe(1);
    expect(complaints).toEqual([]);
  });
});
