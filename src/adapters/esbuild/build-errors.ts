import type { BuildFailure } from 'esbuild';
import { PlatformError } from '../../kernel/errors.ts';

/** Turns esbuild's errors into one that names the user's file, line and column. */
export function buildError(cause: unknown): PlatformError {
  const errors = (cause as Partial<BuildFailure>).errors ?? [];
  const first = errors[0];
  const location =
    first?.location && `${first.location.file}:${first.location.line}:${first.location.column + 1}`;
  const others = errors.length > 1 ? ` ${errors.length - 1} more errors follow.` : '';
  return new PlatformError(
    'PROJECT_INVALID',
    {
      field: location ?? 'project file',
      value: first?.text.replaceAll('modelyard:params', 'modelyard') ?? String(cause),
      remedy: `Fix it and run again.${others}`,
    },
    { cause },
  );
}
