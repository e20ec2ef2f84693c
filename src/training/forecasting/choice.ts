import type { ForecastMetric } from '../../project/models/metric.ts';
import { forecastMetrics } from '../metrics/forecast.ts';
import type { Backtest } from './backtest.ts';
import type { Recipe, SingleRecipe } from './recipe.ts';
import { metricsBy, type ScoredSteps, scoreSteps, type ScoreOptions } from './scores.ts';

export interface ChoiceOptions extends ScoreOptions {
  readonly candidates: readonly Recipe[];
  readonly choose: 'one' | 'each';
  readonly metric: ForecastMetric;
}

export interface Choice {
  /** The candidates; a blend that picks its best parts is the mean of those that were picked. */
  readonly recipes: readonly Recipe[];
  /** The index of the candidate for all series, and for those that were too short to decide. */
  readonly all: number;
  /** The index of each series' candidate. */
  readonly bySeries: readonly number[];
  /** The metric of each candidate over all series. */
  readonly scores: readonly number[];
}

/** The candidate with the lowest mean error from all origins, for all series together or for each. A tie goes to the first. */
export function chooseRecipe(backtest: Backtest, options: ChoiceOptions): Choice {
  const { candidates, choose, metric, ...scoring } = options;
  const scoredOf = (recipe: Recipe): ScoredSteps =>
    scoreSteps(backtest, backtest.forecasts(recipe), { ...scoring, include: () => true });
  const errorOf = (recipe: Recipe): number => forecastMetrics(scoredOf(recipe))[metric];
  const recipes = candidates.map((recipe) =>
    recipe.name === 'blend' && recipe.pick === 'best' ? bestMean(recipe.of, errorOf) : recipe,
  );
  const scored = recipes.map(scoredOf);
  const scores = scored.map((steps) => forecastMetrics(steps)[metric]);
  const all = lowest(scores);
  const { values } = scoring;
  if (choose === 'one') return { recipes, all, scores, bySeries: values.map(() => all) };
  const ofEach = scored.map((steps) => metricsBy(steps, 'series'));
  const bySeries = values.map((_, series) => {
    const errors = ofEach.map((of) => of.get(series)?.[metric] ?? Number.NaN);
    return errors.every(Number.isNaN) ? all : lowest(errors);
  });
  return { recipes, all, scores, bySeries };
}

/** Adds the part that lowers the error of the mean most, until none does (Caruana et al. 2004, each part once). */
function bestMean(parts: readonly SingleRecipe[], errorOf: (recipe: Recipe) => number): Recipe {
  let picked: readonly SingleRecipe[] = [];
  let error = Infinity;
  for (;;) {
    const wider = parts.filter((part) => !picked.includes(part)).map((part) => [...picked, part]);
    const errors = wider.map((of) => errorOf(meanOf(of)));
    const at = lowest(errors);
    // No part lowers it, or no error can be measured.
    if (!((errors[at] ?? Infinity) < error)) return meanOf(picked.length > 0 ? picked : parts);
    [picked, error] = [wider[at] ?? [], errors[at] ?? Infinity];
  }
}

function meanOf(parts: readonly SingleRecipe[]): Recipe {
  const [only] = parts;
  return only && parts.length === 1 ? only : { name: 'blend', of: [...parts] };
}

function lowest(scores: readonly number[]): number {
  return scores.reduce(
    (best, score, index) =>
      score < (scores[best] as number) || (Number.isNaN(scores[best]) && !Number.isNaN(score)) ? index : best,
    0,
  );
}
