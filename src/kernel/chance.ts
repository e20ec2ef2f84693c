/** Random draws for a simulation. The same seed gives the same draws. */
export interface Chance {
  /** Uniform in [0, 1). */
  next(): number;
  /** True this share of the time. */
  happens(share: number): boolean;
  /** A whole number from 0 up to, and without, `count`. */
  below(count: number): number;
  /** Normal with mean 0 and deviation 1, as the sum of twelve uniform draws less six. */
  normal(): number;
}

const modulus = 2_147_483_647;
const multiplier = 48_271;

/** The multiplicative generator of Park, Miller and Stockmeyer, Communications of the ACM 36(7), 1993. */
export function chanceOf(seed: number): Chance {
  let state = (Math.abs(Math.trunc(seed)) % (modulus - 1)) + 1;
  const next = (): number => {
    state = (state * multiplier) % modulus;
    return (state - 1) / (modulus - 1);
  };
  // Close seeds start with similar draws.
  for (let draw = 0; draw < 8; draw += 1) next();
  return {
    next,
    happens: (share) => next() < share,
    below: (count) => Math.floor(next() * count),
    normal: () => Array.from({ length: 12 }, next).reduce((total, draw) => total + draw, -6),
  };
}

/** One of the items. */
export function pick<Item>(items: readonly [Item, ...Item[]], chance: Chance): Item {
  return items[chance.below(items.length)] ?? items[0];
}
