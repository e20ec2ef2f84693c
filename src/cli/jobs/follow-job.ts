import { setTimeout as pause } from 'node:timers/promises';
import type { JobView } from '../../api/job-views.ts';
import type { Client } from '../../client/index.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { hasEnded } from '../../pipeline/job.ts';

export interface Following {
  /** Tells a person what happens. */
  readonly say: (text: string) => void;
  /** Called with the job after each look. */
  readonly onLook?: (job: JobView) => unknown;
  /** The pause after each look, in milliseconds, which grows from the first to the second. @default 200 to 2000 */
  readonly pauses?: readonly [first: number, longest: number];
  /** Looks in a row without a response after which it gives up. @default 300, about ten minutes */
  readonly silent?: number;
}

const pauses = [200, 2000] as const;

/**
 * Waits on a server for the end of a run, however long it takes: each look is a request of its own, so that no timeout of
 * a client or proxy ends it. A server that is away is asked again; a run that its end interrupted is followed in the job
 * that completes it.
 * @throws PlatformError NOT_READY when the server stays away
 */
export async function followJob(
  asked: JobView,
  client: Pick<Client, 'getJob'>,
  { say, onLook, pauses: [first, longest] = pauses, silent = 300 }: Following,
): Promise<JobView> {
  let job = asked;
  let wait = first;
  for (let misses = 0; !hasEnded(job) || job.resumedBy !== null;) {
    if (job.resumedBy === null) await pause(wait);
    wait = Math.min(wait * 1.5, longest);
    try {
      job = await client.getJob({ run: job.resumedBy ?? job.id });
      misses = 0;
      await onLook?.(job);
    } catch (error) {
      if (!(error instanceof PlatformError) || error.code !== 'NOT_READY') throw error;
      if (misses === 0) say('The server does not respond. The run continues when it is back.\n');
      misses += 1;
      if (misses > silent) throw gone(job, error);
      await pause(wait);
    }
  }
  return job;
}

function gone({ id }: JobView, cause: PlatformError): PlatformError {
  const remedy = `Start the server: it completes the run (modelyard run shows it). Its id is ${id}.`;
  return new PlatformError('NOT_READY', { ...cause.detail, remedy }, { cause });
}
