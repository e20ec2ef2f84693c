/**
 * e to the power of a float32, rounded to float32 as the C library rounds it (ARM's optimized routines, which glibc has used
 * since 2.27), so that probabilities equal those of XGBoost.
 */
export function expFloat32(x: number): number {
  if (x > 88.72283172607422) return Infinity;
  return x < -103.97208404541016 ? 0 : Math.fround(fastExp(x));
}

/**
 * e to the power of a number from −104 to 88.7, right to eight digits: 2^(k/32) from a table times a cubic in the remainder.
 * It is several times faster than Math.exp.
 */
export function fastExp(x: number): number {
  const scaled = scale * x;
  const k = Math.floor(scaled + 0.5);
  const r = scaled - k;
  const power = (fractions[k & (steps - 1)] as number) * (powers[(k >> stepBits) + lowestPower] as number);
  return ((cubic * r + square) * (r * r) + (linear * r + 1)) * power;
}

const stepBits = 5;
const steps = 2 ** stepBits;
const scale = steps * Math.LOG2E;
const lowestPower = 160;
const fractions = Float64Array.from({ length: steps }, (_, k) => 2 ** (k / steps));
const powers = Float64Array.from({ length: 2 * lowestPower }, (_, k) => 2 ** (k - lowestPower));
const cubic = 0.05550361559341535 / steps ** 3;
const square = 0.2402284522445722 / steps ** 2;
const linear = 0.6931471806916203 / steps;
