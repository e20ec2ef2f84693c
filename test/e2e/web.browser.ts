import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, onTestFinished } from 'vitest';
import { type Scenario, startWeb, type WebFixture } from './web.fixture.ts';

const usualPaths = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = [process.env['CHROMIUM'], ...usualPaths].find(
  (path) => path !== undefined && existsSync(path),
);

const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Whether there is a Chromium; without one the tests of pages are skipped. Set CHROMIUM to its path if it is not found. */
export const hasBrowser: boolean = executablePath !== undefined;

let browser: Promise<Browser> | undefined;

/** Closes the browser after the tests of a file. */
export function closeBrowserAfterAll(): void {
  afterAll(async () => {
    await (await browser)?.close();
    browser = undefined;
  });
}

export interface OpenOptions {
  readonly path?: string;
  /** @default 1280 */
  readonly width?: number;
  /** @default 'light' */
  readonly colorScheme?: 'light' | 'dark';
}

export interface Opened {
  readonly page: Page;
  readonly web: WebFixture;
  /** Uncaught errors of the page and lines of console.error. */
  readonly complaints: string[];
}

/** Opens the built pages of a scenario in a real browser. Disposal closes both. */
export async function open(scenario: Scenario, options: OpenOptions = {}): Promise<Opened> {
  const { path = '/' } = options;
  const web = await startWeb(scenario);
  onTestFinished(() => web.close());
  const page = await newPage(options);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(web.url + path);
  await page.locator('h1').waitFor();
  return { page, web, complaints };
}

/** An empty page in a new browser context. Disposal closes it. */
export async function newPage({ width = 1280, colorScheme = 'light' }: OpenOptions = {}): Promise<Page> {
  browser ??= chromium.launch({ args, ...(executablePath === undefined ? {} : { executablePath }) });
  const context = await (
    await browser
  ).newContext({
    viewport: { width, height: 900 },
    colorScheme,
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  return page;
}

/** The most common accessibility errors: controls without a name, more than one h1, text with low contrast. */
export function auditPage(page: Page): Promise<readonly string[]> {
  return page.evaluate<readonly string[]>(audit);
}

// Runs in the page. Text needs 4.5:1 against its ground, large text 3:1 (WCAG 2.2, 1.4.3).
const audit = `(() => {
  const faults = [];
  const named = (element) =>
    (element.getAttribute('aria-label') || element.textContent || element.title || '').trim() !== '' ||
    [...(element.labels ?? [])].some((label) => label.textContent.trim() !== '') ||
    (element.getAttribute('aria-labelledby') ?? '').split(' ').some((id) => document.getElementById(id)?.textContent.trim());
  for (const element of document.querySelectorAll('a[href], button, input, select, textarea, [role=radiogroup]')) {
    if (!named(element)) faults.push('no name: ' + element.outerHTML.slice(0, 120));
  }
  if (document.querySelectorAll('h1').length !== 1) faults.push('not one h1');
  if (!document.documentElement.lang) faults.push('no language');
  const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
  for (const id of ids.filter((id, index) => ids.indexOf(id) !== index)) faults.push('id twice: ' + id);
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const groundOf = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const ground = rgba(getComputedStyle(at).backgroundColor);
      if (ground[3] === 255) return ground;
    }
    return [255, 255, 255, 255];
  };
  const luminance = (color) => {
    const [r, g, b] = color.slice(0, 3).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  let read = 0;
  for (const element of document.querySelectorAll('body *')) {
    const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== '');
    if (!hasText || !element.checkVisibility() || element.closest('svg, [aria-disabled=true], .old, option, datalist')) continue;
    const style = getComputedStyle(element);
    const [light, dark] = [luminance(rgba(style.color)), luminance(groundOf(element))].sort((a, b) => b - a);
    const ratio = (light + 0.05) / (dark + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    read += 1;
    if (ratio < (large ? 3 : 4.5)) faults.push(ratio.toFixed(2) + ':1 ' + element.textContent.trim().slice(0, 60));
  }
  if (read < 5) faults.push('too little text was read: ' + read);
  return faults;
})()`;
