import { execFile } from 'node:child_process';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { ownVersion } from './own-version.ts';

const run = promisify(execFile);
const longestWait = 5000;

/**
 * The tags that say where a run comes from: MLflow's own for the source and its git commit, and the environment. Outside
 * of a repository, or without git, there is no commit.
 * @param file the project file
 */
export async function runSourceTags(file: {
  readonly folder: string;
  readonly name: string;
}): Promise<Readonly<Record<string, string>>> {
  const git = async (...args: readonly string[]): Promise<string> => {
    const options = { cwd: file.folder, timeout: longestWait, windowsHide: true };
    return run('git', args, options).then(
      ({ stdout }) => stdout.trim(),
      () => '',
    );
  };
  const commit = await git('rev-parse', '--verify', 'HEAD');
  const [branch, changes] =
    commit === ''
      ? ['', '']
      : [await git('branch', '--show-current'), await git('status', '--porcelain', '--untracked-files=no')];
  return {
    'mlflow.source.type': 'LOCAL',
    'mlflow.source.name': basename(file.name),
    ...(commit && {
      'mlflow.source.git.commit': commit,
      'mlflow.source.git.dirty': String(changes !== ''),
    }),
    ...(branch && { 'mlflow.source.git.branch': branch }),
    'modelyard.version': ownVersion(),
    'modelyard.node': process.version,
    'modelyard.platform': `${process.platform}-${process.arch}`,
  };
}
