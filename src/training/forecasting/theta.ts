import { minimise } from './minimise.ts';
import { fromLogs, type Logarithms } from './logarithms.ts';
import { decompose, deseasonalise, isSeasonal, reseasonalise, type Season } from './season.ts';
import { isConstant, lineThrough, mean } from './statistics.ts';

export interface ThetaOptions {
  /** Optimises theta, and updates the line as values come (Fiorucci et al. 2016). @default false: theta is 2 */
  readonly dynamic: boolean;
  /** Forecasts logarithms; only for positive values. */
  readonly log: Logarithms;
}

export interface ThetaModel {
  readonly dynamic: boolean;
  readonly alpha: number;
  readonly theta: number;
  /** The smoothed level before the first value. */
  readonly level: number;
}

/**
 * Theta as the state space models of Fiorucci et al. (2016): a level by exponential smoothing beside the line through the
 * values. A significant season is taken out first and multiplied back.
 */
export function thetaForecast(
  values: Float64Array,
  { period, horizon, dynamic, log }: ThetaOptions & { readonly period: number; readonly horizon: number },
): Float64Array {
  if (values.length < 4 || isConstant(values)) return new Float64Array(horizon).fill(values.at(-1) as number);
  const learned = log ? values.map(Math.log) : values;
  const season = seasonOf(learned, period, log);
  const flat = season ? deseasonalise(learned, season) : learned;
  const scaled = { values: flat, line: lineThrough(flat), scale: mean(flat.map(Math.abs)) || 1 };
  const { forecast, variance } = runTheta(scaled, fitTheta(scaled, dynamic), horizon);
  const path = season ? reseasonalise(forecast, season, values.length) : forecast;
  return log ? fromLogs(path, log, variance) : path;
}

function seasonOf(values: Float64Array, period: number, log: Logarithms): Season | undefined {
  if (!isSeasonal(values, period)) return undefined;
  if (log || values.some((value) => value <= 0)) return decompose(values, period, 'additive');
  const season = decompose(values, period, 'multiplicative');
  return season.figure.some((share) => share < 0.01) ? decompose(values, period, 'additive') : season;
}

/** What every run over the values needs of them. */
interface Scaled {
  readonly values: Float64Array;
  readonly line: ReturnType<typeof lineThrough>;
  /** The mean size of a value. */
  readonly scale: number;
}

function fitTheta(scaled: Scaled, dynamic: boolean): ThetaModel {
  const { scale } = scaled;
  const model = (at: Float64Array): ThetaModel => ({
    dynamic,
    alpha: at[0] as number,
    level: (at[1] as number) * scale,
    theta: dynamic ? (at[2] as number) : 2,
  });
  const first = (scaled.values[0] as number) / scale;
  const { at } = minimise(
    (parameters) => runTheta(scaled, model(parameters), 0).cost,
    [
      { start: 0.5, low: 0.1, high: 0.99 },
      { start: first / 2, low: -Infinity, high: Infinity, step: 0.25 },
      ...(dynamic ? [{ start: 2, low: 1, high: 1e10, step: 0.5 }] : []),
    ],
  );
  return model(at);
}

interface ThetaRun {
  readonly forecast: Float64Array;
  /** The sum of squared one-step errors from the fourth value on, in mean sizes of a value. */
  readonly cost: number;
  /** Of the one-step errors. */
  readonly variance: number;
}

function runTheta({ values, line, scale }: Scaled, model: ThetaModel, horizon: number): ThetaRun {
  const { dynamic, alpha, theta } = model;
  const count = values.length;
  const first = values[0] as number;
  const pull = 1 - 1 / theta;
  let level = alpha * first + (1 - alpha) * model.level;
  let middle = first;
  // The line's level is meant at position 0 before the first value, which has position 1.
  let lineLevel = dynamic ? first : line.level - line.slope;
  let slope = dynamic ? 0 : line.slope;
  let kept = 1;
  let squares = 0;
  const forecast = new Float64Array(horizon);
  for (let at = 1; at < count + horizon; at++) {
    kept *= 1 - alpha;
    const expected = level + pull * (lineLevel * kept + (slope * (1 - kept * (1 - alpha))) / alpha);
    const value = at < count ? (values[at] as number) : expected;
    if (at >= count) forecast[at - count] = expected;
    else if (at >= 3) squares += (value - expected) ** 2;
    if (dynamic) {
      slope = ((at - 1) * slope + (6 * (value - middle)) / (at + 1)) / (at + 2);
      middle = (at * middle + value) / (at + 1);
      lineLevel = middle - (slope * (at + 2)) / 2;
    }
    level = alpha * value + (1 - alpha) * level;
  }
  return { forecast, cost: squares / scale ** 2, variance: squares / Math.max(1, count - 3) };
}
