import { PlatformError } from '../kernel/errors.ts';
import type { RegressionMetric } from '../project/metric.ts';

type Values = Float64Array | Float32Array | readonly number[];

/** True and predicted values, one for each row. */
export interface Scored {
  readonly truth: Values;
  readonly predicted: Values;
}

/** The bounds of the predicted intervals. */
export interface ScoredIntervals extends Scored {
  readonly low: Values;
  readonly high: Values;
}

/** Mean absolute error, Σ|p − y| / n. NaN for no rows. @throws PlatformError INPUT_INVALID for unequal lengths */
export function mae(scored: Scored): number {
  return meanOf(scored, (error) => Math.abs(error));
}

/** Root mean squared error, √(Σ(p − y)² / n). NaN for no rows. @throws as `mae` */
export function rmse(scored: Scored): number {
  return Math.sqrt(meanOf(scored, (error) => error * error));
}

/** Mean error, Σ(p − y) / n: above 0 if predictions are too high. NaN for no rows. @throws as `mae` */
export function bias(scored: Scored): number {
  return meanOf(scored, (error) => error);
}

/** 1 − Σ(p − y)² / Σ(y − ȳ)². NaN if the true values do not vary. @throws as `mae` */
export function r2(scored: Scored): number {
  const { truth } = scored;
  const mean = sum(truth.length, (row) => truth[row] as number) / truth.length;
  const spread = sum(truth.length, (row) => ((truth[row] as number) - mean) ** 2) / truth.length;
  return spread > 0 ? 1 - meanOf(scored, (error) => error * error) / spread : Number.NaN;
}

/** Share of rows with low ≤ y ≤ high. NaN for no rows, and if a row has no interval. @throws as `mae` */
export function intervalCoverage({ truth, low, high }: Omit<ScoredIntervals, 'predicted'>): number {
  checkLength('low', truth, low);
  checkLength('high', truth, high);
  const inside = (row: number): number => {
    const [from, to] = [low[row] as number, high[row] as number];
    if (Number.isNaN(from) || Number.isNaN(to)) return Number.NaN;
    return from <= (truth[row] as number) && (truth[row] as number) <= to ? 1 : 0;
  };
  return sum(truth.length, inside) / truth.length;
}

/** Mean of high − low, in the target's unit. NaN for no rows. @throws as `mae` */
export function intervalWidth({ low, high }: Pick<ScoredIntervals, 'low' | 'high'>): number {
  checkLength('high', low, high);
  return sum(low.length, (row) => (high[row] as number) - (low[row] as number)) / low.length;
}

/** Every metric of a model that predicts a number. @throws as `mae` */
export function regressionMetrics(scored: ScoredIntervals): Readonly<Record<RegressionMetric, number>> {
  return {
    mae: mae(scored),
    rmse: rmse(scored),
    r2: r2(scored),
    bias: bias(scored),
    intervalCoverage: intervalCoverage(scored),
    intervalWidth: intervalWidth(scored),
  };
}

function meanOf({ truth, predicted }: Scored, of: (error: number) => number): number {
  checkLength('predicted', truth, predicted);
  return sum(truth.length, (row) => of((predicted[row] as number) - (truth[row] as number))) / truth.length;
}

function sum(count: number, of: (row: number) => number): number {
  let total = 0;
  for (let row = 0; row < count; row++) total += of(row);
  return total;
}

function checkLength(field: string, expected: Values, given: Values): void {
  if (expected.length === given.length) return;
  const remedy = `must be ${expected.length}, one for each row`;
  throw new PlatformError('INPUT_INVALID', {
    field: `number of ${field} entries`,
    value: given.length,
    remedy,
  });
}
