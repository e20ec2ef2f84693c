/** The path of an SVG line through values; a null leaves a gap. */
export function pathOf(
  values: readonly (number | null)[],
  atX: (index: number) => number,
  atY: (value: number) => number,
): string {
  let path = '';
  let isPenDown = false;
  for (const [index, value] of values.entries()) {
    if (value !== null) path += `${isPenDown ? 'L' : 'M'}${atX(index).toFixed(2)},${atY(value).toFixed(2)}`;
    isPenDown = value !== null;
  }
  return path;
}

/**
 * An exponential moving average whose start is not pulled towards zero: each mean is divided by the weight that it has
 * gathered so far, as TensorBoard does.
 * @param weight of what came before, from 0 (nothing changes) to below 1
 */
export function smoothed(values: readonly (number | null)[], weight: number): readonly (number | null)[] {
  if (weight <= 0) return values;
  let mean = 0;
  let gathered = 0;
  return values.map((value) => {
    if (value === null) return null;
    mean = mean * weight + value * (1 - weight);
    gathered = gathered * weight + (1 - weight);
    return mean / gathered;
  });
}
