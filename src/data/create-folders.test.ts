import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createFolders } from './create-folders.ts';

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-folders-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

test('a folder is created with those above it, and the first of them is returned', async () => {
  const top = await temporaryFolder();
  const path = join(top, 'a', 'b', 'c');
  expect(await createFolders(path, 0o700)).toBe(join(top, 'a'));
  expect((await stat(path)).mode & 0o777).toBe(0o700);
  expect(await createFolders(path, 0o700)).toBeUndefined();
  expect(await createFolders(join(path, 'd'))).toBe(join(path, 'd'));
});

test('several callers create the same folders at once', async () => {
  const path = join(await temporaryFolder(), 'a', 'b');
  await Promise.all(Array.from({ length: 8 }, () => createFolders(path)));
  expect((await stat(path)).isDirectory()).toBe(true);
});

test('a folder that the system refuses is an error, and no endless wait', async () => {
  const file = join(await temporaryFolder(), 'file');
  await writeFile(file, '');
  await expect(createFolders(file)).rejects.toMatchObject({ code: 'EEXIST' });
  await expect(createFolders(join(file, 'a', 'b'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  await expect(createFolders('/proc/modelyard/a')).rejects.toMatchObject({ syscall: 'mkdir' });
});
