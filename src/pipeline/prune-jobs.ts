import type { RunId } from '../kernel/ids.ts';
import { hasEnded, type Job } from './job.ts';

/** Which jobs of a project stay. */
export interface JobRetention {
  /** The latest ones stay however old they are. */
  readonly latest: number;
  /** No more than these stay, however young they are. */
  readonly most: number;
  /** Between the two, those stay that ended since. */
  readonly endedSince: number;
}

export type PrunableJob = Pick<Job, 'id' | 'status' | 'endedAt' | 'resumedBy'> & { readonly hasKey: boolean };

export interface Pruning {
  readonly remove: readonly RunId[];
  /** These stay without their outcome: a trigger with the same key must find them. */
  readonly strip: readonly RunId[];
}

/**
 * Decides which jobs go. A job that has not ended stays, and so does one that completes another that stays.
 * @param jobs of one project, the latest first
 */
export function jobsToPrune(
  jobs: readonly PrunableJob[],
  { latest, most, endedSince }: JobRetention,
): Pruning {
  const isOld = (job: PrunableJob, rank: number): boolean =>
    hasEnded(job) && rank >= latest && (rank >= most || (job.endedAt ?? 0) < endedSince);
  const old = jobs.filter(isOld);
  const strip = old.filter(({ hasKey }) => hasKey);
  const removable = new Map(old.filter(({ hasKey }) => !hasKey).map((job) => [job.id, job]));
  const staying = jobs.filter(({ id }) => !removable.has(id));
  for (let job = staying.pop(); job; job = staying.pop()) {
    const next = job.resumedBy && removable.get(job.resumedBy);
    if (!next) continue;
    removable.delete(next.id);
    staying.push(next);
  }
  return { remove: [...removable.keys()], strip: strip.map(({ id }) => id) };
}
