import type { Clock } from '../kernel/clock.ts';

export interface PredictionCache<Value> {
  find(key: string): Value | undefined;
  keep(key: string, value: Value): void;
  clear(): void;
}

/**
 * Answers that are given again for a while; beyond `most`, the one that was kept first is forgotten.
 * @param lifetime milliseconds
 */
export function openPredictionCache<Value>(
  lifetime: number,
  now: Clock,
  most = 10_000,
): PredictionCache<Value> {
  const kept = new Map<string, { readonly value: Value; readonly until: number }>();
  return {
    find(key) {
      const found = kept.get(key);
      if (found && found.until > now()) return found.value;
      if (found) kept.delete(key);
      return undefined;
    },
    keep(key, value) {
      kept.delete(key);
      kept.set(key, { value, until: now() + lifetime });
      const oldest = kept.size > most ? kept.keys().next() : undefined;
      if (oldest && !oldest.done) kept.delete(oldest.value);
    },
    clear: () => kept.clear(),
  };
}
