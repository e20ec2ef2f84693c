import { randomUUID } from 'node:crypto';
import { readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { createFolders } from '../../data/create-folders.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { type Draft, draftProject } from './draft.ts';
import type { ForecastWish } from './forecast/choose-forecast.ts';
import { projectFiles } from './folder-files.ts';
import { houseUnits, madeUpHouses } from './houses.ts';
import { readCsvFile } from './read-csv.ts';

export interface MakeOptions extends ForecastWish {
  readonly name: string;
  /** Where the project's folder is made. */
  readonly parent: string;
  /** A CSV file. @default made-up houses */
  readonly csvPath: string | undefined;
  /** @default the last column that can be predicted */
  readonly target: string | undefined;
  /** Of Modelyard, for the project's package.json. */
  readonly version: string;
  /** The folder of a Modelyard that no registry has. @default one of `version` is installed from the registry */
  readonly clone?: string | undefined;
}

/**
 * Makes a project in a folder of its name, whole or not at all.
 * @throws PlatformError CONFIG_INVALID for a name, file or column that cannot be used, DATA_INVALID for data that no model
 *   can be made from, STATE_UNWRITABLE where no folder can be made
 */
export async function makeProject(options: MakeOptions): Promise<Draft> {
  const { name, parent, csvPath, version, clone, kind, target, time, series } = options;
  checkName(name);
  const folder = join(parent, name);
  await checkFree(folder, name);
  const csv = csvPath === undefined ? madeUpHouses() : await readCsvFile(csvPath);
  const units = csvPath === undefined ? houseUnits : {};
  const draft = draftProject(csv, {
    project: name,
    kind,
    target,
    time,
    series,
    units,
    madeUp: csvPath === undefined,
  });
  const dependency = clone === undefined ? `^${version}` : `file:${pathFrom(folder, clone)}`;
  await writeWhole(folder, projectFiles(draft, dependency));
  return draft;
}

function checkName(name: string): void {
  if (/^[a-z][a-z0-9-]{0,62}$/.test(name) && name !== 'modelyard') return;
  const remedy =
    'Use lower-case letters, digits and hyphens, a letter first, 63 at most, and another word than modelyard.';
  throw new PlatformError('CONFIG_INVALID', { field: 'name', value: name, remedy });
}

async function checkFree(folder: string, name: string): Promise<void> {
  const found = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return [];
    throw taken(name, cause.code === 'ENOTDIR' ? 'a file' : 'not readable');
  });
  if (found.length > 0) throw taken(name, 'not empty');
}

function taken(name: string, value: string): PlatformError {
  return new PlatformError('CONFIG_INVALID', {
    field: `folder ${name}`,
    value,
    remedy: 'Choose another name, or move what is there.',
  });
}

/** With slashes on every system. */
function pathFrom(folder: string, to: string): string {
  return relative(folder, to).replaceAll('\\', '/');
}

/** Writes beside the folder and renames, so that nothing is ever half there. */
async function writeWhole(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  const unfinished = `${folder}.${randomUUID()}`;
  try {
    for (const [path, text] of files) {
      await createFolders(dirname(join(unfinished, path)));
      await writeFile(join(unfinished, path), text);
    }
    // Some systems do not rename over a folder, not even over an empty one.
    await rmdir(folder).catch(ignoreAbsent);
    await rename(unfinished, folder);
  } catch (cause) {
    throw new PlatformError(
      'STATE_UNWRITABLE',
      {
        field: folder,
        value: (cause as NodeJS.ErrnoException).code,
        remedy: 'Go to a folder where you may write, with room for the data.',
      },
      { cause },
    );
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

function ignoreAbsent(cause: NodeJS.ErrnoException): void {
  if (cause.code !== 'ENOENT') throw cause;
}
