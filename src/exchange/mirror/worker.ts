import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '../../kernel/random.ts';
import { pauseAfter } from './backoff.ts';
import type { Lane, Part } from './change.ts';
import { type DeliverDeps, openDeliverer } from './deliver.ts';
import type { Turn } from './queue.ts';

export interface MirrorDeps extends Omit<DeliverDeps, 'signal'> {
  readonly random: Random;
}

export interface MirrorOptions {
  /** Milliseconds between two looks at an empty queue. @default 500 */
  readonly every?: number;
  /** Whether no other process can have the queue, so that what a dead one held is free. @default false */
  readonly alone?: boolean;
}

/** Changes of a turn. */
const atOnce: Readonly<Record<Part, number>> = { records: 3000, files: 50 };
/** A process that does not say for so long that it goes on sending has left it to others. */
const holdFor = 60_000;
const renewEvery = 15_000;
const measureEvery = 2000;
const drainLook = 50;

/** Sends in the background until it is closed; what is left then stays in the queue. The target is closed with it. */
export interface Mirror extends AsyncDisposable {
  /** Waits until nothing is left to send, the other server is away, or the time, in milliseconds, is over. */
  drain(most: number): Promise<void>;
}

export function openMirror(given: MirrorDeps, { every = 500, alone = false }: MirrorOptions = {}): Mirror {
  const closing = new AbortController();
  const { signal } = closing;
  const deps = { ...given, signal };
  const { queue, now, log } = deps;
  const hold = openHold(deps, alone);
  const measure = openMeasure(deps);
  const deliverer = openDeliverer(deps);
  const lull = openLull(deps);

  const deliverTurn = async ({ lane, ...turn }: Turn, resting: Resting): Promise<void> => {
    const outcome = await deliverer.deliver({ lane, ...turn }).catch((error: unknown) => {
      if (!signal.aborted) log.error('the mirror failed at a change', { lane, error: String(error) });
      return { kind: 'failed', times: mostTimes } as const;
    });
    if (outcome.kind === 'away') return lull.begin(outcome);
    if (outcome.kind === 'failed') return resting.rest(lane, outcome.times);
    lull.end();
    resting.wake(lane);
  };
  let isMlflow = false;
  const answers = async (): Promise<boolean> => {
    if (isMlflow) return true;
    try {
      await deps.target.check();
      isMlflow = true;
      return true;
    } catch (error) {
      lull.begin({ after: undefined, said: error instanceof Error ? error.message : String(error) });
      return false;
    }
  };
  const loop = async (part: Part, resting: Resting): Promise<void> => {
    while (!signal.aborted) {
      await measure();
      const isFree = !lull.isOn() && (await hold.has()) && (await answers());
      const except = resting.lanes();
      const turn = isFree ? await queue.next({ part, except, limit: atOnce[part] }) : undefined;
      await (turn ? deliverTurn(turn, resting) : rest(every, signal));
    }
  };
  const guarded = async (part: Part): Promise<void> => {
    const resting = openResting(deps);
    while (!signal.aborted)
      await loop(part, resting).catch(async (error: unknown) => {
        if (signal.aborted) return;
        log.error('the queue of the mirror failed', { part, error: String(error) });
        await rest(pauseAfter(mostTimes, deps.random), signal);
      });
  };
  const loops = Promise.all([guarded('records'), guarded('files')]);

  return {
    async drain(most) {
      const end = now() + most;
      while (now() < end && !lull.isOn() && (await queue.backlog()).waiting > 0)
        await rest(drainLook, signal);
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
      await deps.target[Symbol.asyncDispose]();
      await loops;
      await hold.release(now());
    },
  };
}

/** Failures of this side count as so many of the other: half a minute's pause. */
const mostTimes = 7;

async function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  await pause(milliseconds, undefined, { signal, ref: false }).catch(() => undefined);
}

interface Resting {
  lanes(): readonly Lane[];
  rest(lane: Lane, times: number): void;
  wake(lane: Lane): void;
}

/** Lanes that the other server failed at, while it answered others. */
function openResting({ now, random }: Pick<MirrorDeps, 'now' | 'random'>): Resting {
  const ends = new Map<Lane, number>();
  return {
    lanes: () => [...ends].filter(([, until]) => until > now()).map(([lane]) => lane),
    rest: (lane, times) => void ends.set(lane, now() + pauseAfter(times, random)),
    wake: (lane) => void ends.delete(lane),
  };
}

interface Lull {
  begin(away: { readonly after: number | undefined; readonly said: string }): void;
  isOn(): boolean;
  end(): void;
}

const longestLull = 600_000;

/** While the other server is away nothing is sent. */
function openLull({ now, random, log }: Pick<MirrorDeps, 'now' | 'random' | 'log'>): Lull {
  let times = 0;
  let until = 0;
  return {
    begin({ after = 0, said }) {
      times += 1;
      if (times === 1) log.warn('the mirror is away: what happens is queued', { said });
      until = now() + Math.max(Math.min(after, longestLull), pauseAfter(times, random));
    },
    isOn: () => until > now(),
    end() {
      if (times) log.info('the mirror is back', { attempts: times });
      [times, until] = [0, 0];
    },
  };
}

/** Whether this process is the one that sends; it says so again in the background. */
function openHold(
  { queue, now }: Pick<MirrorDeps, 'queue' | 'now'>,
  alone: boolean,
): {
  has(): Promise<boolean>;
  release(at: number): Promise<void>;
} {
  const holder = randomUUID();
  let until = 0;
  let asked = 0;
  let first = alone;
  return {
    async has() {
      const at = now();
      if (at - asked < renewEvery) return until > at;
      asked = at;
      // What nobody else can have is taken from whoever left it.
      const isOurs = await queue.hold({
        holder,
        now: first ? Number.MAX_SAFE_INTEGER : at,
        until: at + holdFor,
      });
      first = false;
      until = isOurs ? at + holdFor : 0;
      return isOurs;
    },
    async release(at) {
      if (until > at) await queue.hold({ holder, now: at, until: 0 });
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
    // To count takes as long as what is counted is.
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
