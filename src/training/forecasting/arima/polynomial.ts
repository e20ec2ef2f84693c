/** Coefficients of 1, B, B² … of a lag polynomial. */
export type Polynomial = Float64Array;

export function multiply(one: Polynomial, other: Polynomial): Polynomial {
  const product = new Float64Array(one.length + other.length - 1);
  for (let left = 0; left < one.length; left++)
    for (let right = 0; right < other.length; right++)
      product[left + right] =
        (product[left + right] as number) + (one[left] as number) * (other[right] as number);
  return product;
}

/** 1 + sign·c₁Bˢ + sign·c₂B²ˢ … */
export function polynomialOf(
  coefficients: ArrayLike<number>,
  { every, sign }: { readonly every: number; readonly sign: 1 | -1 },
): Polynomial {
  const polynomial = new Float64Array(coefficients.length * every + 1);
  polynomial[0] = 1;
  for (let at = 0; at < coefficients.length; at++)
    polynomial[(at + 1) * every] = sign * (coefficients[at] as number);
  return polynomial;
}

/**
 * Coefficients of a stationary autoregression from partial autocorrelations between -1 and 1 (Barndorff-Nielsen and
 * Schou 1973), so that a search cannot leave the stationary region.
 */
export function stationary(partials: Float64Array): Float64Array {
  let coefficients = new Float64Array(0);
  for (const partial of partials) {
    const before = coefficients;
    coefficients = Float64Array.from({ length: before.length + 1 }, (_, at) =>
      at === before.length
        ? partial
        : (before[at] as number) - partial * (before[before.length - 1 - at] as number),
    );
  }
  return coefficients;
}

/** (1 - B)^d (1 - Bˢ)^D */
export function differencing(times: number, seasonal: number, period: number): Polynomial {
  let polynomial: Polynomial = Float64Array.of(1);
  for (let at = 0; at < times; at++) polynomial = multiply(polynomial, Float64Array.of(1, -1));
  const season = polynomialOf([1], { every: period, sign: -1 });
  for (let at = 0; at < seasonal; at++) polynomial = multiply(polynomial, season);
  return polynomial;
}

/** The polynomial applied to the values: as much shorter as its degree. */
export function filterBy(values: Float64Array, polynomial: Polynomial): Float64Array {
  const degree = polynomial.length - 1;
  const filtered = new Float64Array(Math.max(0, values.length - degree));
  for (let at = 0; at < filtered.length; at++) {
    let sum = 0;
    for (let lag = 0; lag <= degree; lag++)
      sum += (polynomial[lag] as number) * (values[at + degree - lag] as number);
    filtered[at] = sum;
  }
  return filtered;
}
