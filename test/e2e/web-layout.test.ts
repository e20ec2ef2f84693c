import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { closeBrowserAfterAll, hasBrowser } from './web.browser.ts';
import type { Scenario } from './web.fixture.ts';
import { layoutFaults, openLong } from './web.long.ts';

closeBrowserAfterAll();

interface Visited {
  readonly name: string;
  readonly scenario: Scenario;
  readonly path: string;
  /** Brings the page into the state that is looked at, and waits for it. */
  readonly prepare: (page: Page) => Promise<void>;
}

const openRun = async (page: Page): Promise<void> => {
  await page.locator('table.runs th a').first().click();
  await page.locator('section.report').waitFor();
  for (const summary of await page.locator('summary').all()) await summary.click();
};
const predict = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Predict', exact: true }).click();
  await page.locator('.contributions').waitFor();
};

const visited: readonly Visited[] = [
  { name: 'project', scenario: 'well', path: '/', prepare: (page) => page.locator('table.runs').waitFor() },
  {
    name: 'project of many versions',
    scenario: 'many',
    path: '/',
    prepare: (page) => page.locator('table.runs').waitFor(),
  },
  {
    name: 'project that failed, with the panel of a task',
    scenario: 'failed',
    path: '/',
    async prepare(page) {
      await page.locator('[data-status="failed"]').first().click();
      await page.getByRole('complementary').waitFor();
    },
  },
  {
    name: 'held project',
    scenario: 'held',
    path: '/',
    prepare: (page) => page.locator('table.runs').waitFor(),
  },
  ...(['well', 'many', 'yesNo', 'classes', 'forecasts'] as const).map((scenario): Visited => ({
    name: `run: ${scenario}`,
    scenario,
    path: '/',
    prepare: openRun,
  })),
  ...['', '?table=matches.rows'].map((search): Visited => ({
    name: `data${search}`,
    scenario: 'well',
    path: `/projects/:project/data${search}`,
    prepare: (page) => page.locator('table.columns tbody th').first().waitFor(),
  })),
  {
    name: 'form',
    scenario: 'long',
    path: '/apps/:project',
    prepare: (page) => page.locator('form').waitFor(),
  },
  { name: 'prediction', scenario: 'well', path: '/apps/:project', prepare: predict },
  {
    name: 'trace',
    scenario: 'well',
    path: '/apps/:project',
    async prepare(page) {
      await predict(page);
      await page.getByRole('link', { name: 'Trace it to its data' }).click();
      await page.locator('.chain').waitFor();
    },
  },
];

describe.skipIf(!hasBrowser)('long names and large numbers fit (needs Chromium)', () => {
  test.for(visited.flatMap((each) => [390, 768, 1280].map((width) => [each.name, width, each] as const)))(
    '%s at %d px',
    async ([, width, { scenario, path, prepare }]) => {
      const { page, address } = await openLong(scenario, width);
      await page.goto(address(path));
      await page.locator('h1').waitFor();
      await prepare(page);
      expect(await layoutFaults(page)).toEqual([]);
    },
  );

  test('the check sees a wide document, an element outside of its card and cut text', async () => {
    const { page, address } = await openLong('well', 768);
    await page.goto(address('/'));
    await page.locator('table.runs').waitFor();
    await page.evaluate(`document.querySelector('main').insertAdjacentHTML('beforeend',
      '<div style="width: 200px"><p style="width: 900px">wide</p><p style="width: 40px; overflow: hidden; white-space: nowrap">cut without a title</p></div>')`);
    const faults = await layoutFaults(page);
    expect(faults.map((fault) => fault.split(/[: ]/)[0])).toEqual(
      expect.arrayContaining(['the', 'outside', 'cut']),
    );
  });
});
