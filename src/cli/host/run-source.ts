import { basename } from 'node:path';
import { environmentTags } from '../../lifecycle/reproduction/environment-differences.ts';
import { gitState, type ProjectFiles } from './git-state.ts';
import { installedPackages, lockDigest } from './installed-packages.ts';
import { packageVersion } from './package-version.ts';

/**
 * The tags that say where a run comes from: MLflow's own for the source and its git commit, and the environment with the
 * versions of packages. Outside of a repository, or without git, there is no commit.
 * @param file the project file
 */
export async function runSourceTags(
  file: ProjectFiles & { readonly name: string },
): Promise<Readonly<Record<string, string>>> {
  const [{ commit, branch, isDirty }, packages, lock] = await Promise.all([
    gitState(file),
    installedPackages(file.includes),
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
