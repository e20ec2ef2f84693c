import { execFile } from 'node:child_process';
import { join, sep } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const longestWait = 5000;

/** The folder of a project and the files that its code is from. */
export interface ProjectFiles {
  readonly folder: string;
  /** Paths of the files that the code includes. */
  readonly includes: Iterable<string>;
  /** The folder of Modelyard's own state. */
  readonly stateFolder: string;
}

export interface GitState {
  /** Absent outside of a repository, without git, and before the first commit. */
  readonly commit?: string | undefined;
  /** Absent where none is checked out. */
  readonly branch?: string | undefined;
  /**
   * Whether a checkout of the commit would lack something: a changed file anywhere in the repository, an untracked file in
   * the folder of the project, or a module outside of the folder or ignored by git that the project imports.
   */
  readonly isDirty: boolean;
}

/** Asked anew for each run, since a commit changes no file of the project. It takes no lock of the repository. */
export async function gitState({ folder, includes, stateFolder }: ProjectFiles): Promise<GitState> {
  const modules = [...includes].filter((path) => !path.split(sep).includes('node_modules'));
  const [status, inFolder, imported] = await Promise.all([
    git(folder, ['status', '--porcelain=v2', '--branch', '--untracked-files=no']),
    git(folder, ['ls-files', '-z', '--others', '--exclude-standard', '--', '.']),
    modules.length === 0 ? [] : git(folder, ['ls-files', '-z', '--others', '--', ...modules]),
  ]);
  const lines = status?.flatMap((text) => text.split('\n')).filter(Boolean) ?? [];
  const header = (name: string): string | undefined =>
    lines.find((line) => line.startsWith(`# branch.${name} `))?.slice(`# branch.${name} `.length);
  const [commit, branch] = [header('oid'), header('head')];
  if (commit === undefined || commit === '(initial)') return { isDirty: false };
  const isCode = (path: string): boolean =>
    !path.split('/').includes('node_modules') && !join(folder, path).startsWith(`${stateFolder}${sep}`);
  return {
    commit,
    branch: branch === '(detached)' ? undefined : branch,
    isDirty:
      lines.some((line) => !line.startsWith('# ')) ||
      // Git refuses modules outside of the repository, and no commit has those.
      !imported ||
      imported.length > 0 ||
      (inFolder ?? []).some(isCode),
  };
}

/** What git wrote, by its NUL characters; undefined if it failed. */
async function git(folder: string, args: readonly string[]): Promise<readonly string[] | undefined> {
  const options = { cwd: folder, timeout: longestWait, windowsHide: true, maxBuffer: 16 << 20 };
  return run('git', ['--no-optional-locks', '--literal-pathspecs', ...args], options).then(
    ({ stdout }) => stdout.split('\0').filter(Boolean),
    () => undefined,
  );
}
