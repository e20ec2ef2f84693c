/** Whether logarithms are forecast, and what is returned: `true` is the mean of the values, 'median' their median. */
export type Logarithms = boolean | 'median';

/**
 * Values from forecasts of their logarithms. The exponential alone is the median: half the variance of the one-step errors
 * makes it the mean (to the second order, because the exponential of a large variance explodes).
 */
export function fromLogs(logarithms: ArrayLike<number>, log: Logarithms, variance: number): Float64Array {
  const correction = log === 'median' ? 1 : 1 + Math.min(variance, 1) / 2;
  return Float64Array.from(logarithms, (value) => Math.exp(value) * correction);
}
