import type { Clock } from '../kernel/clock.ts';
import { type Digest, digestOfJson } from '../kernel/digest.ts';
import type { JsonObject } from '../kernel/json.ts';

export interface PredictionCache<Value> {
  find(key: string): Value | undefined;
  put(key: string, value: Value): void;
  clear(): void;
}

/**
 * Caches predictions for a while; with more than `most`, the oldest is dropped.
 * @param lifetime milliseconds
 */
export function openPredictionCache<Value>(
  lifetime: number,
  now: Clock,
  most = 10_000,
): PredictionCache<Value> {
  const entries = new Map<string, { readonly value: Value; readonly until: number }>();
  return {
    find(key) {
      const found = entries.get(key);
      if (found && found.until > now()) return found.value;
      if (found) entries.delete(key);
      return undefined;
    },
    put(key, value) {
      entries.delete(key);
      entries.set(key, { value, until: now() + lifetime });
      const oldest = entries.size > most ? entries.keys().next() : undefined;
      if (oldest && !oldest.done) entries.delete(oldest.value);
    },
    clear: () => entries.clear(),
  };
}

/** The key of a request, of the same length for all: a cache of large requests stays small. */
export function cacheKey(request: JsonObject): Digest {
  return digestOfJson(request);
}
