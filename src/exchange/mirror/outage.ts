import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Random } from '../../kernel/random.ts';
import type { Stream } from './change.ts';

const firstPause = 500;
const longestPause = 60_000;
/** The longest wait that the other server can ask for. */
const longestWait = 600_000;

/** Milliseconds before the next attempt: doubles from half a second to a minute; half of it is random. */
export function pauseAfter(attempt: number, random: Random): number {
  const full = Math.min(longestPause, firstPause * 2 ** Math.min(attempt - 1, 20));
  return Math.round(full / 2 + (random() * full) / 2);
}

interface OutageDeps {
  readonly now: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Whether the other server is away: nothing is sent then. */
export interface Outage {
  /** Another request failed. @param away `after`: milliseconds that the other server asked to wait */
  report(away: { readonly after: number | undefined; readonly reason: string }): void;
  isOn(): boolean;
  end(): void;
}

export function openOutage({ now, random, log }: OutageDeps): Outage {
  let attempts = 0;
  let until = 0;
  return {
    report({ after = 0, reason }) {
      attempts += 1;
      if (attempts === 1) log.warn('the mirror is away: changes are queued', { reason });
      until = now() + Math.max(Math.min(after, longestWait), pauseAfter(attempts, random));
    },
    isOn: () => until > now(),
    end() {
      if (attempts) log.info('the mirror is back', { attempts });
      [attempts, until] = [0, 0];
    },
  };
}

/** Streams that are backing off: the other server failed at them while it answered others. */
export interface Backoff {
  streams(): readonly Stream[];
  start(stream: Stream, attempts: number): void;
  end(stream: Stream): void;
}

export function openBackoff({ now, random }: Pick<OutageDeps, 'now' | 'random'>): Backoff {
  const ends = new Map<Stream, number>();
  return {
    streams: () => [...ends].filter(([, until]) => until > now()).map(([stream]) => stream),
    start: (stream, attempts) => void ends.set(stream, now() + pauseAfter(attempts, random)),
    end: (stream) => void ends.delete(stream),
  };
}
