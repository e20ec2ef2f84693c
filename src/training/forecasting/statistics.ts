export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += values[at] as number;
  return sum / values.length;
}

/** The sum of products of values and those `lag` before them. */
export function lagProduct(values: Float64Array, lag: number): number {
  let sum = 0;
  for (let at = lag; at < values.length; at++) sum += (values[at] as number) * (values[at - lag] as number);
  return sum;
}

/** Slope and level at position 0 of the least-squares line over positions 0, 1, 2 … */
export function lineThrough(values: ArrayLike<number>): { readonly level: number; readonly slope: number } {
  const count = values.length;
  if (count < 2) return { level: values[0] ?? 0, slope: 0 };
  const middle = mean(values);
  const centre = (count - 1) / 2;
  let product = 0;
  for (let at = 0; at < count; at++) product += (at - centre) * ((values[at] as number) - middle);
  const slope = (12 * product) / (count * (count * count - 1));
  return { level: middle - slope * centre, slope };
}

export function isConstant(values: ArrayLike<number>): boolean {
  for (let at = 1; at < values.length; at++) if (values[at] !== values[0]) return false;
  return true;
}
