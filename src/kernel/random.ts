/** Uniform numbers in [0, 1). Code that needs randomness takes one, so that a seed determines the result. */
export type Random = () => number;

/** A standard normal number by Box and Muller's transform (Annals of Mathematical Statistics 29(2), 1958). */
export function normalNumber(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Marsaglia's xorshift128 (Journal of Statistical Software 8(14), 2003), with its state filled from the seed by splitmix32. */
export function seededRandom(seed: number): Random {
  let fill = seed >>> 0;
  const next = (): number => {
    fill = (fill + 0x9e3779b9) >>> 0;
    let mixed = fill ^ (fill >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
  let [x, y, z, w] = [next(), next(), next(), next() | 1];
  return () => {
    const shifted = x ^ (x << 11);
    [x, y, z] = [y, z, w];
    w = (w ^ (w >>> 19) ^ shifted ^ (shifted >>> 8)) >>> 0;
    return w / 2 ** 32;
  };
}
