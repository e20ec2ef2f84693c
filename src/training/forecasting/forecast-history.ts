import { forecastSeries, keyOf, meanForecast, partsOf, type Recipe, type SeriesTask } from './recipe.ts';
import { forecastLags, type LagModel } from './trees-on-lags.ts';

/**
 * Forecasts values that a version did not learn from, by a recipe of the version.
 * @returns undefined if they are too few for it
 */
export function forecastHistory(
  recipe: Recipe,
  { lagModels, ...task }: SeriesTask & { readonly lagModels: ReadonlyMap<string, LagModel> },
): Float64Array | undefined {
  const parts = partsOf(recipe).map((part) => {
    if (part.name !== 'trees-on-lags') {
      const { points, fallback } = forecastSeries(part, task);
      return fallback === 'too-short' ? undefined : points;
    }
    const model = lagModels.get(keyOf(part));
    return model && forecastLags(model, [task.values], task.horizon)[0];
  });
  const found = parts.filter((part) => part !== undefined);
  return found.length === parts.length ? meanForecast(found) : undefined;
}
