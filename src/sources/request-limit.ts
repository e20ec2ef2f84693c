import type { Clock } from '../kernel/clock.ts';

export interface RequestLimit {
  readonly requests: number;
  /** Milliseconds. */
  readonly per: number;
}

/**
 * Waits before a request, so that no window of `per` milliseconds has more than `requests` of them.
 * @param limit undefined: never waits
 */
export function openRequestLimit(
  limit: RequestLimit | undefined,
  { now, sleep }: { readonly now: Clock; readonly sleep: (ms: number) => Promise<void> },
): () => Promise<void> {
  const sent: number[] = [];
  return async () => {
    if (!limit) return;
    const first = sent.at(-limit.requests);
    const wait = first === undefined ? 0 : first + limit.per - now();
    if (wait > 0) await sleep(wait);
    sent.push(now());
    if (sent.length > limit.requests) sent.shift();
  };
}
