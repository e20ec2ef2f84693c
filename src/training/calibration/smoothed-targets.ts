import type { Values } from '../metrics/rows.ts';

/**
 * What a calibration aims at instead of 1 and 0: (N₊ + 1) / (N₊ + 2) for yes and 1 / (N₋ + 2) for no (Platt, 1999). Few rows
 * do not show that a probability is 0 or 1.
 * @param truth 1 for yes and 0 for no
 */
export function smoothedTargets(truth: Values): Float64Array {
  const yes = Array.from(truth).filter((value) => value === 1).length;
  const no = truth.length - yes;
  return Float64Array.from(truth, (value) => (value === 1 ? (yes + 1) / (yes + 2) : 1 / (no + 2)));
}
