import { type ReactNode, useEffect, useState } from 'react';

export { formatDay } from '../../../src/client/index.ts';

const spans = [
  { unit: 'year', ms: 31_557_600_000 },
  { unit: 'month', ms: 2_629_800_000 },
  { unit: 'day', ms: 86_400_000 },
  { unit: 'hour', ms: 3_600_000 },
  { unit: 'minute', ms: 60_000 },
] as const;

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** 'just now', '3 minutes ago', 'yesterday'. */
export function ago(at: number, now: number): string {
  const span = spans.find(({ ms }) => Math.abs(now - at) >= ms);
  return span ? relative.format(-Math.trunc((now - at) / span.ms), span.unit) : 'just now';
}

/** How long, in the largest unit that fits: '3 days', 'a few moments'. */
export function lasting(ms: number): string {
  const span = spans.find((candidate) => ms >= candidate.ms);
  if (!span) return 'a few moments';
  const count = Math.trunc(ms / span.ms);
  return `${count} ${span.unit}${count === 1 ? '' : 's'}`;
}

/** By the reader's calendar and clock, to the second. */
function exactTime(at: number): string {
  return new Date(at).toLocaleString(undefined, { dateStyle: 'full', timeStyle: 'medium' });
}

/** The present time, updated at an interval. */
export function useNow(everyMs = 15_000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

/** A relative time; the exact one on hover. */
export function Ago({ at }: { readonly at: number }): ReactNode {
  const now = useNow();
  return (
    <time dateTime={new Date(at).toISOString()} title={exactTime(at)}>
      {ago(at, now)}
    </time>
  );
}

/** How long ago something began, for 'live for 3 days'; the exact time on hover. */
export function For({ since }: { readonly since: number }): ReactNode {
  const now = useNow();
  return (
    <time dateTime={new Date(since).toISOString()} title={`since ${exactTime(since)}`}>
      {lasting(now - since)}
    </time>
  );
}
