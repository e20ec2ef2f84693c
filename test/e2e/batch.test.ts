import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { BatchView, NewBatchView } from '../../src/api/batch-views.ts';
import { writeHouses } from './houses.ts';
import { modelyard, temporaryFolder } from './product.ts';
import { startTeamServer, type TeamServer } from './team-server.ts';
import { auditPage, closeBrowserAfterAll, hasBrowser, newPage } from './web.browser.ts';

closeBrowserAfterAll();

const batchesOf = '/api/endpoints/house-price/batches';

function comingCsv(rows: number): string {
  const lines = Array.from({ length: rows }, (_row, index) => {
    const size = index % 500 === 3 ? 'large' : 40 + (index % 160);
    return `"Mill Lane, ${index}",${size},${index % 3 === 0 ? 'yes' : 'no'}`;
  });
  return `street,size,garden\n${lines.join('\n')}\n`;
}

async function send({ url }: TeamServer, csv: string | Uint8Array, start: boolean): Promise<NewBatchView> {
  const response = await fetch(`${url}${batchesOf}?file=coming.csv&start=${start}`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv' },
    body: csv,
  });
  expect(response.status).toBe(201);
  return (await response.json()) as NewBatchView;
}

async function batchOnce(
  server: TeamServer,
  { id }: BatchView,
  fits: (batch: BatchView) => boolean,
): Promise<BatchView> {
  for (;;) {
    const batch = await server.get<BatchView>(`/api/batches/${id}`);
    if (batch.error) throw new Error(batch.error.message);
    if (fits(batch)) return batch;
    await pause(10);
  }
}

const isFinished = ({ status }: BatchView): boolean => status === 'finished';

async function outputOf({ url }: TeamServer, { id }: BatchView): Promise<string> {
  const response = await fetch(`${url}/api/batches/${id}/output`);
  expect(response.status).toBe(200);
  return response.text();
}

async function trained(folder: string): Promise<TeamServer> {
  await writeHouses(folder, 200);
  const server = await startTeamServer(folder);
  await server.run('houses');
  return server;
}

test('a batch of a killed server continues after its restart, and the output is the same bytes', async () => {
  await using folder = await temporaryFolder();
  await using first = await trained(folder.path);
  const csv = comingCsv(60_000);
  const whole = await batchOnce(first, await send(first, gzipSync(csv), true), isFinished);
  const output = await outputOf(first, whole);
  const cut = await send(first, csv, true);
  const { rows } = await batchOnce(first, cut, ({ rows: { done } }) => done > 0);
  expect(rows.done).toBeLessThan(60_000);
  await first.stop('SIGKILL');

  await using second = await startTeamServer(folder.path);
  const running = await second.get<BatchView>(`/api/batches/${cut.id}`);
  expect(running.rows.done, 'stored rows are not predicted again').toBeGreaterThanOrEqual(rows.done);
  const live = await second.post('/predict/house-price', { size: 80, garden: true });
  expect(live.status, 'live predictions are made meanwhile').toBe(200);
  const ended = await batchOnce(second, cut, isFinished);
  expect(ended.rows).toEqual({ total: 60_000, done: 60_000, refused: 120 });
  expect((await outputOf(second, cut)) === output).toBe(true);
  expect(await outputOf(second, whole), 'the output of an ended batch stays').toBe(output);
  expect(output.split('\n')).toHaveLength(60_002);
  expect(await second.stop('SIGTERM')).toMatchObject({ code: 0 });
});

test('the command line predicts a file with a server and without one alike', async () => {
  await using folder = await temporaryFolder();
  await using server = await trained(folder.path);
  const at = (name: string): string => join(folder.path, name);
  await writeFile(at('coming.csv'), comingCsv(700));
  const args = ['predict', 'house-price', '--csv', at('coming.csv'), '--project', folder.path];
  const asked = await modelyard([...args, '--out', at('served.csv')]);
  expect(asked).toMatchObject({ code: 0, out: '' });
  expect(asked.err).toContain('house-price v1 predicts from the columns size, garden\nnot used: street\n');
  expect(asked.err).toContain(
    `700 rows: 698 predicted, 2 refused (see the column "error"), written to ${at('served.csv')}`,
  );
  await server.stop('SIGTERM');
  const alone = await modelyard(args);
  expect(alone).toMatchObject({ code: 0, out: (await readFile(at('served.csv'), 'utf8')).trimEnd() });
  expect(alone.err).toContain('700 rows: 698 predicted');
  const piped = await modelyard(
    ['predict', 'house-price', '--csv', '-', '--project', folder.path, '--quiet'],
    {
      input: 'size,garden\nsmall,yes\n',
    },
  );
  expect(piped, 'no row was predicted').toMatchObject({ code: 1, err: '' });
  expect(piped.out).toContain('small,yes,,,,1,');
  const missing = await modelyard(['predict', 'house-price', '--csv', '-', '--project', folder.path], {
    input: 'garden\nyes\n',
  });
  expect(missing).toMatchObject({ code: 1, err: expect.stringContaining('must have the column "size"') });
  const json = await modelyard([...args, '--json', '--out', at('json.csv')]);
  expect(JSON.parse(json.out)).toMatchObject({ status: 'finished', rows: { total: 700, done: 700 } });
  for (const wrong of [['--explain'], ['--json'], ['--out', join(folder.path, 'no', 'out.csv')]])
    expect([wrong, (await modelyard([...args, ...wrong])).code]).toEqual([
      wrong,
      wrong[0] === '--out' ? 1 : 2,
    ]);
  expect((await readdir(folder.path)).filter((name) => name.endsWith('.part'))).toEqual([]);
});

describe.skipIf(!hasBrowser)('the page (needs Chromium)', () => {
  test('a file is chosen, looked at, predicted and downloaded by keyboard', async () => {
    await using folder = await temporaryFolder();
    await using server = await trained(folder.path);
    const page = await newPage();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`${server.url}/apps/house-price`);
    const card = page.locator('.card.batch');
    await card.locator('button', { hasText: 'Choose a file' }).waitFor();
    const refused = { name: 'wrong.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b\n1,2\n') };
    await card.locator('input[type=file]').setInputFiles(refused);
    await expect
      .poll(() => card.locator('[role=alert]').textContent())
      .toContain('must have the columns "size" and "garden"');
    const coming = { name: 'coming.csv', mimeType: 'text/csv', buffer: Buffer.from(comingCsv(1200)) };
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      card.locator('button', { hasText: 'Choose a file' }).press('Enter'),
    ]);
    await chooser.setFiles(coming);
    await card.locator('.batch-preview tbody tr').first().waitFor();
    expect(await card.locator('.batch-preview tbody tr').count()).toBe(10);
    expect(await card.locator('.batch-preview').textContent()).toContain('Not usedstreet');
    expect(await card.locator('[role=alert]').count()).toBe(0);
    await card.locator('button', { hasText: 'Predict all rows' }).press('Enter');
    await expect
      .poll(() => card.locator('output').textContent(), { timeout: 30_000 })
      .toBe('1,200 rows, 3 without a prediction');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      card.locator('a', { hasText: 'Download' }).press('Enter'),
    ]);
    expect(download.suggestedFilename()).toBe('coming-house-price-v1.csv');
    expect((await readFile(await download.path(), 'utf8')).split('\n')).toHaveLength(1202);
    expect(complaints).toEqual([]);
    await page.reload();
    await card.locator('.batch-list button', { hasText: 'coming.csv' }).press('Enter');
    await expect
      .poll(() => card.locator('output').textContent(), { timeout: 30_000 })
      .toContain('1,200 rows');
  });

  test('a file of many columns fits every width, light and dark', async () => {
    await using folder = await temporaryFolder();
    await using server = await trained(folder.path);
    const extra = Array.from({ length: 60 }, (_column, index) => `a column with a rather long name ${index}`);
    const csv = `size,garden,${extra.join(',')}\n80,yes,${extra.join(',')}\nx,no,${extra.join(',')}\n`;
    const file = { name: `${'houses-'.repeat(20)}.csv`, mimeType: 'text/csv', buffer: Buffer.from(csv) };
    for (const look of [
      { width: 1280, colorScheme: 'dark' },
      { width: 768, colorScheme: 'light' },
      { width: 390, colorScheme: 'dark' },
    ] as const) {
      const page = await newPage(look);
      await page.goto(`${server.url}/apps/house-price`);
      const card = page.locator('.card.batch');
      await card.locator('input[type=file]').setInputFiles(file);
      await card.locator('.batch-preview tbody tr').first().waitFor();
      const cells = await card.locator('.batch-preview tbody tr > :first-child').all();
      expect(await card.locator('.batch-preview thead th').first().textContent()).toBe('prediction');
      expect(await cells[0]?.textContent()).toMatch(/^[\d,]+$/);
      expect(await cells[1]?.textContent(), 'a row without a prediction').toContain('size');
      for (const cell of cells) {
        const { x = 0, width = look.width } = (await cell.boundingBox()) ?? {};
        expect(x + Math.min(width, 80), 'seen without scrolling').toBeLessThan(look.width);
      }
      await card.locator('button', { hasText: 'Predict all rows' }).click();
      await expect
        .poll(() => card.locator('output').textContent(), { timeout: 30_000 })
        .toBe('2 rows, 1 without a prediction');
      expect(await auditPage(page)).toEqual([]);
      expect(
        await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth'),
      ).toBeLessThanOrEqual(0);
      const shots = process.env['MODELYARD_SHOTS'];
      if (shots !== undefined) await card.screenshot({ path: join(shots, `batch-${look.width}.png`) });
    }
  });
});
