/**
 * e to the power of a float32, rounded to float32 as the C library rounds it (ARM's optimized routines, which glibc has used
 * since 2.27), so that probabilities equal those of XGBoost: 2^(k/32) from a table times a cubic in the remainder.
 */
export function expFloat32(x: number): number {
  if (x > 88.72283172607422) return Infinity;
  if (x < -103.97208404541016) return 0;
  const scaled = steps * Math.LOG2E * x;
  const k = Math.round(scaled);
  const r = scaled - k;
  const power = (powers[k & (steps - 1)] as number) * 2 ** (k >> stepBits);
  return Math.fround(((cubic * r + square) * (r * r) + (linear * r + 1)) * power);
}

const stepBits = 5;
const steps = 2 ** stepBits;
const powers = Float64Array.from({ length: steps }, (_, k) => 2 ** (k / steps));
const cubic = 0.05550361559341535 / steps ** 3;
const square = 0.2402284522445722 / steps ** 2;
const linear = 0.6931471806916203 / steps;
