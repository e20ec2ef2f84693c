import type { Random } from '../../kernel/random.ts';

/**
 * Draws a share of the numbers below `count` without replacement, at least one, in ascending order (Knuth, TAOCP 2, §3.4.2,
 * algorithm S). A share of 1 uses no random numbers.
 */
export function drawShare(count: number, share: number, random: Random): Int32Array {
  const quota = Math.min(count, Math.max(1, Math.round(count * share)));
  if (quota === count) return numbersUpTo(count);
  const drawn = new Int32Array(quota);
  let taken = 0;
  for (let number = 0; taken < quota; number++)
    if ((count - number) * random() < quota - taken) drawn[taken++] = number;
  return drawn;
}

/** 0, 1, 2 … */
function numbersUpTo(count: number): Int32Array {
  const numbers = new Int32Array(count);
  for (let at = 0; at < count; at++) numbers[at] = at;
  return numbers;
}
