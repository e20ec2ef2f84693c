import { forecastSeries, keyOf, partsOf, type Recipe, type SeriesTask } from './recipe.ts';
import { seasonalNaiveForecast } from './seasonal-naive.ts';
import { forecastLags, type LagModel } from './trees-on-lags.ts';

/** Forecasts values that a version did not learn from, by a recipe of the version. */
export function forecastHistory(
  recipe: Recipe,
  { lagModels, ...task }: SeriesTask & { readonly lagModels: ReadonlyMap<string, LagModel> },
): Float64Array {
  const parts = partsOf(recipe).map((part) => {
    if (part.name !== 'trees-on-lags') return forecastSeries(part, task).points;
    const model = lagModels.get(keyOf(part));
    const points = model && forecastLags(model, [task.values], task.horizon)[0];
    return points ?? seasonalNaiveForecast(task.values, task.period, task.horizon);
  });
  return Float64Array.from(
    { length: task.horizon },
    (_, step) => parts.reduce((sum, part) => sum + (part[step] as number), 0) / parts.length,
  );
}
