import { z } from 'zod';
import { arimaForecast } from './arima/arima.ts';
import { etsForecast } from './ets.ts';
import type { Logarithms } from './logarithms.ts';
import { mstlForecast } from './mstl.ts';
import { seasonalNaiveForecast } from './seasonal-naive.ts';
import { thetaForecast } from './theta.ts';

const order = z.tuple([z.int().min(0).max(5), z.int().min(0).max(2), z.int().min(0).max(5)]);
const logarithms = z.union([z.boolean(), z.literal('median')]);
const naive = z.object({ name: z.literal('naive') });
const seasonalNaive = z.object({ name: z.literal('seasonal-naive') });
const ets = z.object({ name: z.literal('ets') });
const theta = z.object({ name: z.literal('theta'), dynamic: z.boolean(), log: logarithms });
const mstl = z.object({ name: z.literal('mstl'), log: logarithms });
const arima = z.object({ name: z.literal('arima'), order: order.optional(), seasonal: order.optional() });
const lags = z.object({
  name: z.literal('trees-on-lags'),
  lags: z.int().min(2).max(1000),
  trees: z.record(z.string(), z.json()),
});
const one = z.discriminatedUnion('name', [naive, seasonalNaive, ets, theta, mstl, arima, lags]);

/** A forecaster of one series, or of all together, as data. */
export type SingleRecipe = z.output<typeof one>;
export type SeriesRecipe = Exclude<SingleRecipe, { readonly name: 'trees-on-lags' }>;
export type LagRecipe = Extract<SingleRecipe, { readonly name: 'trees-on-lags' }>;

const blend = z.object({
  name: z.literal('blend'),
  of: z.array(one).min(1),
  /** 'best' until a backtest has chosen the parts. */
  pick: z.literal('best').exactOptional(),
});

/** How a forecast is made: by one forecaster, or by the mean of several. */
export const recipeSchema = z.union([one, blend]);
export type Recipe = z.output<typeof recipeSchema>;

/** The forecasters whose mean a recipe is. */
export function partsOf(recipe: Recipe): readonly SingleRecipe[] {
  return recipe.name === 'blend' ? recipe.of : [recipe];
}

/** The mean of what the parts of a recipe forecast, step by step. */
export function meanForecast(parts: readonly Float64Array[]): Float64Array {
  if (parts.length === 1) return parts[0] as Float64Array;
  return (parts[0] as Float64Array).map(
    (_, step) => parts.reduce((sum, part) => sum + (part[step] as number), 0) / parts.length,
  );
}

/** The same for the same recipe. */
export function keyOf(recipe: Recipe): string {
  return JSON.stringify(recipe);
}

/** For people: 'dynamic theta on logarithms', 'mean of theta and ets'. */
export function formatRecipe(recipe: Recipe): string {
  switch (recipe.name) {
    case 'blend':
      return `${recipe.pick === 'best' ? 'best mean' : 'mean'} of ${recipe.of.map(formatRecipe).join(', ')}`;
    case 'naive':
      return 'naive';
    case 'seasonal-naive':
      return 'seasonal naive';
    case 'theta':
      return `${recipe.dynamic ? 'dynamic theta' : 'theta'}${formatLogarithms(recipe.log)}`;
    case 'mstl':
      return `mstl${formatLogarithms(recipe.log)}`;
    case 'arima':
      return recipe.order ? `arima(${recipe.order.join(',')})${seasonalOf(recipe.seasonal)}` : 'arima';
    case 'trees-on-lags':
      return `trees on ${recipe.lags} lags`;
    case 'ets':
      return 'ets';
  }
}

function formatLogarithms(log: Logarithms): string {
  return log ? ` on logarithms${log === 'median' ? ' (median)' : ''}` : '';
}

function seasonalOf(seasonal: readonly number[] | undefined): string {
  return seasonal ? `(${seasonal.join(',')})` : '';
}

/** Why a series was not forecast as its recipe says. */
export type Fallback = 'too-short' | 'not-positive' | 'not-finite';

export interface SeriesForecast {
  readonly points: Float64Array;
  readonly fallback?: Fallback;
}

export interface SeriesTask {
  readonly values: Float64Array;
  readonly period: number;
  readonly horizon: number;
}

/**
 * Forecasts one series. A series that is too short for the forecaster is forecast by its last season, and one with zeros or
 * negative values without logarithms; the result says so.
 */
export function forecastSeries(recipe: SeriesRecipe, task: SeriesTask): SeriesForecast {
  const { values } = task;
  const logs = 'log' in recipe && recipe.log !== false;
  const positive = !logs || values.every((value) => value > 0);
  const points = run('log' in recipe && !positive ? { ...recipe, log: false } : recipe, task);
  const naive = (fallback: Fallback): SeriesForecast => ({
    points: seasonalNaiveForecast(values, task.period, task.horizon),
    fallback,
  });
  if (points === undefined) return naive('too-short');
  if (!points.every(Number.isFinite)) return naive('not-finite');
  return positive ? { points } : { points, fallback: 'not-positive' };
}

function run(recipe: SeriesRecipe, { values, period, horizon }: SeriesTask): Float64Array | undefined {
  const context = { period, horizon };
  switch (recipe.name) {
    case 'naive':
      return seasonalNaiveForecast(values, 1, horizon);
    case 'seasonal-naive':
      return seasonalNaiveForecast(values, period, horizon);
    case 'ets':
      return etsForecast(values, context);
    case 'theta':
      return thetaForecast(values, { ...context, dynamic: recipe.dynamic, log: recipe.log });
    case 'mstl':
      return mstlForecast(values, { ...context, log: recipe.log });
    case 'arima':
      return arimaForecast(values, { ...context, order: recipe.order, seasonal: recipe.seasonal });
  }
}
