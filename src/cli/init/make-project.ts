import { join, relative } from 'node:path';
import { refuseUnsure } from './choose/question.ts';
import type { Asker } from './conversation/asker.ts';
import { type Decided, converse } from './conversation/converse.ts';
import { type Draft, draftProject } from './draft.ts';
import { projectFiles } from './files/folder-files.ts';
import { checkFree, checkName, writeFolder } from './project-folder.ts';
import { houseUnits, madeUpHouses } from './houses.ts';
import { openCsv } from './open-csv.ts';
import { type CsvBytes, sniffedFile } from './read-csv.ts';

export interface MakeOptions extends Decided {
  readonly name: string;
  /** Where the project's folder is made. */
  readonly parent: string;
  /** A CSV file. @default made-up houses */
  readonly csvPath?: string | undefined;
  /** Asks a person. @default nobody: what is unsure is an error */
  readonly asker?: Asker | undefined;
  /** Whether the caller has agreed to what is found. @default false */
  readonly yes?: boolean;
  /** Shows what was found. @default nothing is output */
  readonly show?: ((text: string) => void) | undefined;
  /** Of the terminal. @default 80 */
  readonly columns?: number;
  /** Of Modelyard, for the project's package.json. */
  readonly version: string;
  /** The folder of a Modelyard that no registry has. @default one of `version` is installed from the registry */
  readonly clone?: string | undefined;
}

/**
 * Makes a project in a folder of its name, completely or not at all.
 * @returns undefined if the person who is asked cancels
 * @throws PlatformError CONFIG_INVALID for a name, file or column that cannot be used, CHOICE_NEEDED for one that is unsure
 *   while nobody can be asked, DATA_INVALID for data that no model can be made from, STATE_UNWRITABLE where no folder can be made
 */
export async function makeProject(options: MakeOptions): Promise<Draft | undefined> {
  const { name, parent, csvPath, version, clone } = options;
  checkName(name);
  const folder = join(parent, name);
  await checkFree(folder, name);
  const draft = csvPath === undefined ? housesDraft(options) : await draftOf(await openCsv(csvPath), options);
  if (!draft) return undefined;
  const dependency = clone === undefined ? `^${version}` : `file:${pathFrom(folder, clone)}`;
  await writeFolder(folder, projectFiles(draft, dependency));
  return draft;
}

function housesDraft(options: MakeOptions): Draft | undefined {
  const { draft, questions } = draftProject(madeUpHouses(), {
    ...options,
    project: options.name,
    units: houseUnits,
    madeUp: true,
  });
  refuseUnsure(questions ?? []);
  return draft;
}

function draftOf(csv: CsvBytes, options: MakeOptions): Promise<Draft | undefined> {
  const { name, yes = false, columns = 80, show } = options;
  const asker = yes ? undefined : options.asker;
  return converse(
    {
      asker,
      columns,
      project: name,
      show: (text) => (asker ? asker.show(text) : show?.(text)),
      read: ({ header, missing = [] }) =>
        sniffedFile(csv, { missing, given: header === undefined ? {} : { header } }),
      draft: (file, decided) => draftProject(file, { ...decided, project: name }),
    },
    options,
  );
}

/** With slashes on every system. */
function pathFrom(folder: string, to: string): string {
  return relative(folder, to).replaceAll('\\', '/');
}
