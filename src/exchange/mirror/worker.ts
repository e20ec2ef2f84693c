import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { formatCause } from '../../kernel/errors.ts';
import type { Random } from '../../kernel/random.ts';
import type { StreamGroup } from './change.ts';
import { type DeliverDeps, openDeliverer } from './deliver.ts';
import { type Backoff, openBackoff, openOutage, pauseAfter } from './outage.ts';
import type { PendingChanges } from './queue.ts';

export interface MirrorDeps extends Omit<DeliverDeps, 'signal'> {
  readonly random: Random;
  /** Queues every later write. Called at each renewal of the lease, because another process can stop it. */
  readonly watch: () => Promise<void>;
}

export interface MirrorOptions {
  /** Milliseconds between two looks at an empty queue. @default 500 */
  readonly every?: number;
  /** Whether no other process can use the queue, so that the lease of a dead one is free. @default false */
  readonly alone?: boolean;
}

/** Changes that are read at once. */
const atOnce: Readonly<Record<StreamGroup, number>> = { metadata: 3000, files: 50 };
/** Another process takes over when the lease was not renewed for so long. */
const leaseLasts = 60_000;
const renewEvery = 15_000;
const measureEvery = 2000;
const drainEvery = 50;
/** An error of this side counts as so many failures of the other server: half a minute's pause. */
const attemptsForError = 7;

/** Sends queued changes in the background until it is closed; the rest stays in the queue. Closes the target too. */
export interface Mirror extends AsyncDisposable {
  /** Waits until the queue is empty, the other server is away, or `most` milliseconds are over. */
  drain(most: number): Promise<void>;
}

export function openMirror(given: MirrorDeps, { every = 500, alone = false }: MirrorOptions = {}): Mirror {
  const closing = new AbortController();
  const { signal } = closing;
  const deps = { ...given, signal };
  const { queue, now, log } = deps;
  const lease = openLease(deps, alone);
  const measure = openMeasure(deps);
  const deliverer = openDeliverer(deps);
  const outage = openOutage(deps);

  const deliver = async (pending: PendingChanges, backoff: Backoff): Promise<void> => {
    const { stream } = pending;
    const outcome = await deliverer.deliver(pending).catch((error: unknown) => {
      if (!signal.aborted) log.error('the mirror failed at a change', { stream, error: String(error) });
      return { kind: 'failed', attempts: attemptsForError } as const;
    });
    if (outcome.kind === 'away') return outage.report(outcome);
    if (outcome.kind === 'failed') return backoff.start(stream, outcome.attempts);
    outage.end();
    backoff.end(stream);
  };
  let isMlflow = false;
  const isReachable = async (): Promise<boolean> => {
    if (isMlflow) return true;
    try {
      await deps.target.check();
      isMlflow = true;
      return true;
    } catch (error) {
      outage.report({ after: undefined, reason: formatCause(error) });
      return false;
    }
  };
  const loop = async (group: StreamGroup, backoff: Backoff): Promise<void> => {
    while (!signal.aborted) {
      await measure();
      // The lease is renewed during an outage too, so that other processes see that this one still sends.
      const canSend = (await lease.isHeld()) && !outage.isOn() && (await isReachable());
      const except = backoff.streams();
      const pending = canSend ? await queue.next({ group, except, limit: atOnce[group] }) : undefined;
      await (pending ? deliver(pending, backoff) : pause(every, signal));
    }
  };
  const loopUntilClosed = async (group: StreamGroup): Promise<void> => {
    const backoff = openBackoff(deps);
    while (!signal.aborted)
      await loop(group, backoff).catch(async (error: unknown) => {
        if (signal.aborted) return;
        log.error('the queue of the mirror failed', { group, error: String(error) });
        await pause(pauseAfter(attemptsForError, deps.random), signal);
      });
  };
  const loops = Promise.all([loopUntilClosed('metadata'), loopUntilClosed('files')]);

  return {
    async drain(most) {
      const end = now() + most;
      while (now() < end && !outage.isOn() && (await queue.backlog()).waiting > 0)
        await pause(drainEvery, signal);
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
      await deps.target[Symbol.asyncDispose]();
      await loops;
      await lease.release(now());
    },
  };
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal, ref: false }).catch(() => undefined);
}

/** Whether this process is the one that sends. The lease is renewed on the way. */
function openLease(
  { queue, now, watch }: Pick<MirrorDeps, 'queue' | 'now' | 'watch'>,
  alone: boolean,
): {
  isHeld(): Promise<boolean>;
  release(at: number): Promise<void>;
} {
  const holder = randomUUID();
  let until = 0;
  let renewedAt = 0;
  let first = alone;
  return {
    async isHeld() {
      const at = now();
      if (at - renewedAt < renewEvery) return until > at;
      renewedAt = at;
      // Where no other process can have the lease, its holder is dead: any time is late enough to take it.
      const isOurs = await queue.acquireLease({
        holder,
        now: first ? Number.MAX_SAFE_INTEGER : at,
        until: at + leaseLasts,
      });
      first = false;
      until = isOurs ? at + leaseLasts : 0;
      if (isOurs) await watch();
      return isOurs;
    },
    async release(at) {
      if (until > at) await queue.acquireLease({ holder, now: at, until: 0 });
    },
  };
}

function openMeasure({
  queue,
  meter,
  now,
}: Pick<MirrorDeps, 'queue' | 'meter' | 'now'>): () => Promise<void> {
  let next = 0;
  return async () => {
    const at = now();
    if (at < next) return;
    next = at + measureEvery;
    const { waiting, oldest, refused } = await queue.backlog();
    // Counting takes longer the more there is to count.
    next = at + Math.max(measureEvery, waiting / 10);
    meter.set('modelyard_mirror_backlog', {}, waiting);
    meter.set(
      'modelyard_mirror_oldest_seconds',
      {},
      oldest === undefined ? 0 : Math.max(0, at - oldest) / 1000,
    );
    meter.set('modelyard_mirror_refused', {}, refused);
  };
}
