import { relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PlatformError } from '../../kernel/errors.ts';
import { ProjectMistakes } from '../../project/mistakes.ts';

/**
 * An error of the project's code, naming the file, line and column of the first frame in the project's files. A
 * PlatformError stays unchanged.
 */
export function userCodeError(cause: unknown, projectFolder: string): PlatformError {
  if (cause instanceof PlatformError) return withSourceLocation(cause, projectFolder);
  const location = userSourceLocation(cause, projectFolder);
  return new PlatformError(
    'USER_CODE_FAILED',
    {
      field: location ?? 'project code',
      value: cause instanceof Error ? `${cause.name}: ${cause.message}` : cause,
      remedy: location ? 'Fix it and run again.' : 'The project file threw it while it was loaded.',
    },
    { cause },
  );
}

/** A mistake in the project file names the file and line of the call that has it. */
function withSourceLocation(cause: PlatformError, projectFolder: string): PlatformError {
  const { code, detail } = cause;
  if (cause instanceof ProjectMistakes)
    return cause.located((callSite) => userSourceLocation(callSite, projectFolder));
  const at = userSourceLocation(cause, projectFolder);
  if (code !== 'PROJECT_INVALID' || at === undefined || detail.at !== undefined) return cause;
  return new PlatformError(code, { ...detail, at }, { cause });
}

/** 'innings.ts:14:3': the first stack frame in the project's files. */
export function userSourceLocation(cause: unknown, projectFolder: string): string | undefined {
  return cause instanceof Error ? locationOf(cause.stack ?? '', projectFolder) : undefined;
}

function locationOf(stack: string, projectFolder: string): string | undefined {
  for (const [, path = '', line, column] of stack.matchAll(
    /((?:file:\/\/)?\/[^\s()]*(?: [^\s()]+)*):(\d+):(\d+)\)?$/gm,
  )) {
    const name = relative(projectFolder, path.startsWith('file:') ? fileURLToPath(path) : path);
    const isOwn =
      !name.startsWith('..') &&
      !name.split(sep).some((part) => part === 'node_modules' || part === '.modelyard');
    if (isOwn) return `${name}:${line}:${column}`;
  }
  return undefined;
}
