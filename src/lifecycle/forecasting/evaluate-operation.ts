import { z } from 'zod';
import { asJson } from '../../kernel/json.ts';
import { forecasts } from '../../pipeline/declared-kinds.ts';
import { measurement } from '../../pipeline/facts.ts';
import { taskOperation } from '../../pipeline/operation.ts';
import { tableInput } from '../../pipeline/plan-tasks.ts';
import { formatMetric, metricTitle } from '../../registry/format-metric.ts';
import type { Forecast } from '../../project/models/forecast.ts';
import { runBacktest } from '../../training/forecasting/backtest.ts';
import { forecastReport } from '../../training/forecasting/forecast-report.ts';
import { originsOf } from '../../training/forecasting/origins.ts';
import type { HorizonInterval } from '../../training/forecasting/horizon-interval.ts';
import { type Recipe, recipeSchema } from '../../training/forecasting/recipe.ts';
import { metricsBy, scoreSteps, type ScoredSteps } from '../../training/forecasting/scores.ts';
import { forecastMetrics, withoutInterval } from '../../training/metrics/forecast.ts';
import { testDataOfForecast, testDataTag } from '../gate/test-data.ts';
import { requireRecipe } from './backtest-operation.ts';
import { fitForecast } from './fit-operation.ts';
import { readForecastModel, recipeAt } from './forecast-model.ts';
import { externalPoints, isExternalForecast } from './external-forecast.ts';
import { readSeriesInput, requireTestable, seriesParams, seriesParamsOf } from './series-input.ts';

const measured = z.record(z.string(), measurement);

/** The metrics of a version from the last origins of each series. */
export const forecastEvaluation = z.object({
  metrics: measured,
  /** Steps of all origins of all series. */
  rows: z.number(),
  /** Identifies the tested values. Absent in results of earlier releases. */
  testData: z.string().exactOptional(),
  /** Of the seasonal naive forecast, and of the project's baselines by name, from the same origins. */
  seasonalNaive: measured,
  baselines: z.record(z.string(), measured),
  /** The metrics of each step ahead, the first step first. */
  byStep: z.array(measured).default([]),
});
export type ForecastEvaluation = z.infer<typeof forecastEvaluation>;

const params = z.object({
  ...seriesParams,
  horizon: z.int(),
  folds: z.int(),
  metrics: z.array(z.string()),
  /** The metric of the promotion rule. @default the first of `metrics`, as in the plans of earlier releases */
  when: z.string().exactOptional(),
  baselines: z.record(z.string(), recipeSchema),
});

/**
 * Forecasts the last horizons of each series, each from the values before it, by the recipes of a version; in: `rows`,
 * `model`; out: `metrics`, and a `report` of where the forecasts are wrong. The champion is measured by the same operation on the candidate's rows.
 */
export const evaluateForecast = taskOperation({
  name: 'evaluate-forecast',
  description: 'Forecasts the last values of each series from those before, and measures the errors.',
  declared: forecasts,
  inputs: { rows: 'table', model: 'files' },
  outputs: { metrics: { kind: 'value' }, report: { kind: 'value' } },
  params,
  facts: forecastEvaluation,
  process: 'own',
  async plan(forecast, planning) {
    if (isExternalForecast(forecast)) return undefined;
    return {
      inputs: { rows: tableInput(forecast.rows), model: planning.from(fitForecast, 'model') },
      params: evaluationParamsOf(forecast),
    };
  },
  async run(context) {
    const { horizon, folds, metrics: names, when, baselines } = context.params;
    const set = await readSeriesInput(context);
    requireTestable(set, context.params);
    const model = await readForecastModel(await context.input('model'), context.blobs);
    const values = set.series.map((series) => series.values);
    const options = { period: set.period, horizon };
    const origins = originsOf(
      values.map(({ length }) => length),
      { ...options, from: 1, to: folds },
    );
    const { external } = model;
    const seasonalNaive: Recipe = { name: 'seasonal-naive' };
    const recipes = [...model.recipes, seasonalNaive, ...Object.values(baselines)];
    const found = await runBacktest(values, origins, { ...options, recipes });
    const byRecipe = model.recipes.map((recipe) => found.forecasts(recipe));
    const recipeOfSeries = new Map(model.series.map(({ name, recipe }) => [name, recipe]));
    const forecasted = external
      ? externalPoints(model, set, origins)
      : origins.map(({ series }, index) => {
          const recipe = recipeOfSeries.get(set.series[series]?.name ?? '') ?? model.recipe;
          return (
            byRecipe[recipe]?.[index] ??
            found.forecasts(recipeAt(model, recipe))[index] ??
            new Float64Array(0)
          );
        });
    const score = (of: readonly Float64Array[], interval?: HorizonInterval): ScoredSteps =>
      scoreSteps(found, of, { values, ...options, interval, include: () => true });
    const declared = (all: Readonly<Record<string, number>>): Record<string, number> =>
      Object.fromEntries(names.map((name) => [name, all[name] ?? Number.NaN]));
    // The interval of a version that was trained elsewhere comes from errors on these values.
    const scored = score(forecasted, external ? undefined : model.interval);
    const ofModel = (of: Record<string, number>): Record<string, number> =>
      external ? withoutInterval(of) : of;
    const naive = score(found.forecasts(seasonalNaive));
    const others = Object.fromEntries(
      Object.entries(baselines).map(([name, recipe]) => [name, score(found.forecasts(recipe))]),
    );
    const evaluated: ForecastEvaluation = {
      metrics: ofModel(declared(forecastMetrics(scored))),
      rows: origins.length * horizon,
      testData: testDataOfForecast(context.spec.inputs, { horizon, folds }),
      seasonalNaive: declared(forecastMetrics(naive)),
      baselines: Object.fromEntries(
        Object.entries(others).map(([name, of]) => [name, declared(forecastMetrics(of))]),
      ),
      byStep: [...metricsBy(scored, 'step')]
        .toSorted(([one], [other]) => one - other)
        .map(([, all]) => ofModel(declared(all))),
    };
    const report = forecastReport({
      set,
      origins,
      horizon,
      version: scored,
      hasInterval: !external,
      others: { [seasonalNaive.name]: naive, ...others },
      metrics: names,
      ...(when !== undefined && { when }),
      level: model.interval.level,
    });
    return {
      outputs: {
        metrics: { kind: 'value', value: asJson(evaluated) },
        report: { kind: 'value', value: asJson(report) },
      },
      facts: evaluated,
    };
  },
  summary: ({ metrics }) =>
    Object.entries(metrics)
      .slice(0, 1)
      .map(([metric, value]) => `${metricTitle(metric)} ${formatMetric(value)}`)
      .join(''),
  records: ({ metrics, rows, testData }) => ({
    metrics: { ...metrics, testRows: rows },
    ...(testData !== undefined && { tags: { [testDataTag]: testData } }),
    datasets: ['metrics'],
    artifacts: { metrics: 'evaluation.json', report: 'report.json' },
  }),
});

/** The params of an evaluation by today's declaration. */
export function evaluationParamsOf(forecast: Forecast): z.infer<typeof params> {
  const when = forecast.promote.when.metric;
  return {
    ...seriesParamsOf(forecast),
    horizon: forecast.horizon,
    folds: forecast.evaluate.folds,
    metrics: [...forecast.metrics],
    ...(when !== forecast.metrics[0] && { when }),
    baselines: Object.fromEntries(
      Object.entries(forecast.baselines).map(([name, forecaster]) => [
        name,
        requireRecipe(forecaster, `forecast ${forecast.name}: baselines.${name}`),
      ]),
    ),
  };
}
