import { expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import { model } from './model.ts';
import { lower } from './promotion.ts';
import { Game, hostWon, margin, number, ofClasses, ofNumbers, sound } from '../wiring.fixture.ts';

test('the column decides the kind, and the type of a prediction', () => {
  expectTypeOf(hostWon['~prediction']).toEqualTypeOf<
    { readonly prediction: boolean; readonly probability: number } | undefined
  >();
  expectTypeOf(margin['~prediction']).toEqualTypeOf<
    { readonly prediction: number; readonly low: number; readonly high: number } | undefined
  >();
  const winner = model('winner', {
    ...sound,
    target: 'winner',
    metrics: ['logLoss'],
    promote: { alias: 'prod', when: lower('logLoss') },
  });
  expectTypeOf(winner['~prediction']).toEqualTypeOf<
    { readonly prediction: 'ATL' | 'BOS'; readonly probability: number } | undefined
  >();
});

test('options of a kind fit it', () => {
  model('a', { ...number, trainer: ofNumbers(), interval: 0.9 });
  model('b', { ...sound, trainer: ofClasses(), calibrate: 'isotonic' });
  model('c', {
    ...number,
    transform: {
      forward: (points, _game, { host }) => points / host.elo,
      inverse: (rate, _game, { host }) => rate * host.elo,
    },
    measures: { close: { of: 'mae', where: ({ season }) => season > 2000 } },
    promote: { alias: 'prod', when: lower('close') },
  });
  model('d', { ...sound, baselines: { elo: (_game, { host }) => host.elo / 3000, flat: ofClasses() } });
});

test('a target that does not fit does not compile', () => {
  // @ts-expect-error: "venue" may be any text, so it is not a class
  model('a', { ...sound, target: 'venue' });
  // @ts-expect-error: a date cannot be predicted
  model('b', { ...sound, target: 'date' });
  // @ts-expect-error: the request has the target
  model('c', { ...sound, request: Game.extend({ hostWon: z.boolean() }) });
});

test('a metric or a measure that does not fit does not compile', () => {
  // @ts-expect-error: yes or no has no mean absolute error
  model('a', { ...sound, metrics: ['brier', 'mae'] });
  // @ts-expect-error: a number has no AUC
  model('b', { ...number, metrics: ['mae', 'auc'] });
  const late = (row: { overs: number }): boolean => row.overs > 5;
  // @ts-expect-error: a measure over rows of another table
  model('c', { ...number, measures: { late: { of: 'mae', where: late } } });
  // @ts-expect-error: a measure of another kind of target
  model('d', { ...number, measures: { late: { of: 'auc', where: () => true } } });
});

test('a trainer that does not fit does not compile', () => {
  // @ts-expect-error: this trainer learns numbers only
  model('a', { ...sound, trainer: ofNumbers() });
  // @ts-expect-error: this trainer learns no numbers
  model('b', { ...number, trainer: ofClasses() });
  // @ts-expect-error: nor does the baseline
  model('c', { ...number, baselines: { flat: ofClasses() } });
  // @ts-expect-error: a number is not calibrated
  model('d', { ...number, calibrate: 'isotonic' });
  // @ts-expect-error: yes or no has no interval
  model('e', { ...sound, interval: 0.9 });
  // @ts-expect-error: only numbers have a scale
  model('f', { ...sound, transform: { forward: () => 1, inverse: () => 1 } });
  const perSeason = (value: number, { season }: { season: number }): number => value / season;
  // @ts-expect-error: the transform uses a column that a caller does not send
  model('g', { ...number, transform: { forward: perSeason, inverse: (learned) => learned } });
  // @ts-expect-error: this trainer has no option "leaves"
  model('h', { ...number, search: { trials: 2, space: { leaves: [2, 8] } } });
});
