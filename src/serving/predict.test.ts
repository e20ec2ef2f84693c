import { openLookups } from '../features/lookup.ts';
import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { digestOf } from '../kernel/digest.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { Features } from '../project/models/model.ts';
import type { Prediction } from '../project/models/prediction.ts';
import type { Predictor } from '../project/models/predictor.ts';
import {
  type PredictedRow,
  type PredictorRow,
  versionPredictor,
} from '../lifecycle/version/version-predictor.ts';
import { explainRows, predictRows } from './predict.ts';
import { codeBoundary, type ServedVersion } from './version.ts';

/** Predicts the sum of two features, `low` counting as 100 when it is missing. */
const adding: Predictor = {
  features: ['low', 'high'],
  async predict({ columns: [lows = [], highs = []] }) {
    return Array.from(lows, (low, row) => {
      const value = (Number.isNaN(low) ? 100 : low) + (highs[row] ?? 0);
      return { kind: 'number', value, interval: { low: value - 1, high: value + 1, level: 0.8 } };
    });
  },
  async explain({ columns: [lows = [], highs = []] }) {
    return Array.from(lows, (low, row) => ({
      baseline: 0,
      contributions: Float64Array.of(Number.isNaN(low) ? 100 : low, highs[row] ?? 0),
    }));
  },
};

function version(
  features: (request: never) => Features,
  request: z.ZodObject = z.object({ a: z.number(), b: z.number().default(7) }),
  predictor: Predictor = adding,
): ServedVersion {
  const code = { key: digestOf('k'), bundle: digestOf('b'), label: 'f in modelyard', builtIn: true };
  const codes = { request: code, features: code, trainer: code };
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
      target: { name: 'sum', title: 'Sum', unit: null, type: { kind: 'number' } },
      request: z.toJSONSchema(request, { io: 'input', unrepresentable: 'any' }) as JsonObject,
      code: codes,
      lookups: [],
      trainedOn: { rows: 1, groups: null, from: null, to: null },
      learnedFrom: { group: null, by: null, columns: [] },
    },
    online: { tables: [], lookups: openLookups([], new Map()) },
    predictor: versionPredictor(
      {
        request,
        features: features as (request: unknown) => Features,
        trainer: 'boosted-trees',
        predictor,
        rule: { format: 1, target: { kind: 'number' } },
      },
      codeBoundary({ model: 'sum', trainer: 'boosted-trees', code: codes }),
    ),
  };
}

const now = Date.UTC(2026, 0, 1);
const plain = ({ a, b }: { a: number; b: number }): Features => ({ high: b, low: a });

function asRow(features: Features): PredictorRow {
  return { request: undefined, features };
}

/** Of a request of one row. */
async function predictOne(request: unknown, served: ServedVersion): Promise<PredictedRow | undefined> {
  return (await predictRows([{ request }], served, now))[0];
}

test('a request is checked, filled in, made into numbers and predicted', async () => {
  expect(await predictOne({ a: 3 }, version(plain))).toEqual({
    request: { a: 3, b: 7 },
    found: [],
    lookups: {},
    features: { high: 7, low: 3 },
    prediction: { kind: 'number', value: 10, interval: { low: 9, high: 11, level: 0.8 } },
  });
});

test('an explanation has the strongest contribution first, of a missing value too', async () => {
  const served = version(plain);
  expect(await explainRows([asRow({ high: 7, low: 3 })], served)).toEqual([
    {
      scale: 'target',
      baseline: 0,
      contributions: [
        { feature: 'high', value: 7, contribution: 7 },
        { feature: 'low', value: 3, contribution: 3 },
      ],
    },
  ]);
  const [missing] = await explainRows([asRow({ high: 1, low: Number.NaN })], served);
  expect(missing?.contributions[0]).toEqual({ feature: 'low', value: Number.NaN, contribution: 100 });
});

test('a trainer that cannot explain says so', async () => {
  const { explain: _explain, ...predictor } = adding;
  await expect(
    explainRows([asRow({ high: 1, low: 1 })], version(plain, undefined, predictor)),
  ).rejects.toMatchObject({
    code: 'MODEL_UNSUPPORTED',
    detail: { field: 'explain' },
  });
});

test('a request that the schema refuses is the caller’s to mend', async () => {
  await expect(predictOne({ a: 'x' }, version(plain))).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    message: 'bad input: a must be a number (got "x")',
  });
});

test('every bad row is named, and a row that is no object by its place in the list', async () => {
  const rows = [{ a: 1 }, { a: 'x', c: 1 }, 3].map((request, index) => ({ request, name: `rows[${index}]` }));
  await expect(predictRows(rows, version(plain), now)).rejects.toMatchObject({
    detail: {
      field: 'rows[1].c',
      more: [
        { field: 'rows[1].a', value: 'x' },
        { field: 'rows[2]', value: 3, remedy: expect.stringContaining('must be a JSON object') },
      ],
    },
  });
});

test('the row whose features the project’s code cannot make is named', async () => {
  const served = version(({ a }: { a: number }) => ({ low: a / 0, high: 1 }));
  await expect(predictRows([{ request: { a: 1 }, name: 'rows[0]' }], served, now)).rejects.toThrow(
    /rows\[0\] feature low must be a finite number.*\(got Infinity\)/,
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
  [
    'features that are no numbers',
    version(() => ({ low: '1' as never, high: 1 })),
    /feature low must be .*\(got "1"\)/,
  ],
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
  [
    'an infinite feature',
    version(() => ({ low: -Infinity, high: 1 })),
    /feature low must be .*\(got -Infinity\)/,
  ],
  [
    'a feature beyond float32',
    version(() => ({ low: 1e39, high: 1 })),
    /feature low must be .*\(got 1e\+39\)/,
  ],
])('%s: the project’s code is at fault', async (_case, served, says) => {
  await expect(predictOne({ a: 3 }, served)).rejects.toThrow(says);
  await expect(predictOne({ a: 3 }, served)).rejects.toMatchObject({ code: 'USER_CODE_FAILED' });
});

test.each<Prediction>([
  { kind: 'number', value: Number.NaN },
  { kind: 'number', value: 1, interval: { low: -Infinity, high: 2, level: 0.8 } },
  { kind: 'class', value: true, probability: Number.NaN, probabilities: { true: 1, false: 0 } },
  { kind: 'forecast', horizon: [{ step: 1, value: Number.POSITIVE_INFINITY }] },
])('a prediction that is no number is not returned: %j', async (prediction) => {
  const served = version(plain);
  vi.spyOn(served.predictor, 'predict').mockResolvedValue([{ features: {}, prediction }]);
  await expect(predictOne({ a: 3 }, served)).rejects.toMatchObject({ code: 'INTERNAL' });
});
