import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { gitState, type ProjectFiles } from './git-state.ts';
import { runSourceTags } from './run-source.ts';

test('a run has the commit, the branch and the state of its repository', async () => {
  const folder = await temporary();
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
      cwd: folder,
      encoding: 'utf8',
    }).trim();
  const file = { ...projectFiles(folder), name: join(folder, 'modelyard.config.ts') };
  await writeFile(file.name, 'export default 1;');
  git('init', '-q', '-b', 'trunk');
  git('add', '.');
  git('commit', '-q', '-m', 'first');
  expect(await runSourceTags(file)).toMatchObject({
    'mlflow.source.type': 'LOCAL',
    'mlflow.source.name': 'modelyard.config.ts',
    'mlflow.source.git.commit': git('rev-parse', 'HEAD'),
    'mlflow.source.git.branch': 'trunk',
    'mlflow.source.git.dirty': 'false',
    'modelyard.node': process.version,
  });
  await writeFile(file.name, 'export default 2;');
  expect(await runSourceTags(file)).toMatchObject({ 'mlflow.source.git.dirty': 'true' });
  git('commit', '-qam', 'second');
  git('checkout', '-q', '--detach');
  const detached = await runSourceTags(file);
  expect(detached).toMatchObject({
    'mlflow.source.git.commit': git('rev-parse', 'HEAD'),
    'mlflow.source.git.dirty': 'false',
  });
  expect(detached).not.toHaveProperty('mlflow.source.git.branch');
});

test('what a checkout of the commit would lack is a change that is not committed', async () => {
  const repository = await temporary();
  const folder = join(repository, 'project');
  const shared = join(repository, 'shared.ts');
  const git = (...args: readonly string[]): unknown =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: repository });
  await mkdir(folder);
  await writeFile(join(folder, 'modelyard.config.ts'), 'export default 1;');
  await writeFile(join(repository, '.gitignore'), 'ignored.*\n');
  git('init', '-q');
  git('add', '.');
  git('commit', '-q', '-m', 'first');
  const isDirty = async (includes: readonly string[] = []): Promise<boolean> => {
    const stateFolder = join(folder, 'state');
    return (await gitState({ folder, includes, stateFolder })).isDirty;
  };
  for (const each of ['state', 'node_modules']) {
    await mkdir(join(folder, each));
    await writeFile(join(folder, each, 'file'), '1');
  }
  await writeFile(join(folder, 'ignored.ts'), '1');
  await writeFile(shared, '1');
  const modules = [join(folder, 'modelyard.config.ts'), join(folder, 'node_modules', 'file')];
  expect([await isDirty(), await isDirty(modules)], 'nothing of the project').toEqual([false, false]);
  expect(await isDirty([...modules, shared]), 'an untracked module beside the project').toBe(true);
  expect(await isDirty([join(folder, 'ignored.ts')]), 'an ignored module').toBe(true);
  const outside = join(await temporary(), 'outside.ts');
  expect(await isDirty([outside]), 'a module outside of the repository').toBe(true);
  await writeFile(join(folder, 'rate.ts'), '1');
  expect(await isDirty(), 'an untracked file of the project').toBe(true);
});

test('before the first commit a run has no commit', async () => {
  const folder = await temporary();
  execFileSync('git', ['init', '-q', '-b', 'trunk'], { cwd: folder });
  const tags = await runSourceTags({ ...projectFiles(folder), name: 'modelyard.config.ts' });
  expect(Object.keys(tags).filter((key) => key.includes('.git.'))).toEqual([]);
});

test('a run needs no git', async () => {
  const folder = await temporary();
  execFileSync('git', ['init', '-q'], { cwd: folder });
  vi.stubEnv('PATH', folder);
  onTestFinished(() => void vi.unstubAllEnvs());
  const tags = await runSourceTags({ ...projectFiles(folder), name: 'modelyard.config.ts' });
  expect(Object.keys(tags).filter((key) => key.includes('.git.'))).toEqual([]);
  expect(tags).toMatchObject({ 'mlflow.source.type': 'LOCAL' });
});

test('outside of a repository there is no commit', async () => {
  const folder = await temporary();
  const tags = await runSourceTags({ ...projectFiles(folder), name: 'modelyard.config.ts' });
  expect(Object.keys(tags).filter((key) => key.includes('.git.'))).toEqual([]);
  expect(tags).toMatchObject({ 'modelyard.version': expect.stringMatching(/^\d+\./) as string });
});

async function temporary(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-source-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function projectFiles(folder: string): ProjectFiles {
  return { folder, includes: [], stateFolder: join(folder, '.modelyard') };
}
