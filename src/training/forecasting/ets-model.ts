/** Hyndman's taxonomy: error, trend and season; 'A' additive, 'M' multiplicative, 'N' none, 'Ad' damped. */
export interface EtsForm {
  readonly error: 'A' | 'M';
  readonly trend: 'N' | 'A' | 'Ad';
  readonly season: 'N' | 'A' | 'M';
}

export interface EtsModel extends EtsForm {
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
  readonly phi: number;
  readonly level: number;
  readonly slope: number;
  /** The seasonal states before the first value, in the order of the positions. */
  readonly figure: Float64Array;
}

export interface EtsRun {
  /** Minus twice the log-likelihood without its constants: n log Σe², plus the scale of relative errors. */
  readonly loss: number;
  readonly forecast: Float64Array;
}

interface RunOptions {
  readonly horizon: number;
  /** Where the seasonal states are written, for callers that run many models. @default a new array */
  readonly states?: Float64Array;
}

/** Filters the values and forecasts `horizon` steps without errors (Hyndman, Koehler, Ord and Snyder 2008, table 2.1). */
export function runEts(values: Float64Array, model: EtsModel, { horizon, states }: RunOptions): EtsRun {
  const { error, trend, season, alpha, gamma } = model;
  const phi = trend === 'Ad' ? model.phi : 1;
  const share = trend === 'N' || alpha === 0 ? 0 : model.beta / alpha;
  const figure = season === 'N' ? one : (states ?? new Float64Array(model.figure.length));
  if (season !== 'N') figure.set(model.figure);
  const period = figure.length;
  const relative = error === 'M';
  const count = values.length;
  const forecast = new Float64Array(horizon);
  let level = model.level;
  let slope = trend === 'N' ? 0 : model.slope;
  let squares = 0;
  let logs = 0;
  // Logarithms are slow, so they are taken of products.
  let product = 1;
  let position = 0;
  for (let at = 0; at < count + horizon; at++) {
    const damped = phi * slope;
    const base = level + damped;
    const state = figure[position] as number;
    const expected = season === 'N' ? base : season === 'A' ? base + state : base * state;
    if (at >= count) forecast[at - count] = expected;
    const value = at < count ? (values[at] as number) : expected;
    const miss = value - expected;
    if (at < count) {
      if (relative) {
        if (expected <= 0) return { loss: Infinity, forecast };
        product *= expected;
        if (product > 1e200 || product < 1e-200) {
          logs += Math.log(product);
          product = 1;
        }
        squares += (miss / expected) ** 2;
      } else squares += miss * miss;
    }
    const flat = season === 'N' ? value : season === 'A' ? value - state : value / state;
    const next = base + alpha * (flat - base);
    if (trend !== 'N') slope = damped + share * (next - level - damped);
    level = next;
    if (season !== 'N') {
      const seen = season === 'A' ? value - base : value / base;
      figure[position] = state + gamma * (seen - state);
    }
    position = position + 1 === period ? 0 : position + 1;
  }
  return { loss: count * Math.log(Math.max(squares, 1e-300)) + 2 * (logs + Math.log(product)), forecast };
}

const one = Float64Array.of(1);
