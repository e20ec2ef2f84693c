import type { ForecastMetric } from '../../project/metric.ts';
import { forecastMetrics } from '../metrics/forecast.ts';
import type { Backtest, Origin } from './backtest.ts';
import type { Recipe } from './recipe.ts';
import { metricsBySeries, scoreSteps, type ScoreOptions } from './scores.ts';

export interface ChoiceOptions extends ScoreOptions {
  readonly candidates: readonly Recipe[];
  readonly choose: 'one' | 'each';
  readonly metric: ForecastMetric;
  /** The origins that decide. */
  readonly include: (origin: Origin) => boolean;
}

export interface Choice {
  /** The index of the candidate for all series, and for those that were too short to decide. */
  readonly all: number;
  /** The index of each series' candidate. */
  readonly bySeries: readonly number[];
  /** The metric of each candidate over all series. */
  readonly scores: readonly number[];
}

/** The candidate with the lowest error, for all series together or for each. A tie goes to the first. */
export function chooseRecipe(
  backtest: Backtest,
  { candidates, choose, metric, include, ...options }: ChoiceOptions,
): Choice {
  const scored = candidates.map((recipe) =>
    scoreSteps(backtest, backtest.forecasts(recipe), { ...options, include }),
  );
  const scores = scored.map((steps) => forecastMetrics(steps)[metric]);
  const all = lowest(scores);
  if (choose === 'one') return { all, scores, bySeries: options.values.map(() => all) };
  const ofEach = scored.map(metricsBySeries);
  const bySeries = options.values.map((_, series) => {
    const errors = ofEach.map((of) => of.get(series)?.[metric] ?? Number.NaN);
    return errors.every(Number.isNaN) ? all : lowest(errors);
  });
  return { all, scores, bySeries };
}

function lowest(scores: readonly number[]): number {
  return scores.reduce(
    (best, score, index) =>
      score < (scores[best] as number) || (Number.isNaN(scores[best]) && !Number.isNaN(score)) ? index : best,
    0,
  );
}
