import { PlatformError } from '../../kernel/errors.ts';
import { formatBytes, formatCount } from '../../kernel/units.ts';
import type { BatchLimits } from './store.ts';

/** What the batches of a project may take up, those included whose files have not expired. */
export const batchLimits: BatchLimits = { batches: 1000, bytes: 50e9 };

/**
 * The bytes that a project may still store.
 * @param used what its batches take up
 * @throws PlatformError LIMIT_REACHED if it may store no more
 */
export function roomFor(project: string, used: BatchLimits, limits: BatchLimits): number {
  if (used.batches >= limits.batches)
    throw limitReached(project, `${formatCount(used.batches)} stored files`);
  const room = limits.bytes - used.bytes;
  if (room <= 0) throw projectFull(project, limits);
  return room;
}

export function projectFull(project: string, { bytes }: Pick<BatchLimits, 'bytes'>): PlatformError {
  return limitReached(project, `${formatBytes(bytes)} of stored files`);
}

function limitReached(project: string, value: string): PlatformError {
  const remedy =
    'is at the limit of files to predict: they are removed 7 days after they were predicted; retry then, or send smaller files';
  return new PlatformError('LIMIT_REACHED', { field: `project ${project}`, value, remedy });
}
