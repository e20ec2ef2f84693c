import { setTimeout as pause } from 'node:timers/promises';
import type { JobView } from '../../api/job-views.ts';
import type { Operations } from '../../api/routes.ts';
import type { JobWorker } from '../../app/job-worker.ts';
import type { RunId } from '../../kernel/ids.ts';
import { hasEnded } from '../../pipeline/job.ts';

export interface Performing {
  readonly worker: Pick<JobWorker, 'perform'>;
  readonly operations: Pick<Operations, 'getJob' | 'cancelRun'>;
  /** Tells a person what happens. */
  readonly say: (text: string) => void;
  /** Called for each look at a job that another process has. */
  readonly onLook?: ((job: JobView) => unknown) | undefined;
  /** The process, as far as Ctrl-C goes. @default this process */
  readonly signals?: Signals;
  /** Milliseconds between two looks at a job that another process runs. @default 1000 */
  readonly every?: number;
}

interface Signals {
  once(signal: 'SIGINT', listener: () => void): unknown;
  off(signal: 'SIGINT', listener: () => void): unknown;
}

/**
 * Runs a job in this process, or waits for another process over the same database that runs it. If the job is interrupted,
 * does the same with the job that resumes it. Ctrl-C cancels the run; a second one ends the process.
 */
export async function performJob(
  asked: JobView,
  { worker, operations, say, onLook, signals = process, every = 1000 }: Performing,
): Promise<JobView> {
  let { id } = asked;
  const cancel = (): void => {
    operations
      .cancelRun({ run: id })
      .catch((error: unknown) =>
        say(`The run was not cancelled: ${String(error)}\nPress Ctrl-C again to end the process.\n`),
      );
  };
  signals.once('SIGINT', cancel);
  try {
    for (;;) {
      await worker.perform(id as RunId);
      const job = await operations.getJob({ run: id });
      if (job.resumedBy !== null) id = job.resumedBy;
      else if (hasEnded(job)) return job;
      else {
        await onLook?.(job);
        await pause(every);
      }
    }
  } finally {
    signals.off('SIGINT', cancel);
  }
}
