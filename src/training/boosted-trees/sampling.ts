import type { Random } from '../../kernel/random.ts';

/**
 * Draws a share of the numbers below `count` without replacement, at least one, in ascending order: each number is taken
 * with the chance that fills what is still to draw (Knuth, TAOCP 2, §3.4.2, algorithm S). A share of 1 draws nothing.
 */
export function drawShare(count: number, share: number, random: Random): Int32Array {
  const wanted = Math.min(count, Math.max(1, Math.round(count * share)));
  if (wanted === count) return numbersUpTo(count);
  const drawn = new Int32Array(wanted);
  let taken = 0;
  for (let number = 0; taken < wanted; number++)
    if ((count - number) * random() < wanted - taken) drawn[taken++] = number;
  return drawn;
}

/** 0, 1, 2 … */
function numbersUpTo(count: number): Int32Array {
  const numbers = new Int32Array(count);
  for (let at = 0; at < count; at++) numbers[at] = at;
  return numbers;
}
