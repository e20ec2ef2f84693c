import { openMlflowClient } from '../../adapters/mlflow/client.ts';
import { mlflowTarget } from '../../adapters/mlflow/mirror/target.ts';
import type { Database } from '../../adapters/sql/database.ts';
import { sqlMirrorQueue } from '../../adapters/sql/mirror/mirror-queue.ts';
import { ignoreWrites, readWatching, watchWrites } from '../../adapters/sql/mirror/mirror-triggers.ts';
import type { MirrorQueue } from '../../exchange/mirror/queue.ts';
import type { MirrorTarget } from '../../exchange/mirror/target.ts';
import { openMirror } from '../../exchange/mirror/worker.ts';
import { systemClock } from '../../kernel/clock.ts';
import type { Closers } from '../../kernel/closers.ts';
import type { Log } from '../../kernel/log.ts';
import { type Meter, silentMeter } from '../../kernel/meter.ts';
import type { Random } from '../../kernel/random.ts';
import type { MirrorConfig } from '../config/mirror-config.ts';
import type { MlflowServices } from '../../http/mlflow/index.ts';

/** Milliseconds without a byte before a request to the other server fails. */
const idle = 20_000;

export interface MirrorOptions extends MirrorConfig {
  /** How long closing waits for changes to be sent, in milliseconds. @default 0 */
  readonly drain?: number;
  readonly meter?: Meter;
}

export function openMirrorTarget({ url, credentials }: MirrorConfig): MirrorTarget {
  return mlflowTarget(openMlflowClient({ url, credentials, idle }));
}

export function openMirrorQueue(database: Database, { url }: Pick<MirrorConfig, 'url'>): MirrorQueue {
  return sqlMirrorQueue(database, { target: addressOf(url), now: systemClock });
}

export interface WatchDeps {
  readonly database: Database;
  readonly isPostgres: boolean;
  readonly log: Log;
}

/**
 * Starts queueing changes for a mirror. Without one it stops on SQLite. On PostgreSQL the server that sends may only be
 * restarting, so queueing continues until `modelyard mirror --off`.
 */
export async function watchFor(
  mirror: MirrorConfig | undefined,
  { database, isPostgres, log }: WatchDeps,
): Promise<MirrorQueue | undefined> {
  if (mirror) {
    await watchWrites(database, isPostgres ? 'postgres' : 'sqlite');
    return openMirrorQueue(database, mirror);
  }
  if (!isPostgres) await ignoreWrites(database, 'sqlite');
  else if ((await readWatching(database, 'postgres')) === 'queueing')
    log.warn('changes are queued for a mirror, but no server sends them: modelyard mirror --off stops this');
  return undefined;
}

export interface MirrorDeps {
  readonly queue: MirrorQueue;
  readonly mlflow: MlflowServices;
  readonly random: Random;
  readonly log: Log;
  readonly database: Database;
  /** Whether no other process can use the queue. */
  readonly alone: boolean;
}

/** Sends queued changes in the background until `closers` close. */
export function startMirror(closers: Closers, options: MirrorOptions, deps: MirrorDeps): void {
  const { mlflow, alone, database, ...rest } = deps;
  const { experiments, runs, loggedModels, artifacts } = mlflow;
  const { prefix, drain = 0, meter = silentMeter } = options;
  const stores = { experiments, runs, loggedModels, artifacts, registry: mlflow.registry.store };
  const watch = (): Promise<void> => watchWrites(database, alone ? 'sqlite' : 'postgres');
  const target = openMirrorTarget(options);
  const mirror = openMirror(
    { ...rest, ...stores, meter, prefix, target, now: systemClock, watch },
    { alone },
  );
  closers.add(mirror);
  if (drain > 0) closers.defer(() => mirror.drain(drain));
}

/** Without credentials, which may change while the server stays the same. */
export function addressOf(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname.replace(/\/+$/, '');
}
