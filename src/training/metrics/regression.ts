import type { RegressionMetric } from '../../project/models/metric.ts';
import { checkLength, meanOver, type Values } from './rows.ts';

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
  const mean = meanOver(truth.length, (row) => truth[row] as number);
  const spread = meanOver(truth.length, (row) => ((truth[row] as number) - mean) ** 2);
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
  return meanOver(truth.length, inside);
}

/** Mean of high − low, in the target's unit. NaN for no rows. @throws as `mae` */
export function intervalWidth({ low, high }: Pick<ScoredIntervals, 'low' | 'high'>): number {
  checkLength('high', low, high);
  return meanOver(low.length, (row) => (high[row] as number) - (low[row] as number));
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
  return meanOver(truth.length, (row) => of((predicted[row] as number) - (truth[row] as number)));
}
