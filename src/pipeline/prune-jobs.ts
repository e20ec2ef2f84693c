import type { RunId } from '../kernel/ids.ts';
import { hasEnded, type Job } from './job.ts';

/** Which jobs of a project to keep. */
export interface JobRetention {
  /** The latest jobs, kept whatever their age. */
  readonly latest: number;
  /** The most jobs, whatever their age. */
  readonly most: number;
  /** Between the two limits, jobs that ended after this time are kept. */
  readonly endedSince: number;
}

export type PrunableJob = Pick<Job, 'id' | 'status' | 'endedAt' | 'resumedBy'> & { readonly hasKey: boolean };

export interface Pruning {
  readonly remove: readonly RunId[];
  /** Kept without their outcome, so that a trigger with the same key still finds them. */
  readonly strip: readonly RunId[];
}

/**
 * Decides which jobs to remove. Keeps jobs that have not ended, and jobs that a kept job completes.
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
