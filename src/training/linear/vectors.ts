export function dot(one: Float64Array, other: Float64Array, length: number = one.length): number {
  let sum = 0;
  for (let at = 0; at < length; at++) sum += (one[at] as number) * (other[at] as number);
  return sum;
}

/** Adds a multiple of another vector in place. */
export function addScaled(to: Float64Array, other: Float64Array, share: number): void {
  for (let at = 0; at < to.length; at++) to[at] = (to[at] as number) + share * (other[at] as number);
}
