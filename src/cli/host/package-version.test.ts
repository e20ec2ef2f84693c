import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findClone } from './package-version.ts';

/** The package in a folder of its own. */
async function packageIn(name: string, files: readonly string[]): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'modelyard-clone-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const folder = join(root, name);
  for (const file of files) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), '');
  }
  return folder;
}

test.each([
  ['src/cli/main.ts', false],
  ['.git', false],
  ['dist/cli/main.js', true],
])('a folder with package.json and src or .git is a clone (with %s)', async (file, isBuilt) => {
  const folder = await packageIn('app', ['package.json', 'src/index.ts', file]);
  expect(findClone(folder)).toEqual({ folder, isBuilt });
});

test.each([
  ['built and copied, as in an image', 'app', ['package.json', 'dist/cli/main.js']],
  ['installed by npm', 'node_modules/modelyard', ['package.json', 'src/index.ts', 'dist/cli/main.js']],
])('a package that was %s is no clone', async (_case, name, files) => {
  expect(findClone(await packageIn(name, files))).toBeUndefined();
});
