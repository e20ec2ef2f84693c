import { execFile } from 'node:child_process';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { environmentTags } from '../lifecycle/reproduction/environment-differences.ts';
import { installedPackages, lockDigest } from './installed-packages.ts';
import { packageVersion } from './package-version.ts';

const run = promisify(execFile);
const longestWait = 5000;

/**
 * The tags that say where a run comes from: MLflow's own for the source and its git commit, and the environment with the
 * versions of packages. Outside of a repository, or without git, there is no commit.
 * @param file the project file, with the files that its code includes
 */
export async function runSourceTags(file: {
  readonly folder: string;
  readonly name: string;
  /** @default none */
  readonly includes?: Iterable<string>;
}): Promise<Readonly<Record<string, string>>> {
  const [{ commit, branch, isDirty }, packages, lock] = await Promise.all([
    gitState(file.folder),
    installedPackages(file.includes ?? []),
    lockDigest(file.folder),
  ]);
  const { modelyard, node, platform } = environmentTags;
  return {
    'mlflow.source.type': 'LOCAL',
    'mlflow.source.name': basename(file.name),
    ...(commit && {
      [environmentTags.commit]: commit,
      [environmentTags.dirty]: String(isDirty),
    }),
    ...(branch && { 'mlflow.source.git.branch': branch }),
    [modelyard]: packageVersion(),
    [node]: process.version,
    [platform]: `${process.platform}-${process.arch}`,
    [environmentTags.packages]: JSON.stringify(packages),
    ...(lock !== undefined && { [environmentTags.lock]: lock }),
  };
}

interface GitState {
  /** Absent outside of a repository, without git, and before the first commit. */
  readonly commit?: string | undefined;
  /** Absent where none is checked out. */
  readonly branch?: string | undefined;
  readonly isDirty: boolean;
}

/** Asked anew for each run, since a commit changes no file of the project: one call, which takes no lock of the repository. */
async function gitState(folder: string): Promise<GitState> {
  const args = ['--no-optional-locks', 'status', '--porcelain=v2', '--branch', '--untracked-files=no'];
  const options = { cwd: folder, timeout: longestWait, windowsHide: true, maxBuffer: 16 << 20 };
  const lines = await run('git', args, options).then(
    ({ stdout }) => stdout.split('\n').filter(Boolean),
    () => [],
  );
  const header = (name: string): string | undefined =>
    lines.find((line) => line.startsWith(`# branch.${name} `))?.slice(`# branch.${name} `.length);
  const [commit, branch] = [header('oid'), header('head')];
  if (commit === undefined || commit === '(initial)') return { isDirty: false };
  return {
    commit,
    branch: branch === '(detached)' ? undefined : branch,
    isDirty: lines.some((line) => !line.startsWith('# ')),
  };
}
