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
  const { trend, season, alpha, gamma } = model;
  const relative = model.error === 'M';
  const [trended, seasonal, additive] = [trend !== 'N', season !== 'N', season === 'A'];
  const phi = trend === 'Ad' ? model.phi : 1;
  const share = trended && alpha !== 0 ? model.beta / alpha : 0;
  const figure = seasonal ? (states ?? new Float64Array(model.figure.length)) : one;
  if (seasonal) figure.set(model.figure);
  const period = figure.length;
  const count = values.length;
  let level = model.level;
  let slope = trended ? model.slope : 0;
  let squares = 0;
  let logs = 0;
  // Logarithms are slow, so they are taken of products.
  let product = 1;
  let position = 0;
  for (let at = 0; at < count; at++) {
    const damped = phi * slope;
    const base = level + damped;
    const state = figure[position] as number;
    const expected = seasonal ? (additive ? base + state : base * state) : base;
    const miss = (values[at] as number) - expected;
    let error = miss;
    if (relative) {
      if (expected <= 0) return { loss: Infinity, forecast: nothing };
      product *= expected;
      if (product > 1e200 || product < 1e-200) {
        logs += Math.log(product);
        product = 1;
      }
      error = miss / expected;
    }
    squares += error * error;
    // A season is only multiplicative beside a relative error, so that both states move by it.
    const next = seasonal && !additive ? base * (1 + alpha * error) : base + alpha * miss;
    if (trended) slope = damped + share * (next - level - damped);
    level = next;
    if (seasonal) figure[position] = additive ? state + gamma * miss : state * (1 + gamma * error);
    position = position + 1 === period ? 0 : position + 1;
  }
  const loss = count * Math.log(Math.max(squares, 1e-300)) + 2 * (logs + Math.log(product));
  if (horizon === 0) return { loss, forecast: nothing };
  const forecast = Float64Array.from({ length: horizon }, (_, step) => {
    slope *= phi;
    level += slope;
    const state = figure[(position + step) % period] as number;
    return seasonal ? (additive ? level + state : level * state) : level;
  });
  return { loss, forecast };
}

const one = Float64Array.of(1);
const nothing = new Float64Array(0);
