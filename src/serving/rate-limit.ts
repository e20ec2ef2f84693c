import type { Clock } from '../kernel/clock.ts';

export type Admission =
  | { readonly admitted: true }
  | { readonly admitted: false; /** Milliseconds. */ readonly retryAfter: number };

export interface RateLimit {
  /** Takes `count` tokens of a key, or none. @param count at most the burst, because more are never admitted */
  admit(key: string, count?: number): Admission;
}

/**
 * A token bucket for each key: `burst` rows at once, refilled evenly over `per` milliseconds. Full buckets are dropped,
 * so that memory is bounded by the keys of the last `per`.
 */
export function openRateLimit(
  { burst, per }: { readonly burst: number; readonly per: number },
  now: Clock,
): RateLimit {
  const buckets = new Map<string, { tokens: number; at: number }>();
  let sweptAt = now();
  /** A clock that steps back refills nothing; time counts again from then. */
  const refilled = (bucket: { readonly tokens: number; readonly at: number }, at: number): number =>
    Math.min(burst, bucket.tokens + (Math.max(0, at - bucket.at) * burst) / per);
  const sweep = (at: number): void => {
    if (at >= sweptAt && at - sweptAt < per) return;
    sweptAt = at;
    for (const [key, bucket] of buckets) if (refilled(bucket, at) >= burst) buckets.delete(key);
  };
  return {
    admit(key, count = 1) {
      const at = now();
      sweep(at);
      const tokens = refilled(buckets.get(key) ?? { tokens: burst, at }, at);
      const admitted = tokens >= count;
      buckets.set(key, { tokens: admitted ? tokens - count : tokens, at });
      return admitted ? { admitted } : { admitted, retryAfter: Math.ceil(((count - tokens) * per) / burst) };
    },
  };
}
