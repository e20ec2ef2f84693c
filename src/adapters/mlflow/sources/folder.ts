import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileOwner, MlflowSource, SourceFiles } from '../../../exchange/import/source.ts';
import type { Difference } from '../../../exchange/import/tally.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import { formatCount } from '../../../kernel/units.ts';
import type { Experiment } from '../../../tracking/model.ts';
import { foldersIn, metaIn, textsIn } from './folder-files.ts';
import { folderLoggedModels } from './folder-logged-models.ts';
import { folderModels, folderVersions } from './folder-registry.ts';
import { folderPoints, folderRuns } from './folder-runs.ts';
import { filesBelow, isFolder, localFiles, type LocalFolders } from './local-files.ts';
import { storedExperiment } from './stored.ts';

/** The folder of deleted experiments. */
const trash = '.trash';

/**
 * The folder of MLflow's file store, 'mlruns', written by MLflow 1, 2 or 3. The folder may have been moved, so artifacts
 * are looked for in it first, then in the folder that a run names.
 * @param served the folder that the server names 'mlflow-artifacts:/'. @default 'mlartifacts' beside the folder
 * @throws PlatformError SOURCE_UNREADABLE for a folder without experiments
 */
export async function openFolderSource(path: string, served?: string): Promise<MlflowSource> {
  const root = await realpath(path);
  const experiments = await experimentFolders(root);
  if (!experiments.size)
    throw new PlatformError('SOURCE_UNREADABLE', {
      field: 'folder',
      value: path,
      remedy: "It holds no experiments: name the folder of MLflow's file store, mlruns.",
    });
  const folders: LocalFolders = { base: join(root, '..'), served: served ?? join(root, '..', 'mlartifacts') };
  const folderOf = (id: string): string => experiments.get(id) ?? join(root, id);
  return {
    name: `file:${root}`,
    experiments: () => readExperiments(experiments),
    runs: (experimentId) => folderRuns(folderOf(experimentId), experimentId),
    points: (run) => folderPoints(join(folderOf(run.info.experimentId), run.info.id)),
    loggedModels: (experimentId) => folderLoggedModels(folderOf(experimentId), experimentId),
    models: () => folderModels(join(root, 'models')),
    versions: (model) => folderVersions(join(root, 'models'), model),
    files: (owner) => filesOf(owner, folderOf(owner.experimentId), folders),
    unsupported: (ids) => unsupported(ids, folderOf),
    async [Symbol.asyncDispose]() {},
  };
}

/** The folders of experiments by id, which is the folder's name. */
async function experimentFolders(root: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const folder of [root, join(root, trash)])
    for (const name of await foldersIn(folder))
      if (/^\d+$/.test(name) && (await metaIn(join(folder, name)))) found.set(name, join(folder, name));
  return found;
}

async function* readExperiments(folders: ReadonlyMap<string, string>): AsyncGenerator<Experiment> {
  for (const [id, folder] of folders) {
    const meta = (await metaIn(folder)) ?? {};
    yield storedExperiment(meta, { id, tags: await textsIn(join(folder, 'tags')) });
  }
}

/** Files on a disk are in this folder, even if it was moved, unless the experiment has a location of its own. */
async function filesOf(owner: FileOwner, experiment: string, folders: LocalFolders): Promise<SourceFiles> {
  const inner = owner.kind === 'run' ? [owner.id, 'artifacts'] : ['models', owner.id, 'artifacts'];
  const folder = join(experiment, ...inner);
  const isOnDisk = !/^[a-z][a-z0-9+.-]+:/i.test(owner.uri) || /^file:/i.test(owner.uri);
  if (!isOnDisk || !(await isFolder(folder))) return localFiles(owner, folders);
  const found = { kind: 'available', files: filesBelow(folder) } as const;
  if ((await filesBelow(folder).next()).done !== true) return found;
  const named = await localFiles(owner, folders);
  const isUsual = owner.uri.endsWith([owner.experimentId, ...inner].join('/'));
  return named.kind === 'unavailable' && isUsual ? found : named;
}

async function* unsupported(
  experimentIds: readonly string[],
  folderOf: (id: string) => string,
): AsyncGenerator<Difference> {
  for (const id of experimentIds) {
    const { length } = await foldersIn(join(folderOf(id), 'traces'));
    if (length)
      yield {
        what: 'traces',
        id: `experiment ${id}`,
        reason: `not supported by import (${formatCount(length)} found)`,
      };
  }
}
