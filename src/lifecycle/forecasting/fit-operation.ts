import { z } from 'zod';
import { putFiles } from '../../data/dataset.ts';
import { formatCount } from '../../kernel/units.ts';
import { forecasts } from '../../pipeline/declared-kinds.ts';
import { taskOperation } from '../../pipeline/operation.ts';
import { tableInput } from '../../pipeline/plan-tasks.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { readTreeOptions } from '../../training/boosted-trees/options.ts';
import { runBacktest, scaleOf } from '../../training/forecasting/backtest.ts';
import { originsOf } from '../../training/forecasting/origins.ts';
import { keyOf, type LagRecipe } from '../../training/forecasting/recipe.ts';
import type { Series } from '../../training/forecasting/series.ts';
import type { LagModel } from '../../training/forecasting/trees-on-lags.ts';
import { backtest, choiceSchema } from './backtest-operation.ts';
import { type ForecastModel, lagRecipesOf, writeForecastModel } from './forecast-model.ts';
import { isExternalForecast } from './external-forecast.ts';
import { readSeriesInput, seriesParams, seriesParamsOf } from './series-input.ts';

/** Forecasts every series from its end by the chosen candidate; in: `rows`, `choice`; out: `model`. */
export const fitForecast = taskOperation({
  name: 'fit-forecast',
  description: 'Forecasts every series from all its values.',
  declared: forecasts,
  inputs: { rows: 'table', choice: 'value' },
  outputs: { model: { kind: 'files' } },
  params: z.object({ ...seriesParams, horizon: z.int() }),
  facts: z.object({
    series: z.number(),
    values: z.number(),
    /** Seeds of the trees on lags. @default none has trees */
    seeds: z.array(z.number()).exactOptional(),
    /** The first and the last time of all series. */
    from: z.union([z.string(), z.number()]),
    to: z.union([z.string(), z.number()]),
  }),
  process: 'own',
  async plan(forecast, planning) {
    if (isExternalForecast(forecast)) return undefined;
    return {
      inputs: { rows: tableInput(forecast.rows), choice: planning.from(backtest, 'choice') },
      params: { ...seriesParamsOf(forecast), horizon: forecast.horizon },
    };
  },
  async run(context) {
    const { horizon } = context.params;
    const { unit, period, series } = await readSeriesInput(context);
    const chosen = await context.input('choice');
    const choice = choiceSchema.parse(chosen.kind === 'value' ? chosen.value : undefined);
    const values = series.map((each) => each.values);
    const options = { period, horizon };
    const origins = originsOf(
      values.map(({ length }) => length),
      { ...options, from: 0, to: 0 },
    );
    const found = await runBacktest(values, origins, { ...options, recipes: choice.recipes });
    const byRecipe = choice.recipes.map((recipe) => found.forecasts(recipe));
    const model: ForecastModel = {
      format: 1,
      horizon,
      unit,
      period,
      recipes: choice.recipes,
      recipe: choice.recipe,
      interval: choice.interval,
      series: series.map(({ name, values: of, last }, index) => {
        const recipe = choice.bySeries[index]?.recipe ?? choice.recipe;
        return {
          name,
          recipe,
          last,
          scale: scaleOf(of, period),
          nonNegative: of.every((value) => value >= 0),
          points: [...finite(byRecipe[recipe]?.[index], name)],
        };
      }),
    };
    const lagModels = new Map<string, LagModel>();
    const lagRecipes = lagRecipesOf(choice.recipes);
    for (const recipe of lagRecipes) {
      const fitted = found.lagModel(recipe);
      if (fitted) lagModels.set(keyOf(recipe), fitted);
    }
    const { mlflowModelFiles } = await import('../../training/mlflow-model.ts');
    const description = mlflowModelFiles({
      features: [],
      trainer: 'forecast',
      modelUuid: context.spec.key.slice(0, 32),
      metadata: {
        modelyard_note:
          'A forecast: Modelyard serves it; it has no Python flavor. modelyard/forecast.json has the points.',
      },
    });
    const files = [...writeForecastModel(model, lagModels), ...description];
    const [from, to] = rangeOf(series);
    return {
      outputs: { model: await putFiles(files, context.blobs) },
      facts: {
        series: series.length,
        values: values.reduce((sum, { length }) => sum + length, 0),
        ...(lagRecipes.length > 0 && { seeds: seedsOf(lagRecipes) }),
        from,
        to,
      },
    };
  },
  summary: ({ series, to }) => `${formatCount(series)} series, values up to ${to}`,
  records: ({ series, values, seeds }) => ({
    params: { series, values, ...(seeds && { 'trees.seed': seeds.join(', ') }) },
    inputs: { rows: 'training' },
    datasets: ['model'],
  }),
});

function seedsOf(recipes: readonly LagRecipe[]): number[] {
  const seeds = recipes.map(({ trees }) => readTreeOptions({ ...trees }).seed);
  return [...new Set(seeds)].toSorted((one, other) => one - other);
}

function finite(points: Float64Array | undefined, series: string): Float64Array {
  if (points?.every(Number.isFinite)) return points;
  const remedy = 'It cannot be forecast: look at its values, or leave it out.';
  throw new PlatformError('DATA_INVALID', {
    field: `series "${series}"`,
    value: 'no finite forecast',
    remedy,
  });
}

function rangeOf(series: readonly Series[]): readonly [Series['first'], Series['last']] {
  const firsts = series.map(({ first }) => first);
  const lasts = series.map(({ last }) => last);
  const lowest = firsts.reduce((one, other) => (other < one ? other : one));
  const highest = lasts.reduce((one, other) => (other > one ? other : one));
  return [lowest, highest];
}
