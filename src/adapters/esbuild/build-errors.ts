import type { BuildFailure } from 'esbuild';
import { PlatformError } from '../../kernel/errors.ts';

/** What esbuild could not read, as an error that names the user's file, line and column. */
export function buildError(cause: unknown): PlatformError {
  const first = (cause as Partial<BuildFailure>).errors?.[0];
  const place = first?.location ? `${first.location.file}:${first.location.line}:${first.location.column + 1}` : 'project file';
  return new PlatformError('PROJECT_INVALID', { field: place, value: first?.text ?? String(cause), remedy: 'Mend it there and run again.' }, { cause });
}
