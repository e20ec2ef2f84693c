import { expect, test } from 'vitest';
import { runBacktest, scaleOf } from './backtest.ts';
import { choiceOrigins, originsOf } from './origins.ts';
import { chooseRecipe } from './choice.ts';
import { boundsAt, fitHorizonInterval } from './horizon-interval.ts';
import { runForecastJob } from './forecast-jobs.ts';
import { forecastSeries, type LagRecipe, type Recipe, type SeriesRecipe } from './recipe.ts';
import { levels, sales } from './sales.fixture.ts';
import { forecastMetrics } from '../metrics/forecast.ts';
import { scoreSteps } from './scores.ts';

const seasonalNaive: SeriesRecipe = { name: 'seasonal-naive' };
const theta: SeriesRecipe = { name: 'theta', dynamic: false, log: false };
const dynamicLog: SeriesRecipe = { name: 'theta', dynamic: true, log: true };
const ets: SeriesRecipe = { name: 'ets' };
const mstl: SeriesRecipe = { name: 'mstl', log: true };
const lags: LagRecipe = { name: 'trees-on-lags', lags: 12, trees: { trees: 20, minLeafRows: 5 } };
const blend: Recipe = { name: 'blend', of: [theta, ets] };
const options = { period: 12, horizon: 6 };
const many = Array.from({ length: 12 }, (_, at) => sales.map((value) => value * (1 + at)));

test('an origin never sees the values that it forecasts', async () => {
  const origins = originsOf([sales.length], { ...options, from: 1, to: 2 });
  expect(origins.map(({ at }) => at)).toEqual([66, 60]);
  const recipes = [seasonalNaive, theta, dynamicLog, ets, mstl, lags, blend];
  const before = await runBacktest([sales], origins, { ...options, recipes });
  const changed = sales.map((value, at) => (at >= 66 ? value * 100 : value));
  const after = await runBacktest([changed], origins, { ...options, recipes });
  for (const recipe of recipes) expect(after.forecasts(recipe)[0]).toEqual(before.forecasts(recipe)[0]);
  expect(after.forecasts(theta)[1]).toEqual(before.forecasts(theta)[1]);
});

test('a blend is the mean of its parts', async () => {
  const origins = originsOf([sales.length], { ...options, from: 0, to: 0 });
  const backtest = await runBacktest([sales], origins, { ...options, recipes: [blend] });
  const [mean, one, other] = [blend, theta, ets].map((recipe) => backtest.forecasts(recipe)[0]?.[3] ?? 0);
  expect(mean).toBeCloseTo(((one ?? 0) + (other ?? 0)) / 2, 10);
});

test('threads forecast what one thread does', async () => {
  const lengths = many.map(({ length }) => length);
  const origins = originsOf(lengths, { ...options, from: 1, to: 2 });
  const recipes = [theta, dynamicLog, ets, mstl, seasonalNaive, lags];
  const [three, one] = await Promise.all(
    [3, 1].map((threads) => runBacktest(many, origins, { ...options, recipes, threads })),
  );
  for (const recipe of recipes) {
    expect(three?.forecasts(recipe)).toHaveLength(origins.length);
    expect(three?.forecasts(recipe)).toEqual(one?.forecasts(recipe));
  }
  expect(three?.lagModel(lags)).toBeDefined();
  expect(three?.lagModel(lags)).toEqual(one?.lagModel(lags));
});

test('only the trees of the last origins leave their job', () => {
  const tasks = many.map((values) => ({ values, ...options }));
  const [kept, dropped] = [true, false].map((returnsTrees) =>
    runForecastJob({ recipe: lags, tasks, returnsTrees }),
  );
  expect(kept?.lagModel).toBeDefined();
  expect(dropped).not.toHaveProperty('lagModel');
  expect(dropped?.forecasts).toEqual(kept?.forecasts);
});

test('a backtest has the trees of its last origins', async () => {
  const lengths = many.map(({ length }) => length);
  const [both, last] = await Promise.all(
    [2, 1].map((to) =>
      runBacktest(many, originsOf(lengths, { ...options, from: 1, to }), { ...options, recipes: [lags] }),
    ),
  );
  expect(both?.lagModel(lags)).toBeDefined();
  expect(both?.lagModel(lags)).toEqual(last?.lagModel(lags));
});

test('trees learn the season from all series together', async () => {
  const origins = originsOf(
    many.map(({ length }) => length),
    { ...options, from: 1, to: 1 },
  );
  const backtest = await runBacktest(many, origins, { ...options, recipes: [lags, seasonalNaive] });
  const smape = (recipe: Recipe): number =>
    forecastMetrics(
      scoreSteps(backtest, backtest.forecasts(recipe), { values: many, ...options, include: () => true }),
    ).smape;
  expect(smape(lags)).toBeLessThan(smape(seasonalNaive));
});

test('the candidate with the lowest error is chosen, for all series or for each', async () => {
  const trend = Float64Array.from({ length: 72 }, (_, at) => 50 + 10 * at);
  const stopped = trend.map((value, at) => (at < 60 ? value : (trend[at - 12] as number)));
  const values = [trend, trend, stopped];
  const origins = originsOf([72, 72, 72], { ...options, from: 1, to: 2 });
  const candidates = [seasonalNaive, theta];
  const backtest = await runBacktest(values, origins, { ...options, recipes: candidates });
  const rule = { values, ...options, candidates, metric: 'smape' } as const;
  expect(chooseRecipe(backtest, { ...rule, choose: 'each' }).bySeries).toEqual([1, 1, 0]);
  const { all, bySeries, scores } = chooseRecipe(backtest, { ...rule, choose: 'one' });
  expect(bySeries).toEqual([all, all, all]);
  expect(scores[all]).toBe(Math.min(...scores));
});

test('few series have many origins that decide, thousands have one each, and none sees a tested value', () => {
  const rule = { period: 12, horizon: 24, folds: 1, choose: 'one' } as const;
  const ofOne = choiceOrigins([144], rule).map(({ at }) => at);
  expect(ofOne).toEqual([96, 90, 84, 78, 72, 66, 60, 54]);
  expect(choiceOrigins([144], { ...rule, folds: 2 })[0]?.at).toBe(72);
  expect(choiceOrigins([80], rule).map(({ at }) => at)).toEqual([32, 26]);
  expect(choiceOrigins([72], rule)).toEqual([]);
  const thousands = Array.from({ length: 3000 }, () => 144);
  expect(choiceOrigins(thousands, rule)).toHaveLength(3000);
  expect(choiceOrigins(thousands, { ...rule, choose: 'each' })).toHaveLength(9000);
});

test('a blend picks the parts whose mean has the lowest error, and one part if no mean is better', async () => {
  const [low, high, off] = [
    { name: 'theta', dynamic: false, log: false },
    { name: 'ets' },
    { name: 'naive' },
  ] as const satisfies readonly SeriesRecipe[];
  const errors = new Map<string, number>([
    [low.name, -4],
    [high.name, 5],
    [off.name, 60],
  ]);
  const truth = Float64Array.from({ length: 40 }, () => 100);
  const origins = originsOf([40], { period: 1, horizon: 6, from: 1, to: 1 });
  const blended = (recipe: Recipe): Float64Array => {
    const parts = recipe.name === 'blend' ? recipe.of : [recipe];
    const miss = parts.reduce((sum, { name }) => sum + (errors.get(name) ?? 0), 0) / parts.length;
    return new Float64Array(6).fill(100 + miss);
  };
  const backtest = {
    origins,
    forecasts: (recipe: Recipe) => origins.map(() => blended(recipe)),
    fallbacks: () => ({}),
    lagModel: () => undefined,
  };
  const rule = { values: [truth], period: 1, horizon: 6, choose: 'one', metric: 'mae' } as const;
  const picked = (of: SeriesRecipe[]): Recipe | undefined =>
    chooseRecipe(backtest, { ...rule, candidates: [{ name: 'blend', of, pick: 'best' }] }).recipes[0];
  expect(picked([off, high, low])).toEqual({ name: 'blend', of: [low, high] });
  expect(picked([off, low])).toEqual(low);
});

test('intervals contain their share of values that they were not fitted on, at each step', async () => {
  const noise = (seed: number): number => ((seed * 7919 + 13) % 1009) / 1009 - 0.5;
  const walks = Array.from({ length: 150 }, (_, series) => {
    let level = 100;
    return Float64Array.from(
      { length: 60 },
      (_, at) => (level += 6 * noise(series * 977 + at * 31 + series * at)),
    );
  });
  const plain = { period: 1, horizon: 8 };
  const origins = originsOf(
    walks.map(({ length }) => length),
    { ...plain, from: 1, to: 3 },
  );
  const backtest = await runBacktest(walks, origins, { ...plain, recipes: [seasonalNaive] });
  const forecasts = backtest.forecasts(seasonalNaive);
  const steps = scoreSteps(backtest, forecasts, { values: walks, ...plain, include: ({ fold }) => fold > 1 });
  const interval = fitHorizonInterval(steps, { level: 0.8, horizon: 8 });
  const widths = interval.high.map((high, step) => high - (interval.low[step] ?? 0));
  expect(widths[7]).toBeGreaterThan(1.5 * (widths[0] ?? 0));
  const tested = scoreSteps(backtest, forecasts, {
    values: walks,
    ...plain,
    interval,
    include: ({ fold }) => fold === 1,
  });
  const { intervalCoverage } = forecastMetrics(tested);
  expect(Math.abs(intervalCoverage - 0.8)).toBeLessThan(0.06);
  expect(boundsAt(interval, { point: 10, step: 99, scale: 1 }).high).toBe(10 + (interval.high[7] ?? 0));
});

test('a forecast that its recipe cannot make comes from the last season, and says why', () => {
  const task = { period: 12, horizon: 3 };
  expect(forecastSeries(mstl, { ...task, values: sales.subarray(0, 14) })).toEqual({
    points: sales.slice(2, 5),
    fallback: 'too-short',
  });
  const withZero = sales.map((value, at) => (at === 5 ? 0 : value));
  const { points, fallback } = forecastSeries(dynamicLog, { ...task, values: withZero });
  expect(fallback).toBe('not-positive');
  expect(points).toEqual(forecastSeries({ ...dynamicLog, log: false }, { ...task, values: withZero }).points);
  for (const recipe of [theta, ets, mstl, dynamicLog, seasonalNaive])
    expect([...forecastSeries(recipe, { ...task, values: Float64Array.of(5) }).points]).toEqual([5, 5, 5]);
});

test('the scale of a series is the mean change from one season to the next', () => {
  expect(scaleOf(Float64Array.of(1, 2, 4, 7), 1)).toBe(2);
  expect(scaleOf(Float64Array.of(1, 5, 2, 6), 2)).toBe(1);
  expect(scaleOf(new Float64Array(9).fill(3), 4)).toBe(0);
  expect(scaleOf(levels.subarray(0, 1), 12)).toBe(0);
});
