import { type PoolRequest, forecastAll } from './forecast-pool.ts';
import type { Origin, StepOptions } from './origins.ts';
import {
  type Fallback,
  keyOf,
  type LagRecipe,
  meanForecast,
  partsOf,
  type Recipe,
  type SeriesForecast,
  type SeriesRecipe,
  type SingleRecipe,
} from './recipe.ts';
import { seasonalNaiveForecast } from './seasonal-naive.ts';
import { fitLags, forecastLags } from './trees-on-lags.ts';

export interface BacktestOptions extends StepOptions {
  readonly recipes: readonly Recipe[];
  /** @default one for each core */
  readonly threads?: number;
}

/** Forecasts from origins, by recipe. */
export interface Backtest {
  readonly origins: readonly Origin[];
  /** By origin, in the order of `origins`. */
  forecasts(recipe: Recipe): readonly Float64Array[];
  /** How many series were not forecast as the recipe says. */
  fallbacks(recipe: Recipe): Readonly<Partial<Record<Fallback, number>>>;
}

/** Forecasts from all origins by all recipes in one pass: a forecaster that several recipes share runs once. */
export async function runBacktest(
  values: readonly Float64Array[],
  origins: readonly Origin[],
  { recipes, period, horizon, threads }: BacktestOptions,
): Promise<Backtest> {
  const singles = new Map(recipes.flatMap((recipe) => partsOf(recipe).map((part) => [keyOf(part), part])));
  const ofSeries = [...singles.values()].filter(isOfSeries);
  const tasks: PoolRequest['tasks'] = origins.map(({ series, at }) => ({
    values: historyOf(values, series, at),
    period,
    horizon,
  }));
  const found = new Map<string, readonly SeriesForecast[]>();
  const running = forecastAll({ recipes: ofSeries, tasks }, threads);
  for (const single of singles.values())
    if (!isOfSeries(single))
      found.set(keyOf(single), byLags(values, origins, { recipe: single, period, horizon }));
  const results = await running;
  for (const [index, recipe] of ofSeries.entries())
    found.set(
      keyOf(recipe),
      results.map((forecasts) => forecasts[index] as SeriesForecast),
    );
  const ofPart = (part: SingleRecipe): readonly SeriesForecast[] => found.get(keyOf(part)) ?? [];
  return {
    origins,
    forecasts(recipe) {
      const parts = partsOf(recipe).map(ofPart);
      return origins.map((_, index) =>
        meanForecast(parts.map((part) => (part[index] as SeriesForecast).points)),
      );
    },
    fallbacks(recipe) {
      const series = new Map<Fallback, Set<number>>();
      for (const part of partsOf(recipe))
        for (const [index, { fallback }] of ofPart(part).entries())
          if (fallback)
            series.set(fallback, (series.get(fallback) ?? new Set()).add(origins[index]?.series ?? 0));
      return Object.fromEntries([...series].map(([fallback, of]) => [fallback, of.size]));
    },
  };
}

function isOfSeries(recipe: SingleRecipe): recipe is SeriesRecipe {
  return recipe.name !== 'trees-on-lags';
}

function historyOf(values: readonly Float64Array[], series: number, at: number): Float64Array {
  return (values[series] as Float64Array).subarray(0, at);
}

/** Trees are learned for each fold from what all series were before it. */
function byLags(
  values: readonly Float64Array[],
  origins: readonly Origin[],
  { recipe, period, horizon }: StepOptions & { readonly recipe: LagRecipe },
): readonly SeriesForecast[] {
  const forecasts: SeriesForecast[] = [];
  for (const fold of new Set(origins.map((origin) => origin.fold))) {
    const indexes = origins.flatMap((origin, index) => (origin.fold === fold ? [index] : []));
    const histories = indexes.map((index) => {
      const { series, at } = origins[index] as Origin;
      return historyOf(values, series, at);
    });
    const model = fitLags(histories, recipe);
    const found = model && forecastLags(model, histories, horizon);
    for (const [row, index] of indexes.entries()) {
      const points = found?.[row];
      forecasts[index] = points?.every(Number.isFinite)
        ? { points }
        : {
            points: seasonalNaiveForecast(histories[row] as Float64Array, period, horizon),
            fallback: 'too-short',
          };
    }
  }
  return forecasts;
}

/** The mean absolute difference of values one season apart (Hyndman and Koehler 2006); 0 for a series that repeats itself. */
export function scaleOf(history: Float64Array, period: number): number {
  const back = history.length > period ? period : 1;
  if (history.length <= back) return 0;
  let sum = 0;
  for (let at = back; at < history.length; at++)
    sum += Math.abs((history[at] as number) - (history[at - back] as number));
  return sum / (history.length - back);
}
