import { z } from 'zod';
import { asJson } from '../../kernel/json.ts';
import { formatCount } from '../../kernel/units.ts';
import { forecasts } from '../../pipeline/declared-kinds.ts';
import { measurement } from '../../pipeline/facts.ts';
import { taskOperation } from '../../pipeline/operation.ts';
import { tableInput } from '../../pipeline/plan-tasks.ts';
import { DeclarationFault } from '../../pipeline/declaration-fault.ts';
import type { Forecast } from '../../project/models/forecast.ts';
import { runBacktest } from '../../training/forecasting/backtest.ts';
import { chooseRecipe } from '../../training/forecasting/choice.ts';
import { fitHorizonInterval, horizonInterval } from '../../training/forecasting/horizon-interval.ts';
import { choiceOrigins, originsOf } from '../../training/forecasting/origins.ts';
import { formatRecipe, type Recipe, recipeSchema } from '../../training/forecasting/recipe.ts';
import { recipeOf } from '../../training/forecasting/recipe-of.ts';
import { scoreSteps } from '../../training/forecasting/scores.ts';
import { filledOf } from '../../training/forecasting/series.ts';
import { isExternalForecast } from './external-forecast.ts';
import { readSeriesInput, requireTestable, seriesParams, seriesParamsOf } from './series-input.ts';

const metric = z.enum(['smape', 'mase', 'mae', 'rmse', 'intervalCoverage', 'intervalWidth']);

/** Which candidate forecasts which series, and how wide its intervals are. */
export const choiceSchema = z.object({
  recipes: z.array(recipeSchema),
  recipe: z.int(),
  bySeries: z.array(z.object({ name: z.string(), recipe: z.int() })),
  interval: horizonInterval,
});

/**
 * Forecasts by every candidate from origins before those that the version is tested on, and chooses; in: `rows`; out:
 * `choice`.
 */
export const backtest = taskOperation({
  name: 'backtest',
  description: 'Forecasts past values by every candidate, and chooses the best.',
  declared: forecasts,
  inputs: { rows: 'table' },
  outputs: { choice: { kind: 'value' } },
  params: z.object({
    ...seriesParams,
    horizon: z.int(),
    folds: z.int(),
    candidates: z.array(recipeSchema),
    choose: z.enum(['one', 'each']),
    metric,
    interval: z.number(),
  }),
  facts: z.object({
    chosen: z.string(),
    candidates: z.array(
      z.object({
        name: z.string(),
        score: measurement,
        series: z.number(),
        fallbacks: z.record(z.string(), z.number()),
      }),
    ),
    metric: z.string(),
    series: z.number(),
    values: z.number(),
    filled: z.number(),
    /** From which the candidates forecast, of all series. */
    origins: z.number(),
    /** Whether the candidates were compared before the tested values, or on them because the series are short. */
    chosenOn: z.enum(['earlier', 'tested']),
    /** Series that are too short to be tested. */
    untested: z.number(),
  }),
  process: 'own',
  async plan(forecast) {
    if (isExternalForecast(forecast)) return undefined;
    return {
      inputs: { rows: tableInput(forecast.rows) },
      params: {
        ...seriesParamsOf(forecast),
        horizon: forecast.horizon,
        folds: forecast.evaluate.folds,
        candidates: [...recipesOf(forecast)],
        choose: forecast.choose,
        metric: metric.parse(forecast.promote.when.metric),
        interval: forecast.interval,
      },
    };
  },
  async run(context) {
    const { horizon, folds, candidates, choose, metric: decisive, interval: level } = context.params;
    const set = await readSeriesInput(context);
    requireTestable(set, context.params);
    const values = set.series.map((series) => series.values);
    const options = { period: set.period, horizon };
    const lengths = values.map(({ length }) => length);
    const earlier = choiceOrigins(lengths, { ...options, folds, choose });
    const chosenOn: 'earlier' | 'tested' = earlier.length > 0 ? 'earlier' : 'tested';
    const tested = originsOf(lengths, { ...options, from: 1, to: folds });
    const found = await runBacktest(values, earlier.length > 0 ? earlier : tested, {
      ...options,
      recipes: candidates,
    });
    const choice = chooseRecipe(found, { candidates, choose, metric: decisive, values, ...options });
    const { recipes } = choice;
    const used = [...new Set([choice.all, ...choice.bySeries])].toSorted((one, other) => one - other);
    const byCandidate = recipes.map((recipe) => found.forecasts(recipe));
    const chosen = found.origins.map(({ series }, index) => {
      const of = choice.bySeries[series] ?? choice.all;
      return byCandidate[of]?.[index] ?? new Float64Array(horizon);
    });
    const interval = fitHorizonInterval(
      scoreSteps(found, chosen, { values, ...options, include: () => true }),
      {
        level,
        horizon,
      },
    );
    const value = {
      recipes: used.map((index) => recipes[index] as Recipe),
      recipe: used.indexOf(choice.all),
      bySeries: set.series.map(({ name }, index) => ({
        name,
        recipe: used.indexOf(choice.bySeries[index] ?? choice.all),
      })),
      interval,
    } satisfies z.output<typeof choiceSchema>;
    const countOf = (index: number): number => choice.bySeries.filter((each) => each === index).length;
    return {
      outputs: { choice: { kind: 'value', value: asJson(value) } },
      facts: {
        chosen: used.length === 1 ? formatRecipe(recipes[choice.all] as Recipe) : `${used.length} candidates`,
        candidates: recipes.map((recipe, index) => ({
          name: formatRecipe(recipe),
          score: choice.scores[index] ?? Number.NaN,
          series: countOf(index),
          fallbacks: { ...found.fallbacks(recipe) },
        })),
        metric: decisive,
        series: values.length,
        values: lengths.reduce((sum, length) => sum + length, 0),
        filled: filledOf(set),
        origins: found.origins.length,
        chosenOn,
        untested: values.length - new Set(tested.map(({ series }) => series)).size,
      },
    };
  },
  summary: ({ chosen, series, origins, filled, untested, chosenOn, candidates }) =>
    [
      `${chosen} for ${formatCount(series)} series, by ${formatCount(origins)} past origins`,
      ...(filled > 0 ? [`${formatCount(filled)} missing values filled in`] : []),
      ...(untested > 0 ? [`${formatCount(untested)} too short to test`] : []),
      ...(chosenOn === 'tested' && candidates.length > 1
        ? ['chosen on the tested values: no history before them']
        : []),
      ...candidates
        .filter(({ series: of }) => of > 0)
        .flatMap(({ name, fallbacks }) => fallbackTexts(name, fallbacks)),
    ].join('; '),
  records: ({ chosen, candidates, metric: decisive }) => ({
    params: { chosen },
    metrics: Object.fromEntries(
      candidates
        .filter(({ score }) => Number.isFinite(score))
        .map(({ name, score }) => [`backtest/${name.replaceAll(/[^\w .()-]/g, ' ')}/${decisive}`, score]),
    ),
    inputs: { rows: 'training' },
  }),
});

const reasons: Readonly<Record<string, string>> = {
  'too-short': 'too short for it and forecast by the last season',
  'not-positive': 'not positive and forecast without logarithms',
  'not-finite': 'forecast by the last season because its forecast was not finite',
};

function fallbackTexts(name: string, fallbacks: Readonly<Record<string, number>>): readonly string[] {
  return Object.entries(fallbacks).map(
    ([reason, count]) => `${name}: ${formatCount(count)} series ${reasons[reason] ?? reason}`,
  );
}

/** @throws DeclarationFault for options that a forecaster does not have */
function recipesOf({ name, candidates }: Forecast): readonly Recipe[] {
  return candidates.map((candidate, index) =>
    requireRecipe(candidate, `forecast ${name}: candidates[${index}]`),
  );
}

export function requireRecipe(forecaster: Forecast['candidates'][number], field: string): Recipe {
  const read = recipeOf(forecaster);
  if ('recipe' in read) return read.recipe;
  throw new DeclarationFault([`${field}: ${read.mistake}`]);
}
