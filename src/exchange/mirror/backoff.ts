import type { Random } from '../../kernel/random.ts';

const first = 500;
const longest = 60_000;

/** Milliseconds before the next attempt: doubles from half a second to a minute, and half of it is chance. */
export function pauseAfter(attempt: number, random: Random): number {
  const full = Math.min(longest, first * 2 ** Math.min(attempt - 1, 20));
  return Math.round(full / 2 + (random() * full) / 2);
}
