/** Points in (0, 1) and their weights. */
export interface Quadrature {
  readonly points: Float64Array;
  readonly weights: Float64Array;
}

/**
 * Gauss–Legendre quadrature on [0, 1]: with n points it integrates polynomials up to degree 2n − 1 exactly. The points
 * are the zeros of the Legendre polynomial by Newton's method (Abramowitz and Stegun, 25.4.29 and 25.4.30).
 */
export function gaussLegendre(count: number): Quadrature {
  const points = new Float64Array(count);
  const weights = new Float64Array(count);
  for (let at = 0; at < count; at++) {
    let x = Math.cos((Math.PI * (at + 0.75)) / (count + 0.5));
    let { value, slope } = legendre(count, x);
    for (let step = 0; step < 20 && Math.abs(value) > 1e-16; step++) {
      x -= value / slope;
      ({ value, slope } = legendre(count, x));
    }
    points[at] = (1 + x) / 2;
    weights[at] = 1 / ((1 - x * x) * slope * slope);
  }
  return { points, weights };
}

/** Bonnet's recursion, and the derivative that follows from it. */
function legendre(degree: number, x: number): { value: number; slope: number } {
  let [before, value] = [1, x];
  for (let k = 2; k <= degree; k++)
    [before, value] = [value, ((2 * k - 1) * x * value - (k - 1) * before) / k];
  return { value, slope: (degree * (x * value - before)) / (x * x - 1) };
}
