import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import type { RunOwners } from './run-owners.ts';

export interface HeartbeatOptions {
  readonly owners: RunOwners;
  /** This process, among all that have the database. */
  readonly owner: string;
  readonly now: Clock;
  readonly log: Log;
  /** Milliseconds between two beats. @default 10 000 */
  readonly every?: number;
}

/** A process that was not heard of for so many beats is taken for dead. The clocks of the machines must not be further apart. */
export const missedBeats = 6;

const defaultEvery = 10_000;

/** Says that this process is there, and marks the runs of those that are not, now and at every beat until it is disposed of. */
export async function openHeartbeat(options: HeartbeatOptions): Promise<AsyncDisposable> {
  const { owners, owner, now, log, every = defaultEvery } = options;
  const beat = async (): Promise<void> => {
    await owners.beat(owner, now());
    const killed = await owners.killAbandoned({ silentSince: now() - missedBeats * every, now: now() });
    if (killed > 0) log.warn('runs whose process is gone were marked as killed', { runs: killed });
  };
  await beat();
  let beating: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    beating = beating
      .then(beat)
      .catch((error: unknown) => log.error('the heartbeat was not written', { error: String(error) }));
  }, every);
  timer.unref();
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await beating;
      await owners.leave(owner, now());
    },
  };
}
