import {
  forecastSeries,
  type LagRecipe,
  type SeriesForecast,
  type SeriesTask,
  type SingleRecipe,
} from './recipe.ts';
import { seasonalNaiveForecast } from './seasonal-naive.ts';
import { fitLags, forecastLags, type LagModel } from './trees-on-lags.ts';

/** What a thread does at a time: one recipe for some series. Trees on lags learn from all of its series together. */
export interface ForecastJob {
  readonly recipe: SingleRecipe;
  readonly tasks: readonly SeriesTask[];
  /** Whether the trees on lags are part of the result: copying them from a thread takes time. */
  readonly returnsTrees: boolean;
}

export interface ForecastJobResult {
  /** In the order of the tasks. */
  readonly forecasts: readonly SeriesForecast[];
  /** The trees on lags that made them, for a job that returns them. */
  readonly lagModel?: LagModel;
}

/** Runs a job in this thread. A series that its recipe cannot forecast falls back, as the forecast says. */
export function runForecastJob({ recipe, tasks, returnsTrees }: ForecastJob): ForecastJobResult {
  if (recipe.name === 'trees-on-lags') {
    const { lagModel, forecasts } = byLags(recipe, tasks);
    return { forecasts, ...(returnsTrees && lagModel && { lagModel }) };
  }
  return { forecasts: tasks.map((task) => forecastSeries(recipe, task)) };
}

function byLags(recipe: LagRecipe, tasks: readonly SeriesTask[]): ForecastJobResult {
  const histories = tasks.map(({ values }) => values);
  const lagModel = fitLags(histories, recipe);
  const horizon = Math.max(0, ...new Set(tasks.map((task) => task.horizon)));
  const found = lagModel && forecastLags(lagModel, histories, horizon);
  const forecasts = tasks.map(({ values, period, horizon: steps }, index): SeriesForecast => {
    const points = found?.[index]?.subarray(0, steps);
    return points?.every(Number.isFinite)
      ? { points }
      : { points: seasonalNaiveForecast(values, period, steps), fallback: 'too-short' };
  });
  return { forecasts, ...(lagModel && { lagModel }) };
}
