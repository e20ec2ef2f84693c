import type { Clock } from '../kernel/clock.ts';

export type Admission =
  | { readonly admitted: true }
  | { readonly admitted: false; /** Milliseconds. */ readonly retryAfter: number };

export interface RateLimit {
  admit(key: string): Admission;
}

/**
 * A token bucket a key: `burst` requests at once, refilled evenly over `per` milliseconds. Full buckets are forgotten,
 * so that memory is bounded by the keys of the last `per`.
 */
export function openRateLimit(
  { burst, per }: { readonly burst: number; readonly per: number },
  now: Clock,
): RateLimit {
  const buckets = new Map<string, { tokens: number; at: number }>();
  let sweptAt = now();
  const refilled = (bucket: { readonly tokens: number; readonly at: number }, at: number): number =>
    Math.min(burst, bucket.tokens + ((at - bucket.at) * burst) / per);
  const sweep = (at: number): void => {
    if (at - sweptAt < per) return;
    sweptAt = at;
    for (const [key, bucket] of buckets) if (refilled(bucket, at) >= burst) buckets.delete(key);
  };
  return {
    admit(key) {
      const at = now();
      sweep(at);
      const tokens = refilled(buckets.get(key) ?? { tokens: burst, at }, at);
      buckets.set(key, { tokens: tokens >= 1 ? tokens - 1 : tokens, at });
      return tokens >= 1
        ? { admitted: true }
        : { admitted: false, retryAfter: Math.ceil(((1 - tokens) * per) / burst) };
    },
  };
}
