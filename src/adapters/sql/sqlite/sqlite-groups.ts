import type { SqliteJob } from './sqlite-messages.ts';
import type { SqliteThread } from './sqlite-thread.ts';

/** Jobs that wait for the disk together at most: others, too, want the connection. */
const mostJobs = 64;

interface Waiting {
  readonly job: SqliteJob;
  readonly resolve: (wentAhead: boolean) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Writes jobs group by group: those that come while the connection is busy go in one trip, and wait for the disk together,
 * when it is free. A group has its turn among others' in the order in which they asked.
 */
export function groupWriter(thread: SqliteThread): (job: SqliteJob) => Promise<boolean> {
  let open: Waiting[] | undefined;
  const write = async (group: readonly Waiting[]): Promise<void> => {
    const giveBack = await thread.takeTurn();
    if (open === group) open = undefined;
    try {
      const outcomes = await thread.write(group.map(({ job }) => job));
      for (const [place, { resolve, reject }] of group.entries()) {
        const outcome = outcomes[place];
        if (typeof outcome === 'boolean') resolve(outcome);
        else reject(outcome);
      }
    } catch (error) {
      for (const { reject } of group) reject(error);
    } finally {
      giveBack();
    }
  };
  return (job) =>
    new Promise((resolve, reject) => {
      const group = open && open.length < mostJobs ? open : [];
      group.push({ job, resolve, reject });
      if (group === open) return;
      open = group;
      void write(group);
    });
}
