import { relative, resolve } from 'node:path';
import {
  checkTypes,
  type CheckedTypes,
  type TypesToCheck,
  typesNotChecked,
} from '../../adapters/typescript/check-types.ts';
import type { Diagnostic } from '../../adapters/typescript/diagnostics.ts';
import { type ErrorDetail, formatCause, PlatformError } from '../../kernel/errors.ts';
import type { Notice } from '../../project/not-built.ts';
import type { Project } from '../../project/project.ts';

/** The types of a loaded project. */
export interface ProjectTypes {
  /** Says that the types are not checked, and how to change that. */
  readonly notices: readonly Notice[];
  /** Begins the check, once. */
  begin(): void;
  /** Waits for the check. @throws PlatformError PROJECT_INVALID naming every mistake */
  refuse(): Promise<void>;
  /** The files that the check read, as far as it has ended. */
  files(): readonly string[];
}

export function projectTypes(
  project: Pick<Project, 'name' | 'checkTypes'>,
  toCheck: TypesToCheck,
): ProjectTypes {
  if (!project.checkTypes) return { notices: [], begin: () => {}, refuse: async () => {}, files: () => [] };
  let checked: CheckedTypes | undefined;
  let checking: Promise<PlatformError | undefined> | undefined;
  const check = async (): Promise<PlatformError | undefined> => {
    try {
      checked = await checkTypes(toCheck);
      return checked && mistakesIn(checked.errors, toCheck.folder);
    } catch (cause) {
      const value = formatCause(cause);
      return new PlatformError('PROJECT_INVALID', { field: 'compiler', value, remedy: couldNot }, { cause });
    }
  };
  const begin = (): Promise<PlatformError | undefined> => (checking ??= check());
  const missing = typesNotChecked(toCheck);
  return {
    notices: missing === undefined ? [] : [{ declared: `project ${project.name}`, text: missing }],
    begin: () => void begin(),
    async refuse() {
      const mistakes = await begin();
      if (mistakes) throw mistakes;
    },
    files: () => checked?.files ?? [],
  };
}

const couldNot =
  'The types could not be checked: install TypeScript again, or set `checkTypes: false` in defineProject.';

/** How many mistakes are named. */
const mostNamed = 20;

/** The first one is the message; the last detail says what to do. */
function mistakesIn(errors: readonly Diagnostic[], folder: string): PlatformError | undefined {
  const [first, ...others] = errors.slice(0, mostNamed).map((error) => detailOf(error, folder));
  if (!first) return undefined;
  return new PlatformError('PROJECT_INVALID', {
    ...first,
    more: [...others, { field: 'type errors', value: errors.length, remedy: wayOut }],
  });
}

const wayOut =
  'Correct the types: a misspelt column is a missing value in every row. To run without this check, set `checkTypes: false` in defineProject.';

function detailOf({ file, line, column, code, message }: Diagnostic, folder: string): ErrorDetail {
  return {
    field: 'compiler',
    value: code,
    remedy: message,
    ...(file !== undefined && { at: `${relative(folder, resolve(folder, file))}:${line}:${column}` }),
  };
}
