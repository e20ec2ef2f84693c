import { PlatformError } from '../../kernel/errors.ts';
import type { Forecast } from '../../project/models/forecast.ts';
import { isExternalForecaster } from '../../project/models/forecaster.ts';
import { ordinalOf, timeAfter } from '../../training/forecasting/frequency.ts';
import type { Origin } from '../../training/forecasting/origins.ts';
import type { SeriesSet } from '../../training/forecasting/series.ts';
import type { ForecastModel } from './forecast-model.ts';

/** Whether versions of the forecast are trained elsewhere. */
export function isExternalForecast({ candidates }: Pick<Forecast, 'candidates'>): boolean {
  return candidates.some(isExternalForecaster);
}

/**
 * The stored forecasts of a version that was trained elsewhere, from the last origin of each series.
 * @throws PlatformError FORECAST_MISSING if it has none for a value: the series is new, or has many new values
 */
export function externalPoints(
  model: ForecastModel,
  { series: all, unit }: SeriesSet,
  origins: readonly Origin[],
): readonly Float64Array[] {
  const byName = new Map(model.series.map((each) => [each.name, each]));
  return origins.map(({ series: index, at }) => {
    const series = all[index];
    const stored = byName.get(series?.name ?? '');
    const { tested = [], points = [], last = 0 } = stored ?? {};
    const first = ordinalOf(series?.first ?? 0, unit) + at;
    const from = first - (ordinalOf(last, unit) - tested.length + 1);
    const found = [...tested, ...points].slice(Math.max(0, from), Math.max(0, from) + model.horizon);
    if (stored && from >= 0 && found.length === model.horizon) return Float64Array.from(found);
    throw new PlatformError('FORECAST_MISSING', {
      field: `series "${series?.name}"`,
      value: `values from ${series && timeAfter(series.first, at, unit)}`,
      remedy:
        'The version was trained elsewhere and does not reach these values: log and register a newer one.',
    });
  });
}
