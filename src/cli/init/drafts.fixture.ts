import { PlatformError } from '../../kernel/errors.ts';
import { csvText } from './csv-text.fixture.ts';
import { type Draft, type Drafted, type DraftOptions, draftProject, type ModelDraft } from './draft.ts';
import { csvFile, type ReadOptions } from './read-csv.ts';

export interface DraftedOptions extends Omit<DraftOptions, 'project'>, ReadOptions {
  readonly rows?: number;
}

export function drafted(
  header: string,
  line: (index: number) => string,
  { rows, given, missing, ...options }: DraftedOptions & { missing?: readonly string[] } = {},
): Drafted {
  const csv = csvFile('sales.csv', csvText(header, line, rows), {
    ...(given && { given }),
    ...(missing && { missing }),
  });
  return draftProject(csv, { project: 'houses', ...options });
}

export function draft(...args: Parameters<typeof drafted>): Draft {
  const { draft: result, questions } = drafted(...args);
  if (!result) throw new Error(`unsure: ${JSON.stringify(questions)}`);
  return result;
}

export function modelDraft(...args: Parameters<typeof drafted>): ModelDraft {
  const result = draft(...args);
  if (result.kind === 'forecast') throw new Error('a forecast was drafted');
  return result;
}

/** The error's code, field, value and remedy. */
export function refusal(...args: Parameters<typeof drafted>): object {
  try {
    drafted(...args);
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    return { code: error.code, ...error.detail };
  }
  return { code: 'none' };
}

/** What each column is for. */
export function roles({ roles: columns }: ModelDraft): Readonly<Record<string, string>> {
  return Object.fromEntries(
    columns.map(({ column, role, reason }) => [
      column.name,
      reason === undefined ? role : `${role}: ${reason}`,
    ]),
  );
}
