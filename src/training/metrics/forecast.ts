import type { ForecastMetric } from '../../project/models/metric.ts';
import { intervalCoverage, intervalWidth, mae, rmse, type ScoredIntervals } from './regression.ts';
import { checkLength, meanOver, type Values } from './rows.ts';

/** True and forecast values, one for each step of each series. */
export interface ScoredForecasts extends ScoredIntervals {
  /** The mean absolute error of the seasonal naive forecast inside the history of the row's series; 0 or NaN without one. */
  readonly scale: Values;
}

/**
 * Every metric of a forecast, as means over all steps of all series. NaN for no rows and if a forecast is NaN.
 * - `smape`: mean of 200·|p − y| / (|p| + |y|), in percent from 0 to 200; 0 where both are 0
 * - `mase`: mean of |p − y| / scale over the rows with a scale above 0; NaN without such a row, as where no series changes
 * @throws PlatformError INPUT_INVALID for unequal lengths
 */
export function forecastMetrics(scored: ScoredForecasts): Readonly<Record<ForecastMetric, number>> {
  return {
    smape: smape(scored),
    mase: mase(scored),
    mae: mae(scored),
    rmse: rmse(scored),
    intervalCoverage: intervalCoverage(scored),
    intervalWidth: intervalWidth(scored),
  };
}

const ofIntervals: ReadonlySet<string> = new Set<ForecastMetric>(['intervalCoverage', 'intervalWidth']);

/** The metrics of points, where those of an interval are not measured: its bounds are the points themselves. */
export function withoutInterval(metrics: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(metrics).map(([name, value]) => [name, ofIntervals.has(name) ? Number.NaN : value]),
  );
}

/** See `forecastMetrics`. */
function smape({ truth, predicted }: Pick<ScoredForecasts, 'truth' | 'predicted'>): number {
  checkLength('predicted', truth, predicted);
  return meanOver(truth.length, (row) => {
    const [real, forecast] = [truth[row] as number, predicted[row] as number];
    const size = Math.abs(real) + Math.abs(forecast);
    return size === 0 ? 0 : (200 * Math.abs(forecast - real)) / size;
  });
}

function mase({ truth, predicted, scale }: ScoredForecasts): number {
  checkLength('scale', truth, scale);
  const scaled = Array.from(truth, (_, row) => row).filter((row) => (scale[row] as number) > 0);
  return meanOver(scaled.length, (index) => {
    const row = scaled[index] as number;
    return Math.abs((predicted[row] as number) - (truth[row] as number)) / (scale[row] as number);
  });
}
