import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findWorkspace } from './workspace.ts';

/** A folder with `project/modelyard.config.ts`, `project/inner/deep` and `empty`. */
async function folders(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'modelyard workspace ')));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, 'project/inner/deep'), { recursive: true });
  await mkdir(join(folder, 'empty'));
  await writeFile(join(folder, 'project/modelyard.config.ts'), '');
  await writeFile(join(folder, 'project/other.config.ts'), '');
  return folder;
}

const unnamed = { project: undefined, state: undefined };

test('the nearest project file upwards, and its state beside it', async () => {
  const folder = await folders();
  for (const from of ['project', 'project/inner/deep'])
    expect(findWorkspace(unnamed, join(folder, from))).toEqual({
      configPath: join(folder, 'project/modelyard.config.ts'),
      projectFolder: join(folder, 'project'),
      stateFolder: join(folder, 'project/.modelyard'),
    });
});

test('a project is named by its folder or its file, from where one is', async () => {
  const folder = await folders();
  const configOf = (project: string): string =>
    findWorkspace({ project, state: undefined }, folder).configPath;
  expect(configOf('project')).toBe(join(folder, 'project/modelyard.config.ts'));
  expect(configOf('./project/')).toBe(join(folder, 'project/modelyard.config.ts'));
  expect(configOf('project/other.config.ts')).toBe(join(folder, 'project/other.config.ts'));
  expect(configOf(join(folder, 'project'))).toBe(join(folder, 'project/modelyard.config.ts'));
});

test('the state may lie elsewhere', async () => {
  const folder = await folders();
  const found = findWorkspace({ project: 'project', state: 'elsewhere' }, folder);
  expect(found.stateFolder).toBe(join(folder, 'elsewhere'));
});

test('a link leads to the project itself', async () => {
  const folder = await folders();
  await symlink(join(folder, 'project'), join(folder, 'link'));
  expect(findWorkspace({ project: 'link', state: undefined }, folder)).toMatchObject({
    projectFolder: join(folder, 'project'),
    stateFolder: join(folder, 'project/.modelyard'),
  });
});

test('without a project file it says what to do', async () => {
  const folder = await folders();
  expect(() => findWorkspace(unnamed, join(folder, 'empty'))).toThrow(/modelyard init <name>/);
  for (const project of ['empty', 'nowhere', 'project/none.ts'])
    expect(() => findWorkspace({ project, state: undefined }, folder)).toThrow(
      /--project must be a folder with a modelyard\.config\.ts.*\(got ".*"\)/,
    );
});
