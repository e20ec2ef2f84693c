import type { SqliteJob } from './sqlite-messages.ts';
import type { SqliteThread } from './sqlite-thread.ts';

/** The most jobs in one commit, so that other users of the connection do not wait too long. */
const maxJobs = 64;

interface Waiting {
  readonly job: SqliteJob;
  readonly resolve: (isWritten: boolean) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Writes jobs in groups: jobs that arrive while the connection is busy share one round trip and one wait for the disk.
 * Groups and other users acquire the connection in the order in which they asked.
 */
export function groupWriter(thread: SqliteThread): (job: SqliteJob) => Promise<boolean> {
  let open: Waiting[] | undefined;
  const write = async (group: readonly Waiting[]): Promise<void> => {
    const release = await thread.acquire();
    if (open === group) open = undefined;
    try {
      const outcomes = await thread.write(group.map(({ job }) => job));
      for (const [index, { resolve, reject }] of group.entries()) {
        const outcome = outcomes[index];
        if (typeof outcome === 'boolean') resolve(outcome);
        else reject(outcome);
      }
    } catch (error) {
      for (const { reject } of group) reject(error);
    } finally {
      release();
    }
  };
  return (job) =>
    new Promise((resolve, reject) => {
      const group = open && open.length < maxJobs ? open : [];
      group.push({ job, resolve, reject });
      if (group === open) return;
      open = group;
      void write(group);
    });
}
