import { lagProduct, mean } from './statistics.ts';

export type SeasonKind = 'additive' | 'multiplicative';

/** The season of each position, position 0 being that of the first value: sums to 0, or has the mean 1. */
export interface Season {
  readonly kind: SeasonKind;
  readonly figure: Float64Array;
}

/**
 * The season by classical decomposition: the mean distance of each position from a centred moving average. The series must
 * have two seasons at least.
 */
export function decompose(values: Float64Array, period: number, kind: SeasonKind): Season {
  const trend = centredAverage(values, period);
  const sums = new Float64Array(period);
  const counts = new Float64Array(period);
  for (let at = 0; at < values.length; at++) {
    const level = trend[at] as number;
    if (Number.isNaN(level)) continue;
    const distance = kind === 'additive' ? (values[at] as number) - level : (values[at] as number) / level;
    sums[at % period] = (sums[at % period] as number) + distance;
    counts[at % period] = (counts[at % period] as number) + 1;
  }
  const figure = sums.map((sum, position) => sum / (counts[position] as number));
  const middle = mean(figure);
  return { kind, figure: figure.map((value) => (kind === 'additive' ? value - middle : value / middle)) };
}

/** The values without their season. */
export function deseasonalise(values: Float64Array, { kind, figure }: Season): Float64Array {
  return values.map((value, at) => {
    const season = figure[at % figure.length] as number;
    return kind === 'additive' ? value - season : value / season;
  });
}

/** Adds the season to values of which the first has the position `from`. */
export function reseasonalise(values: Float64Array, { kind, figure }: Season, from: number): Float64Array {
  return values.map((value, at) => {
    const season = figure[(from + at) % figure.length] as number;
    return kind === 'additive' ? value + season : value * season;
  });
}

/** The moving average over a season, NaN for the half season at both ends. An even season weighs its two ends by half. */
function centredAverage(values: Float64Array, period: number): Float64Array {
  const half = Math.floor(period / 2);
  const even = period % 2 === 0;
  return values.map((_, at) => {
    if (at < half || at + half >= values.length) return Number.NaN;
    let sum = 0;
    for (let near = at - half; near <= at + half; near++) {
      const weight = even && (near === at - half || near === at + half) ? 0.5 : 1;
      sum += weight * (values[near] as number);
    }
    return sum / period;
  });
}

/**
 * Whether the autocorrelation at one season is significant at 90%, as in the M3 competition's Theta (Assimakopoulos and
 * Nikolopoulos 2000). A series shorter than two seasons has none.
 */
export function isSeasonal(values: Float64Array, period: number): boolean {
  if (period < 2 || values.length <= 2 * period) return false;
  const correlations = autocorrelations(values, period);
  const at = correlations[period] as number;
  let squares = 0;
  for (let lag = 1; lag < period; lag++) squares += (correlations[lag] as number) ** 2;
  return Math.abs(at) > 1.645 * Math.sqrt((1 + 2 * squares) / values.length);
}

/** Up to `lags`; the first is 1. */
function autocorrelations(values: Float64Array, lags: number): Float64Array {
  const middle = mean(values);
  const misses = values.map((value) => value - middle);
  const variance = lagProduct(misses, 0);
  return Float64Array.from({ length: lags + 1 }, (_, lag) =>
    variance === 0 ? 0 : lagProduct(misses, lag) / variance,
  );
}

/** From 0 for no season to 1 for nothing but season (Wang, Smith and Hyndman 2006). */
export function seasonStrength(values: Float64Array, period: number): number {
  if (period < 2 || values.length < 2 * period) return 0;
  const { figure } = decompose(values, period, 'additive');
  const trend = centredAverage(values, period);
  const rest: number[] = [];
  const seasonAndRest: number[] = [];
  for (let at = 0; at < values.length; at++) {
    if (Number.isNaN(trend[at] as number)) continue;
    const detrended = (values[at] as number) - (trend[at] as number);
    seasonAndRest.push(detrended);
    rest.push(detrended - (figure[at % period] as number));
  }
  const all = varianceOf(seasonAndRest);
  return all === 0 ? 0 : Math.max(0, 1 - varianceOf(rest) / all);
}

function varianceOf(values: readonly number[]): number {
  const middle = mean(values);
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / Math.max(1, values.length);
}
