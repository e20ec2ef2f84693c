import { expect, test } from 'vitest';
import { seededRandom } from '../../kernel/random.ts';
import { runBacktest } from './backtest.ts';
import { chooseRecipe } from './choice.ts';
import { choiceOrigins, originsOf } from './origins.ts';
import type { Recipe, SeriesRecipe } from './recipe.ts';
import { scoreSteps } from './scores.ts';
import { forecastMetrics } from '../metrics/forecast.ts';

const parts: SeriesRecipe[] = [
  { name: 'ets' },
  { name: 'theta', dynamic: false, log: false },
  { name: 'theta', dynamic: true, log: 'median' },
  { name: 'mstl', log: 'median' },
];
const candidates: Recipe[] = [
  { name: 'naive' },
  { name: 'seasonal-naive' },
  ...parts,
  { name: 'blend', of: parts, pick: 'best' },
];

type Draw = () => number;

/** Roughly normal. */
const normal = (draw: Draw): number => Array.from({ length: 12 }, draw).reduce((sum, each) => sum + each, -6);

const walkFrom = (draw: Draw): number[] => {
  let level = 100;
  return Array.from({ length: 96 }, () => (level += normal(draw)));
};

const kinds: Readonly<Record<string, (draw: Draw) => number[]>> = {
  'a random walk': walkFrom,
  'a trend': (draw) => Array.from({ length: 96 }, (_, at) => 100 + 2 * at + 4 * normal(draw)),
  'a multiplicative season': (draw) =>
    Array.from(
      { length: 96 },
      (_, at) => 100 * 1.01 ** at * (1 + 0.4 * Math.sin((Math.PI * at) / 6)) * (1 + 0.03 * normal(draw)),
    ),
  'a level shift': (draw) => Array.from({ length: 96 }, (_, at) => (at < 40 ? 100 : 160) + 3 * normal(draw)),
  'intermittent sales': (draw) =>
    Array.from({ length: 96 }, () => (draw() < 0.7 ? 0 : Math.round(1 + 9 * draw()))),
};

/** The tested error of the choice, in errors of the best candidate. */
async function regretOf(kind: string, metric: 'smape' | 'mae'): Promise<number> {
  const draw = seededRandom(5);
  const values = Array.from({ length: 30 }, () => Float64Array.from(kinds[kind]?.(draw) ?? []));
  const options = { period: 12, horizon: 12 };
  const lengths = values.map(({ length }) => length);
  const origins = choiceOrigins(lengths, { ...options, folds: 1, choose: 'one' });
  const before = await runBacktest(values, origins, { ...options, recipes: candidates, threads: 1 });
  const choice = chooseRecipe(before, { candidates, choose: 'one', metric, values, ...options });
  const chosen = choice.recipes[choice.all] as Recipe;
  const last = originsOf(lengths, { ...options, from: 1, to: 1 });
  const tested = await runBacktest(values, last, { ...options, recipes: candidates, threads: 1 });
  const errorOf = (recipe: Recipe): number => {
    const scored = scoreSteps(tested, tested.forecasts(recipe), { values, ...options, include: () => true });
    return forecastMetrics(scored)[metric];
  };
  return errorOf(chosen) / Math.min(...choice.recipes.map(errorOf));
}

test.each([
  { kind: 'a random walk', metric: 'smape' },
  { kind: 'a trend', metric: 'smape' },
  { kind: 'a multiplicative season', metric: 'smape' },
  { kind: 'a level shift', metric: 'smape' },
  { kind: 'intermittent sales', metric: 'mae' },
] as const)(
  '$kind: the choice is within a tenth of the best candidate in the test',
  async ({ kind, metric }) => {
    expect(await regretOf(kind, metric)).toBeLessThan(1.1);
  },
);
