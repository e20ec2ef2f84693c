import { expect, test } from 'vitest';
import { z } from 'zod';
import { digestOf } from '../kernel/digest.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { Features } from '../project/model.ts';
import type { Predictor } from '../training/trainer.ts';
import { answer } from './predict.ts';
import type { ServedVersion } from './version.ts';

/** Answers with the sum of two features, `low` counting as 100 when it is missing. */
const adding: Predictor = {
  features: ['low', 'high'],
  answer([low = 0, high = 0]) {
    const value = (Number.isNaN(low) ? 100 : low) + high;
    return { value, interval: { low: value - 1, high: value + 1, level: 0.8 } };
  },
  explain: ([low = 0, high = 0]) => ({
    baseline: 0,
    contributions: Float64Array.of(Number.isNaN(low) ? 100 : low, high),
  }),
  predict: () => new Float32Array(0),
};

function version(
  features: (request: never) => Features,
  request: z.ZodObject = z.object({ a: z.number(), b: z.number().default(7) }),
): ServedVersion {
  const code = { key: digestOf('k'), bundle: digestOf('b'), label: 'f' };
  return {
    version: {
      model: 'sum',
      version: 1,
      runId: 'r' as never,
      folder: digestOf('folder'),
      source: '',
      storage: '',
      runLink: '',
      loggedModelId: undefined,
      metrics: {},
      description: '',
      stage: 'None',
      tags: {},
      aliases: [],
      createdAt: 0,
      updatedAt: 0,
    },
    manifest: {
      model: 'sum',
      trainer: 'boosted-trees',
      target: { name: 'sum', title: 'Sum', unit: null },
      request: z.toJSONSchema(request, { io: 'input', unrepresentable: 'any' }) as JsonObject,
      code: { request: code, features: code, trainer: code },
      trainedOn: { rows: 1, groups: null, from: null, to: null },
      learnedFrom: { group: null, by: null, columns: [] },
    },
    code: { request, features: features as (request: unknown) => Features },
    predictor: adding,
  };
}

const plain = ({ a, b }: { a: number; b: number }): Features => ({ high: b, low: a });

test('a request is checked, filled in, made into numbers and answered', () => {
  expect(answer({ a: 3 }, version(plain))).toEqual({
    features: { high: 7, low: 3 },
    value: 10,
    interval: { low: 9, high: 11, level: 0.8 },
    baseline: 0,
    contributions: [
      { feature: 'high', value: 7, contribution: 7 },
      { feature: 'low', value: 3, contribution: 3 },
    ],
  });
});

test('a missing value is a value', () => {
  const made = answer(
    { a: 3 },
    version(() => ({ low: Number.NaN, high: 1 })),
  );
  expect(made.contributions[0]).toEqual({ feature: 'low', value: Number.NaN, contribution: 100 });
});

test('a request that the schema refuses is the caller’s to mend', () => {
  expect(() => answer({ a: 'x' }, version(plain))).toThrow(
    expect.objectContaining({ code: 'INPUT_INVALID' }),
  );
});

test.each<[string, ServedVersion, RegExp]>([
  [
    'features that throw',
    version(() => {
      throw new RangeError('mine');
    }),
    /\(features of sum: "RangeError: mine"/,
  ],
  ['features that are no numbers', version(() => ({ low: '1' as never, high: 1 })), /\(feature low: "1"/],
  ['other features than it learned from', version(() => ({ low: 1 })), /\(feature high: missing/],
  [
    'a check of the request that throws',
    version(
      plain,
      z.object({ a: z.number() }).refine(() => {
        throw new RangeError('mine');
      }),
    ),
    /\(request of sum: "RangeError: mine"/,
  ],
])('%s: the project’s code is at fault', (_case, served, says) => {
  expect(() => answer({ a: 3 }, served)).toThrow(says);
  expect(() => answer({ a: 3 }, served)).toThrow(expect.objectContaining({ code: 'USER_CODE_FAILED' }));
});

test('an answer that is no number is not given', () => {
  expect(() =>
    answer(
      { a: 3 },
      version(() => ({ low: 1, high: Number.POSITIVE_INFINITY })),
    ),
  ).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
});
