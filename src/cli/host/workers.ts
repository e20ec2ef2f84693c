import { systemClock } from '../../kernel/clock.ts';
import type { Closers } from '../../kernel/closers.ts';
import type { Log } from '../../kernel/log.ts';
import { openWebhookWorker } from '../../registry/webhooks/delivery.ts';
import { openHeartbeat } from '../../tracking/heartbeat.ts';
import type { ProjectHost } from './host.ts';
import { type MirrorOptions, startMirror } from './mirror-state.ts';
import type { State } from './state.ts';

/** Says that this process runs pipelines, and marks the runs of those that are gone. */
export async function startHeartbeat(closers: Closers, state: State, log: Log): Promise<void> {
  const { owners, owner, stores, alone } = state;
  // The file of SQLite has one process: what says RUNNING was left by another.
  if (alone) await stores.tracking.runs.killUnfinished(systemClock());
  else closers.add(await openHeartbeat({ owners, owner, now: systemClock, log }));
}

export interface BackgroundOptions {
  readonly log: Log;
  /** Where everything is sent to as well. @default nowhere */
  readonly mirror?: MirrorOptions | undefined;
}

/** Starts what a server does besides answering: runs of dead processes are marked, webhooks and the mirror are sent. */
export async function startBackground(
  closers: Closers,
  state: State,
  { log, mirror }: BackgroundOptions,
): Promise<void> {
  await startHeartbeat(closers, state, log);
  startWebhooks(closers, state, log);
  startMirrorOf(closers, state, { log, mirror });
}

const followEvery = 5000;

/**
 * Lets endpoints look where their aliases point, until `closers` close: each time where other processes have the database,
 * else only while one of them has a problem, which may pass.
 */
export function startFollowing(
  closers: Closers,
  host: Pick<ProjectHost, 'project'>,
  { alone, log }: Following,
): void {
  let looking: Promise<void> | undefined;
  const look = (): void => {
    const project = host.project();
    const hasProblem = [...project.endpoints.values()].some((endpoint) => endpoint.problem());
    if (alone && !hasProblem) return;
    looking ??= project
      .followAll()
      .catch((error: unknown) => log.error('aliases were not read', { error: String(error) }))
      .finally(() => (looking = undefined));
  };
  const timer = setInterval(look, followEvery).unref();
  closers.defer(async () => {
    clearInterval(timer);
    await looking;
  });
}

interface Following {
  /** Whether no other process can have the database. */
  readonly alone: boolean;
  readonly log: Log;
}

/** Sends the changes that wait for the mirror, until `closers` close. */
export function startMirrorOf(closers: Closers, state: State, { log, mirror }: BackgroundOptions): void {
  const { mirrorQueue: queue, mlflow, random, database, alone } = state;
  if (mirror && queue) startMirror(closers, mirror, { queue, mlflow, random, log, database, alone });
}

/** Delivers webhook events as they are queued, until `closers` close. */
export function startWebhooks(closers: Closers, { mlflow, random, stores }: State, log: Log): void {
  const { store: webhooks, secrets, send, now } = mlflow.webhooks;
  const worker = closers.add(openWebhookWorker({ webhooks, secrets, send, now, random, log }));
  closers.defer(async () => stop());
  const stop = stores.registry.onEventQueued(() => worker.wake());
}
