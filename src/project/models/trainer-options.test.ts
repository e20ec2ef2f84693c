import { expect, test } from 'vitest';
import { z } from 'zod';
import { trainerProblems } from './trainer-options.ts';
import type { Trainer, TrainerOptions } from './trainer.ts';

/** A trainer that takes any option but `reserved`. */
function anyOptions(options: object): Trainer {
  const definition = {
    name: 'library',
    learns: ['number'],
    options: z.looseObject({ reserved: z.never().optional() }),
    trial: () => Promise.resolve({ metrics: {}, loss: 0 }),
  };
  return {
    kind: 'trainer',
    name: 'library',
    options: options as TrainerOptions,
    type: { definition },
  } as never;
}

const problemsOf = (
  options: object,
  space?: Readonly<Record<string, readonly [number, number]>>,
): readonly string[] =>
  trainerProblems({
    trainer: anyOptions(options),
    kind: 'number',
    search: space && ({ space, trials: 2 } as never),
  });

const loop: Record<string, unknown> = {};
loop['self'] = loop;

test.each<[unknown, string]>([
  [() => 1, 'a function'],
  [undefined, 'nothing'],
  [12n, '12'],
  [[1, Number.NaN], '[1,"NaN"]'],
  [{ max: Infinity }, '{"max":"Infinity"}'],
  [new Date(0), '"1970-01-01T00:00:00.000Z"'],
  [new Map(), '{}'],
  [loop, 'an object that has itself inside'],
])('an option that JSON would lose is refused: %o', (value, found) => {
  expect(problemsOf({ eta: 0.1, weights: value })).toEqual([
    `trainer.weights must be JSON: text, finite numbers, true, false, null, and lists and objects of them (got ${found})`,
  ]);
});

test.each([Number.NaN, Infinity, -Infinity])('a number that is not finite is refused: %d', (value) => {
  expect(problemsOf({ eta: value })).toEqual([`trainer.eta must be a number (got ${value})`]);
});

test('values of JSON are options', () => {
  expect(problemsOf({ a: 1, b: 0.5, c: 'x', d: null, e: [1, [2]], f: { g: true } })).toEqual([]);
});

test('an option that Modelyard sets is refused, and not named as one to use', () => {
  expect(problemsOf({ eta: 0.1, reserved: 3 })).toEqual([
    'trainer.reserved is set by Modelyard: leave it out (got 3)',
  ]);
  expect(problemsOf({ eta: 0.1 }, { reserve: [1, 2] })).toEqual([
    'search.space has "reserve", which library does not take (eta)',
  ]);
});
