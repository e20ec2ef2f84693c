import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { closeBrowserAfterAll, hasBrowser, open } from './web.browser.ts';

closeBrowserAfterAll();

interface Walk {
  /** What Tab came to, in order. */
  readonly reached: readonly string[];
  /** What has the focus without showing it. */
  readonly hidden: readonly string[];
  /** What could be operated and was not reached. */
  readonly missed: readonly string[];
}

/** More than any page of the fixture has. */
const mostStops = 200;

/** Presses a key until the focus leaves the page, and fails where it does not. */
async function walk(page: Page, key: 'Tab' | 'Shift+Tab'): Promise<Walk> {
  await page.evaluate('document.activeElement.blur(); window.walked = []; window.hiddenFocus = []');
  for (let presses = 0; presses < mostStops; presses += 1) {
    await page.keyboard.press(key);
    if (await page.evaluate<boolean>(step)) return page.evaluate<Walk>(outcome);
  }
  throw new Error(`The focus does not leave the page after ${mostStops} presses of ${key}`);
}

// These run in the page. A group of radio buttons has one stop, and only a closed list of details has a summary alone.
const operable = `[...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')].filter(
  (element) => element.checkVisibility() && element.tabIndex >= 0 && !element.disabled &&
    !(element.type === 'radio' && !element.checked && document.querySelector('[name="' + CSS.escape(element.name) + '"]:checked')))`;
const describeElement = `((element) => (element.tagName.toLowerCase() + ' ' +
  (element.getAttribute('aria-label') || element.labels?.[0]?.textContent || element.textContent || element.name || '').trim()).slice(0, 60))`;
const step = `(() => {
  const at = document.activeElement;
  if (at === document.body || at === document.documentElement || window.walked.includes(at)) return true;
  const shows = (element) => element !== null && (getComputedStyle(element).boxShadow !== 'none' || getComputedStyle(element).outlineStyle !== 'none');
  if (!shows(at) && !shows(at.nextElementSibling) && !shows(at.parentElement)) window.hiddenFocus.push(at);
  window.walked.push(at);
  return false;
})()`;
const outcome = `(() => {
  const text = ${describeElement};
  return {
    reached: window.walked.map(text),
    hidden: window.hiddenFocus.map(text),
    missed: (${operable}).filter((element) => !window.walked.includes(element)).map(text),
  };
})()`;

describe.skipIf(!hasBrowser)('the keyboard alone (needs Chromium)', () => {
  const pages = [
    ['project', 'well', '/projects/t20-score'],
    ['data', 'well', '/projects/t20-score/data'],
    ['data with rows set aside', 'well', '/projects/t20-score/data?table=matches.rows'],
    ['predict', 'well', '/apps/t20-score'],
    ['a form of long names', 'long', '/apps/t20-score'],
    ['an unknown address', 'well', '/nothing'],
  ] as const;

  test.for(pages.flatMap((page) => [390, 1280].map((width) => [...page, width] as const)))(
    'Tab reaches all of it, shows where it is, and leaves: %s, %s, %s, %i px',
    async ([, scenario, path, width]) => {
      const { page } = await open(scenario, { path, width });
      if (path.startsWith('/apps')) await page.locator('form').waitFor();
      if (path.endsWith('t20-score') && path.startsWith('/projects'))
        await page.locator('[data-task]').first().waitFor();
      const there = await walk(page, 'Tab');
      expect(there.reached[0]).toBe('a Skip to the page');
      expect(there.missed).toEqual([]);
      expect(there.hidden).toEqual([]);
      const back = await walk(page, 'Shift+Tab');
      expect(back.reached.toReversed()).toEqual(there.reached);
    },
  );

  test('a form is filled in and predicted without the mouse, from the top of the page', async () => {
    const { page, web } = await open('well', { path: '/apps/t20-score' });
    await page.locator('.huge').waitFor();
    await tabTo(page, 'battingTeam');
    await page.keyboard.press('ArrowDown');
    await tabTo(page, 'runs');
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('120');
    await tabTo(page, 'innings');
    await page.keyboard.press('ArrowLeft');
    await tabTo(page, 'dew');
    await page.keyboard.press('Space');
    await tabTo(page, 'Predict');
    await page.keyboard.press('Enter');
    await expect
      .poll(() => web.asked.at(-1))
      .toMatchObject({ battingTeam: 'Ireland', runs: 120, innings: 'day-night', dew: false });
  });

  test('the columns of a table are narrowed down', async () => {
    const { page } = await open('well', { path: '/projects/t20-score/data?table=matches.rows', width: 390 });
    await tabTo(page, 'columns');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => page.locator('table.columns tbody tr').count()).toBe(1);
  });

  test('a table that does not fit is scrolled', async () => {
    const { page } = await open('well', { path: '/projects/t20-score', width: 390 });
    await page.locator('table.runs tbody th a').last().click();
    const area = page.locator('section.scroll[tabindex="0"]').first();
    await area.waitFor();
    await tabTo(page, (await area.getAttribute('aria-label')) ?? '');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => area.evaluate(({ scrollLeft }) => scrollLeft)).toBeGreaterThan(0);
  });

  test('Tab reaches a table only while it does not fit, also one that replaced another', async () => {
    const { page } = await open('well', { path: '/projects/t20-score', width: 390 });
    await page.locator('table.runs tbody th a').last().click();
    await page.locator('section.scroll[tabindex="0"]').first().waitFor();
    const name = await page.locator('section.scroll[tabindex="0"]').first().getAttribute('aria-label');
    const area = await page.locator(`section.scroll[aria-label="${name}"]`).elementHandle();
    const replaceBy = (width: string): unknown =>
      area?.evaluate((element, css) => {
        const child = element.ownerDocument.createElement('div');
        child.style.cssText = `width: ${css}; height: 20px`;
        element.replaceChildren(child);
      }, width);
    const reached = (): unknown => area?.getAttribute('tabindex');
    for (const [width, tabindex] of [
      ['10px', null],
      ['3000px', '0'],
      ['20px', null],
    ] as const) {
      await replaceBy(width);
      await expect.poll(reached).toBe(tabindex);
    }
  });

  test('Escape closes the panel of a task and returns the focus to it', async () => {
    const { page } = await open('well', { path: '/projects/t20-score' });
    await tabTo(page, 'matches, done');
    await page.keyboard.press('Enter');
    await page.getByRole('complementary', { name: 'Task matches' }).waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Close');
    await page.keyboard.press('Escape');
    await page.locator('.panel').waitFor({ state: 'detached' });
    expect(await page.evaluate('document.activeElement.dataset.task')).toBe('matches');
  });
});

/** Presses Tab until the focus is at the element of this name, field name or label. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press('Tab');
    const names = await page.evaluate<readonly string[]>(
      '(({ name, textContent, ariaLabel }) => [name ?? "", ariaLabel ?? "", textContent.trim()])(document.activeElement)',
    );
    if (names.some((each) => each === name || each.startsWith(`${name}:`))) return;
  }
  throw new Error(`Tab does not reach ${name}`);
}
