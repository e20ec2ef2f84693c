import { expectTypeOf, test } from 'vitest';
import { batch } from '../batch.ts';
import { defineProject } from '../define.ts';
import { forecast } from './forecast.ts';
import { arima, rollingOrigin, seasonalNaive, treesOnLags } from './forecaster.ts';
import type { PageProps } from '../page-props.ts';
import { lower } from './promotion.ts';
import { stumps } from './trainer.fixture.ts';
import { coming, forms, type Game, games, hostWon, ofClasses, points } from '../wiring.fixture.ts';

const seasonal = {
  rows: points,
  series: 'shop',
  time: 'month',
  value: 'sold',
  horizon: 12,
  candidates: [seasonalNaive(), arima(), treesOnLags({ lags: 24, trees: stumps() })],
  evaluate: rollingOrigin({ folds: 3 }),
  metrics: ['smape'],
  promote: { alias: 'prod', when: lower('smape') },
} as const;
const sales = forecast('sales', seasonal);

test('a batch has the columns of its rows and of its predictions', () => {
  const tonight = batch('tonight', { model: hostWon, rows: coming });
  expectTypeOf(tonight.table['~row']).toEqualTypeOf<
    (Game & { readonly prediction: boolean; readonly probability: number }) | undefined
  >();
  const next = batch('next', { model: sales });
  expectTypeOf<NonNullable<(typeof next.table)['~row']>['series']>().toEqualTypeOf<string>();
  // @ts-expect-error: the rows lack fields of the request
  batch('a', { model: hostWon, rows: forms });
});

test('a forecast that is wired wrongly does not compile', () => {
  // @ts-expect-error: the name of a series is not a time
  forecast('a', { ...seasonal, time: 'shop' });
  // @ts-expect-error: a forecast is of numbers
  forecast('b', { ...seasonal, value: 'month' });
  // @ts-expect-error: a trainer of rows is not a forecaster
  forecast('c', { ...seasonal, candidates: [stumps()] });
  // @ts-expect-error: the gate's metric is not measured
  forecast('d', { ...seasonal, promote: { alias: 'prod', when: lower('mase') } });
  // @ts-expect-error: these trees learn no numbers
  forecast('e', { ...seasonal, candidates: [treesOnLags({ lags: 24, trees: ofClasses() })] });
});

test('a page asks the endpoints that there are', () => {
  const ask = {} as PageProps<{ hostWon: typeof hostWon; sales: typeof sales }>['ask'];
  const game = { gameId: '1', date: '2026-01-01', host: 'ATL', guest: 'BOS' } as const;
  void ask('host-won', game);
  void ask('sales', { series: 'Vienna', horizon: 6 });
  // @ts-expect-error: no team has this name
  void ask('host-won', { ...game, guest: 'XYZ' });
  // @ts-expect-error: no endpoint has this name
  void ask('hostWon', game);
});

test('a project that is wired wrongly does not compile', () => {
  defineProject('a', { models: [hostWon, sales], schedules: [{ cron: '0 9 * * *', run: [sales] }] });
  // @ts-expect-error: a table has no endpoint
  defineProject('b', { models: [games] });
  // @ts-expect-error: a cron expression has five fields
  defineProject('c', { models: [hostWon], schedules: [{ cron: '@daily' }] });
  // @ts-expect-error: a page is the file of a component
  defineProject('d', { models: [hostWon], page: 'index.html' });
});
