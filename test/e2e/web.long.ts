import type { Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { newPage } from './web.browser.ts';
import { type Scenario, startWeb } from './web.fixture.ts';

/** Sixty characters and more, of several scripts, with nothing where a line can break. */
const longs = {
  name: `modell_größe-${'x'.repeat(48)}`,
  task: `schritt_${'ä'.repeat(52)}`,
  title: `Überdurchschnittliche${'Quadratmeterpreisentwicklung'.repeat(2)}`,
  category: `город${'ドリーム'.repeat(14)}`,
  unit: 'Quadratmeter/Monat',
} as const;

/** What the fixture calls things, and what a page gets instead. */
const replaced: readonly (readonly [fixture: string, long: string])[] = [
  ['"t20-score"', `"${longs.name}"`],
  ['t20-score.', `${longs.name}.`],
  ['"T20 score"', `"${longs.title}"`],
  ['"innings"', `"${longs.task}"`],
  ['"MAE"', `"${longs.title.slice(0, 60)}"`],
  ['"unit":"runs"', `"unit":"${longs.unit}"`],
  ['"Batting team"', `"${longs.title} batting"`],
  ['"Overs"', `"${longs.title} overs"`],
  ['"Royal Challengers Bangalore"', `"${longs.category}"`],
  ['"free"', `"${longs.category} free"`],
  ['"team"', `"${longs.category} team"`],
  ['"Run rate"', `"${longs.title} baseline"`],
  ['"value":15.9', '"value":-615900.25'],
  ['"champion":16.2', '"champion":-616200.75'],
];

/** A page of a scenario whose names are long and whose figures have six digits. */
export async function openLong(scenario: Scenario, width: number): Promise<LongPage> {
  const web = await startWeb(scenario);
  onTestFinished(() => web.close());
  const page = await newPage({ width });
  await page.route(
    ({ pathname }) => /^\/(?:api|predict)\//.test(pathname) && !pathname.endsWith('/events'),
    async (route) => {
      const url = decodeURIComponent(route.request().url());
      const asked = url.replaceAll(longs.name, 't20-score').replaceAll(longs.task, 'innings');
      const response = await route.fetch({ url: encodeURI(asked) });
      const body = replaced.reduce((text, [from, to]) => text.replaceAll(from, to), await response.text());
      await route.fulfill({ response, body });
    },
  );
  return { page, address: (path) => web.url + path.replaceAll(':project', encodeURIComponent(longs.name)) };
}

export interface LongPage {
  readonly page: Page;
  /** Of a path, with the project's long name for ':project'. */
  readonly address: (path: string) => string;
}

/** What does not fit: a wide document, an element outside of what holds it, and text that is cut without a title. */
export function layoutFaults(page: Page): Promise<readonly string[]> {
  return page.evaluate<readonly string[]>(faults);
}

// Runs in the page.
const faults = `(() => {
  const found = [];
  const tell = (kind, element, more = '') => {
    const name = element.tagName.toLowerCase() + (element.className ? '.' + String(element.className).trim().replaceAll(' ', '.') : '');
    found.push(kind + ': ' + name + ' ' + JSON.stringify((element.textContent || '').trim().slice(0, 40)) + more);
  };
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) found.push('the document is ' + (root.scrollWidth - root.clientWidth) + ' px too wide');
  const isHidden = (element) => {
    const { width, height } = element.getBoundingClientRect();
    if (width <= 1 || height <= 1 || !element.checkVisibility()) return true;
    // A head for screen readers alone.
    const head = element.closest('thead');
    return head !== null && head.getBoundingClientRect().width <= 1;
  };
  const isTitled = (element) => element.closest('[title], [aria-hidden=true]') !== null || element.querySelector('[title]') !== null;
  let read = 0;
  for (const element of document.querySelectorAll('body *')) {
    if (element.closest('svg, option, datalist') || isHidden(element)) continue;
    const style = getComputedStyle(element);
    read += 1;
    const clips = /hidden|clip/.test(style.overflowX + style.overflowY);
    const hasText = (element.textContent || '').trim() !== '';
    if (clips && hasText && !isTitled(element)) {
      if (element.scrollWidth > element.clientWidth + 1) tell('cut', element);
      else if (element.scrollHeight > element.clientHeight + 2 && style.webkitLineClamp !== 'none') tell('cut', element);
    }
    if (/^(?:absolute|fixed)$/.test(style.position)) continue;
    const box = element.getBoundingClientRect();
    // What scrolls by itself reaches the edges of its card.
    const bleed = /auto|scroll/.test(style.overflowX) ? 20 : 0;
    for (let at = element.parentElement; at && at !== document.body; at = at.parentElement) {
      const outer = getComputedStyle(at);
      if (outer.display === 'inline' || outer.display === 'contents') continue;
      if (/auto|scroll|hidden|clip/.test(outer.overflowX)) break;
      if (/^(?:absolute|fixed)$/.test(outer.position)) break;
      const holder = at.getBoundingClientRect();
      if (box.right > holder.right + 1.5 + bleed || box.left < holder.left - 10 - bleed) {
        tell('outside', element, ' by ' + Math.round(Math.max(box.right - holder.right, holder.left - box.left)) + ' px of ' + at.tagName.toLowerCase() + '.' + at.className);
        break;
      }
    }
  }
  if (read < 15) found.push('too few elements were read: ' + read);
  return [...new Set(found)].slice(0, 12);
})()`;
