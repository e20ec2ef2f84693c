import { availableParallelism } from 'node:os';
import { chunksOf } from '../../kernel/chunks.ts';
import type { ForecastJob } from './forecast-jobs.ts';
import { runForecastJobs } from './forecast-pool.ts';
import type { Origin, StepOptions } from './origins.ts';
import {
  type Fallback,
  keyOf,
  type LagRecipe,
  meanForecast,
  partsOf,
  type Recipe,
  type SeriesForecast,
  type SeriesTask,
  type SingleRecipe,
} from './recipe.ts';
import type { LagModel } from './trees-on-lags.ts';

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
  /** What trees on lags learned for the last origins; undefined if all series together were too short. */
  lagModel(recipe: LagRecipe): LagModel | undefined;
}

/** Forecasts from all origins by all recipes in one pass: a forecaster that several recipes share runs once. */
export async function runBacktest(
  values: readonly Float64Array[],
  origins: readonly Origin[],
  { recipes, period, horizon, threads = availableParallelism() }: BacktestOptions,
): Promise<Backtest> {
  const singles = new Map(recipes.flatMap((recipe) => partsOf(recipe).map((part) => [keyOf(part), part])));
  const tasks = origins.map(({ series, at }) => ({
    values: (values[series] as Float64Array).subarray(0, at),
    period,
    horizon,
  }));
  const parts = [...singles.values()].flatMap((recipe) => divide(recipe, origins));
  // The trees take longest, so they begin first.
  const jobs = parts.toSorted((one, other) => other.indexes.length - one.indexes.length);
  const results = await runForecastJobs(
    jobs.map(({ recipe, indexes, returnsTrees }): ForecastJob => ({
      recipe,
      returnsTrees,
      tasks: indexes.map((index) => tasks[index] as SeriesTask),
    })),
    origins.length * singles.size <= fewForecasts ? 1 : threads,
  );
  const found = new Map([...singles.keys()].map((key): [string, SeriesForecast[]] => [key, []]));
  const lagModels = new Map<string, LagModel>();
  for (const [at, { recipe, indexes }] of jobs.entries()) {
    const { forecasts, lagModel } = results[at] as (typeof results)[number];
    const key = keyOf(recipe);
    for (const [row, index] of indexes.entries())
      (found.get(key) ?? [])[index] = forecasts[row] as SeriesForecast;
    if (lagModel) lagModels.set(key, lagModel);
  }
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
    lagModel: (recipe) => lagModels.get(keyOf(recipe)),
  };
}

/** Starting threads takes longer than this many forecasts. */
const fewForecasts = 40;
const seriesOfJob = 16;
/** With fewer jobs than this of one recipe, threads would wait for each other. */
const fewestJobs = 8;

interface JobPart {
  readonly recipe: SingleRecipe;
  /** Of the origins. */
  readonly indexes: readonly number[];
  readonly returnsTrees: boolean;
}

/** Trees learn from all series before the origins of a fold; other forecasters work on each series alone. */
function divide(recipe: SingleRecipe, origins: readonly Origin[]): readonly JobPart[] {
  const indexes = [...origins.keys()];
  if (recipe.name === 'trees-on-lags') {
    const folds = [...new Set(origins.map(({ fold }) => fold))].toSorted((one, other) => one - other);
    return folds.map((fold, index) => ({
      recipe,
      // Folds count back: the first has the last origins.
      returnsTrees: index === 0,
      indexes: indexes.filter((index) => origins[index]?.fold === fold),
    }));
  }
  const size = Math.max(1, Math.min(seriesOfJob, Math.ceil(origins.length / fewestJobs)));
  return chunksOf(indexes, size).map((chunk) => ({ recipe, indexes: chunk, returnsTrees: false }));
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
