import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeHouses } from './houses.ts';
import { productMain, temporaryFolder } from './product.ts';

/** Runs the product with a umask that makes new files readable by all. */
async function openToAll(args: readonly string[]): Promise<number | null> {
  const command = ['-c', 'umask 0 && exec "$@"', 'sh', process.execPath, productMain, ...args];
  const child = spawn('sh', command, { stdio: 'ignore' });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}

test('files of a run are readable only by their owner, in a folder that others can read', async () => {
  await using folder = await temporaryFolder();
  await writeHouses(folder.path, 200);
  const state = join(folder.path, '.modelyard');
  await mkdir(state);
  await chmod(state, 0o755);
  const at = ['--project', folder.path];
  expect(await openToAll(['run', ...at])).toBe(0);
  expect(await openToAll(['predict', 'house-price', '{"size":80,"garden":true}', ...at])).toBe(0);
  const names = await readdir(state, { recursive: true });
  expect(names.length).toBeGreaterThan(20);
  const open: string[] = [];
  for (const name of names) {
    const facts = await stat(join(state, name));
    const mode = facts.mode & 0o777;
    const good = facts.isDirectory() ? mode === 0o700 : mode === 0o600 || mode === 0o400;
    if (!good) open.push(`${name} ${mode.toString(8)}`);
  }
  expect(open).toEqual([]);
});
