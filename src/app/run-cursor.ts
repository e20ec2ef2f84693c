import { PlatformError } from '../kernel/errors.ts';
import type { RunCursor } from '../tracking/run-store.ts';

/** '1767225600000-0b1c…': the start and the id of the last run of a page. */
export function formatRunCursor({ startedAt, id }: RunCursor): string {
  return `${startedAt}-${id}`;
}

/** @throws PlatformError INPUT_INVALID */
export function parseRunCursor(text: string): RunCursor {
  const [, startedAt = '', id = ''] = /^(-?\d{1,16})-(\w+)$/.exec(text) ?? [];
  if (id) return { startedAt: Number(startedAt), id };
  const remedy = 'must be the `next` of a page of this list';
  throw new PlatformError('INPUT_INVALID', { field: 'after', value: text, remedy });
}
