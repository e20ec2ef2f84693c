import { isYes } from '../../project/models/class-prediction.ts';
import type { BinaryMetric } from '../../project/models/metric.ts';
import { areaUnderCurve, ranksOf } from './ranks.ts';
import { checkLength, checkProbabilities, f1Of, meanOver, surprise, type Values } from './rows.ts';

/** What happened, and the probability of yes that was predicted, one for each row. */
export interface ScoredBooleans {
  /** 1 for yes, 0 for no. */
  readonly truth: Values;
  readonly probability: Values;
}

/** How many bins of equal width `calibrationError` and reliability plots have. */
const reliabilityBins = 10;

/**
 * Every metric of a model that predicts yes or no. All are NaN for no rows and if a probability is NaN; in addition `auc` is
 * NaN unless the truth has both yes and no, `precision` if nothing is predicted yes, `recall` if the truth has no yes, and
 * `f1` if neither has one.
 * - `logLoss`: mean of −ln p of what happened, with p kept 2⁻⁵² away from 0 and 1
 * - `brier`: mean of (p − y)²
 * - `calibrationError`: expected calibration error, Σ nᵦ/n · |mean p − share of yes| over ten bins of equal width of the
 *   probability of yes, (0, 0.1] to (0.9, 1]; 0 belongs to the first
 * @throws PlatformError INPUT_INVALID for unequal lengths and for a probability outside 0 to 1
 */
export function booleanMetrics(scored: ScoredBooleans): Readonly<Record<BinaryMetric, number>> {
  const { truth, probability } = scored;
  checkLength('probability', truth, probability);
  checkProbabilities('probability', probability);
  const rows = truth.length;
  const yes = (row: number): boolean => truth[row] === 1;
  const of = (row: number): number => probability[row] as number;
  const { hits, predicted, actual } = countYes(scored);
  return {
    accuracy: meanOver(rows, (row) =>
      Number.isNaN(of(row)) ? Number.NaN : Number(isYes(of(row)) === yes(row)),
    ),
    logLoss: meanOver(rows, (row) => surprise(yes(row) ? of(row) : 1 - of(row))),
    brier: meanOver(rows, (row) => (of(row) - (truth[row] as number)) ** 2),
    auc: auc(scored),
    calibrationError: calibrationError(scored),
    precision: hits / predicted,
    recall: hits / actual,
    f1: f1Of(hits, predicted, actual),
  };
}

/** The rows whose probability of yes is in one bin. */
export interface ReliabilityBin {
  readonly rows: number;
  /** Means over the bin's rows; NaN for an empty bin. */
  readonly meanProbability: number;
  readonly shareOfYes: number;
}

/** What a reliability plot shows: for each bin, what was predicted and what happened. NaN probabilities are in no bin. */
export function reliability({ truth, probability }: ScoredBooleans): readonly ReliabilityBin[] {
  const bins = Array.from({ length: reliabilityBins }, () => ({ rows: 0, probability: 0, yes: 0 }));
  for (let row = 0; row < truth.length; row++) {
    const value = probability[row] as number;
    const bin = bins[Math.max(0, Math.ceil(value * reliabilityBins) - 1)];
    if (!bin) continue;
    bin.rows += 1;
    bin.probability += value;
    bin.yes += truth[row] as number;
  }
  return bins.map((bin) => ({
    rows: bin.rows,
    meanProbability: bin.probability / bin.rows,
    shareOfYes: bin.yes / bin.rows,
  }));
}

function calibrationError(scored: ScoredBooleans): number {
  const bins = reliability(scored);
  const binned = bins.reduce((rows, bin) => rows + bin.rows, 0);
  const total = bins.reduce(
    (sum, { rows, meanProbability, shareOfYes }) =>
      rows === 0 ? sum : sum + rows * Math.abs(meanProbability - shareOfYes),
    0,
  );
  return binned === scored.truth.length ? total / binned : Number.NaN;
}

/** The share of pairs of a yes and a no in which the yes has the higher probability; ties count half. */
function auc({ truth, probability }: ScoredBooleans): number {
  return probability.some(Number.isNaN) ? Number.NaN : areaUnderCurve(ranksOf(probability), truth);
}

function countYes({ truth, probability }: ScoredBooleans): {
  readonly hits: number;
  readonly predicted: number;
  readonly actual: number;
} {
  let [hits, predicted, actual] = [0, 0, 0];
  for (let row = 0; row < truth.length; row++) {
    const value = probability[row] as number;
    if (Number.isNaN(value)) return { hits: value, predicted: value, actual: value };
    if (truth[row] === 1) actual += 1;
    if (!isYes(value)) continue;
    predicted += 1;
    if (truth[row] === 1) hits += 1;
  }
  return { hits, predicted, actual };
}
