import { isYes } from '../../project/models/class-prediction.ts';
import type { Metric } from '../../project/models/metric.ts';
import type { ScoredBooleans } from './boolean.ts';
import { likeliest, type ScoredClasses } from './class.ts';
import { metricsOf, type ScoredRows } from './metrics-of.ts';
import type { ScoredIntervals } from './regression.ts';
import { f1Of, surprise } from './rows.ts';

/** Every metric of rows that were drawn so many times each. */
export type MetricsOfDraw = (times: Int32Array) => Readonly<Partial<Record<Metric, number>>>;

/**
 * Prepares the metrics of draws with replacement. They equal `metricsOf` of the drawn rows but for rounding, and cost one
 * pass over the rows without a copy.
 * @throws PlatformError INPUT_INVALID as `metricsOf`
 */
export function metricsOfDraws(scored: ScoredRows): MetricsOfDraw {
  metricsOf(scored);
  switch (scored.kind) {
    case 'number':
      return drawnNumbers(scored);
    case 'boolean':
      return drawnBooleans(scored);
    case 'class':
      return drawnClasses(scored);
  }
}

function drawnNumbers({ truth, predicted, low, high }: ScoredIntervals): MetricsOfDraw {
  const [y, p] = [Float64Array.from(truth), Float64Array.from(predicted)];
  const [from, to] = [Float64Array.from(low), Float64Array.from(high)];
  return (times) => {
    let [rows, absolute, squared, error, inside, width, sum] = [0, 0, 0, 0, 0, 0, 0];
    // Equal values then have a spread of exactly 0.
    const start = y[times.findIndex((count) => count > 0)] ?? 0;
    for (let row = 0; row < y.length; row++) {
      const count = times[row] as number;
      if (count === 0) continue;
      const [is, above, below] = [y[row] as number, from[row] as number, to[row] as number];
      const off = (p[row] as number) - is;
      rows += count;
      absolute += count * Math.abs(off);
      squared += count * off * off;
      error += count * off;
      width += count * (below - above);
      if (Number.isNaN(above) || Number.isNaN(below)) inside = Number.NaN;
      else if (above <= is && is <= below) inside += count;
      sum += count * (is - start);
    }
    const mean = sum / rows;
    let spread = 0;
    for (let row = 0; row < y.length; row++) {
      const count = times[row] as number;
      if (count > 0) spread += count * ((y[row] as number) - start - mean) ** 2;
    }
    return {
      mae: absolute / rows,
      rmse: Math.sqrt(squared / rows),
      r2: spread > 0 ? 1 - squared / spread : Number.NaN,
      bias: error / rows,
      intervalCoverage: inside / rows,
      intervalWidth: width / rows,
    };
  };
}

const bins = 10;

function drawnBooleans({ truth, probability }: ScoredBooleans): MetricsOfDraw {
  const [y, p] = [Uint8Array.from(truth, (value) => Number(value === 1)), Float64Array.from(probability)];
  const surprises = p.map((value, row) => surprise(y[row] === 1 ? value : 1 - value));
  const order = Int32Array.from(p.keys())
    .filter((row) => !Number.isNaN(p[row]))
    .toSorted((a, b) => (p[a] as number) - (p[b] as number));
  return (times) => {
    let [rows, correct, logLoss, brier, hits, predicted, actual] = [0, 0, 0, 0, 0, 0, 0];
    const [binSum, binYes] = [new Float64Array(bins), new Float64Array(bins)];
    for (let row = 0; row < y.length; row++) {
      const count = times[row] as number;
      if (count === 0) continue;
      const [is, value] = [y[row] as number, p[row] as number];
      if (Number.isNaN(value)) return unmeasured;
      const yes = isYes(value) ? 1 : 0;
      rows += count;
      if (yes === is) correct += count;
      logLoss += count * (surprises[row] as number);
      brier += count * (value - is) ** 2;
      hits += count * yes * is;
      predicted += count * yes;
      actual += count * is;
      const bin = Math.max(0, Math.ceil(value * bins) - 1);
      binSum[bin] = (binSum[bin] as number) + count * value;
      binYes[bin] = (binYes[bin] as number) + count * is;
    }
    let calibrationError = 0;
    for (let bin = 0; bin < bins; bin++)
      calibrationError += Math.abs((binSum[bin] as number) - (binYes[bin] as number));
    return {
      accuracy: correct / rows,
      logLoss: logLoss / rows,
      brier: brier / rows,
      auc: drawnArea({ order, p, y }, times),
      calibrationError: calibrationError / rows,
      precision: hits / predicted,
      recall: hits / actual,
      f1: f1Of(hits, predicted, actual),
    };
  };
}

const unmeasured = {
  accuracy: Number.NaN,
  logLoss: Number.NaN,
  brier: Number.NaN,
  auc: Number.NaN,
  calibrationError: Number.NaN,
  precision: Number.NaN,
  recall: Number.NaN,
  f1: Number.NaN,
};

interface Ordered {
  /** Rows by rising probability. */
  readonly order: Int32Array;
  readonly p: Float64Array;
  readonly y: Uint8Array;
}

/** The area under the curve; equal probabilities share the mean of their ranks. */
function drawnArea({ order, p, y }: Ordered, times: Int32Array): number {
  let [rows, yes, sum] = [0, 0, 0];
  for (let start = 0; start < order.length;) {
    const value = p[order[start] as number];
    let [equal, equalYes, end] = [0, 0, start];
    for (; end < order.length && p[order[end] as number] === value; end++) {
      const row = order[end] as number;
      equal += times[row] as number;
      equalYes += (times[row] as number) * (y[row] as number);
    }
    sum += equalYes * (rows + (equal + 1) / 2);
    rows += equal;
    yes += equalYes;
    start = end;
  }
  return (sum - (yes * (yes + 1)) / 2) / (yes * (rows - yes));
}

function drawnClasses({ truth, probabilities }: ScoredClasses): MetricsOfDraw {
  const classes = probabilities.length;
  const at = (row: number): number[] => probabilities.map((ofClass) => ofClass[row] as number);
  const y = Int32Array.from(truth);
  const guesses = Float64Array.from(y, (_, row) => likeliest(at(row)));
  const surprises = Float64Array.from(y, (is, row) => surprise(at(row)[is] ?? Number.NaN));
  const briers = Float64Array.from(y, (is, row) =>
    at(row).reduce((sum, value, index) => sum + (value - Number(is === index)) ** 2, 0),
  );
  return (times) => {
    let [rows, correct, logLoss, brier] = [0, 0, 0, 0];
    const hits = new Float64Array(classes);
    const [guessed, actual] = [new Float64Array(classes), new Float64Array(classes)];
    for (let row = 0; row < y.length; row++) {
      const count = times[row] as number;
      if (count === 0) continue;
      const [is, guess] = [y[row] as number, guesses[row] as number];
      rows += count;
      logLoss += count * (surprises[row] as number);
      brier += count * (briers[row] as number);
      if (Number.isNaN(guess)) {
        correct = Number.NaN;
        continue;
      }
      guessed[guess] = (guessed[guess] as number) + count;
      actual[is] = (actual[is] as number) + count;
      if (guess !== is) continue;
      correct += count;
      hits[is] = (hits[is] as number) + count;
    }
    const scores = Array.from(hits, (count, index) =>
      f1Of(count, guessed[index] as number, actual[index] as number),
    ).filter((score) => !Number.isNaN(score));
    const macroF1 = scores.reduce((sum, score) => sum + score, 0) / scores.length;
    return {
      accuracy: correct / rows,
      logLoss: logLoss / rows,
      brier: brier / rows,
      macroF1: Number.isNaN(correct) ? Number.NaN : macroF1,
    };
  };
}
