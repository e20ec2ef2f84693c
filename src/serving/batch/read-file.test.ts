import { mkdtemp, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { recordsIn, sniffFile } from './read-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelyard-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** How often this process has a file open. */
async function opened(path: string): Promise<number> {
  const links = (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => ''));
  return (await Promise.all(links)).filter((link) => link === path).length;
}

test.runIf(process.platform === 'linux')('a file that is read in part is closed', async () => {
  const path = join(folder, 'rows.csv');
  await writeFile(path, `size\n${'80\n'.repeat(200_000)}`);
  const { format } = await sniffFile(path, 'rows.csv');
  expect(await opened(path)).toBe(0);
  const records = recordsIn(path, { name: 'rows.csv', format });
  records.next();
  expect(await opened(path)).toBe(1);
  records.return(undefined);
  expect(await opened(path)).toBe(0);
});
