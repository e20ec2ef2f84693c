import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seededRandom } from '../../src/kernel/random.ts';
import type { Target } from '../../src/project/models/kind.ts';
import { boostTrees } from '../../src/training/boosted-trees/boost.ts';
import { lightgbmScores } from '../../src/training/boosted-trees/lightgbm.ts';
import { readLightgbm } from '../../src/training/boosted-trees/lightgbm-read.ts';
import { respond } from '../../src/training/boosted-trees/objective.ts';
import { type BoostedTreesOptions, readTreeOptions } from '../../src/training/boosted-trees/options.ts';
import { openScorer } from '../../src/training/boosted-trees/scorer.ts';
import type { Trees } from '../../src/training/boosted-trees/trees.ts';
import { readXgboost } from '../../src/training/boosted-trees/xgboost-read.ts';
import { writeXgboost, writeXgboostUbjson } from '../../src/training/boosted-trees/xgboost-write.ts';
import { type PythonChecker, startChecker } from './python-checker.ts';

const python = process.env['MODELYARD_COMPAT_PYTHON'];
const skipped = python === undefined;
const why = skipped ? ' (skipped: MODELYARD_COMPAT_PYTHON names no Python with xgboost and lightgbm)' : '';
let folder = '';
let xgboostChecker: PythonChecker;
let lightgbmChecker: PythonChecker;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelyard-trees-'));
  if (python === undefined) return;
  xgboostChecker = startChecker(python, 'xgboost_check.py', folder);
  lightgbmChecker = startChecker(python, 'lightgbm_check.py', folder);
});
afterAll(async () => {
  if (!skipped) await Promise.all([xgboostChecker, lightgbmChecker].map((one) => one[Symbol.asyncDispose]()));
  await rm(folder, { recursive: true, force: true });
});

const count = 1200;
const features = ['form', 'rest', 'venue'];
const random = seededRandom(9);
const columns = features.map((name) =>
  new Float32Array(count).map(() => {
    if (random() < 0.1) return Number.NaN;
    return name === 'venue' ? Math.floor(random() * 40) : Math.fround(random() * 10 - 5);
  }),
);
const truth = (kind: Target['kind']): Float64Array =>
  new Float64Array(count).map((_, row) => {
    const [form = 0, rest = 0, venue = 0] = columns.map((column) => column[row] || 0);
    const value = Math.floor(form * 2 + rest + ((venue * 7) % 5) * 4);
    return kind === 'number' ? Math.abs(value) : Math.abs(value) % (kind === 'boolean' ? 2 : 3);
  });

/** The rows, with every threshold of a model, its neighbours, the ends of float32 and codes that no row has. */
function strangeRows(trees: Trees): readonly Float32Array[] {
  const ends = [Infinity, -Infinity, 3.4028234663852886e38, 3e38, -3e38, 0, -0, 1e-45, Number.NaN];
  const thresholds = [...new Set(trees.value)].slice(0, 400);
  const numbers = [...ends, ...thresholds, ...thresholds.map((one) => one * (1 + 2 ** -23))];
  const codes = [Number.NaN, 0, 39, 40, 63, 64, 1000, 2 ** 23];
  return columns.map((column, feature) =>
    column.map((value, row) => {
      if (row >= numbers.length) return value;
      return feature === 2
        ? (codes[row % codes.length] ?? 0)
        : (numbers[(row * (feature + 1)) % numbers.length] ?? 0);
    }),
  );
}

const ours = (trees: Trees, rows: readonly Float32Array[]): readonly number[] => [
  ...respond(trees.objective, openScorer(trees)(rows, count), trees.bases.length),
];

const classes: Target = { kind: 'class', classes: ['home', 'draw', 'away'] };
const models: readonly (readonly [Target, BoostedTreesOptions])[] = [
  [{ kind: 'number' }, { categories: ['venue'] }],
  [{ kind: 'number' }, { loss: 'poisson' }],
  [{ kind: 'number' }, { loss: 'quantile', quantile: 0.8 }],
  [{ kind: 'number' }, { loss: 'huber', leaves: 9 }],
  [{ kind: 'boolean' }, { categories: ['venue'], monotone: { form: 'rising' } }],
  [{ kind: 'boolean' }, { rowShare: 0.7 }],
  [classes, { categories: ['venue'] }],
  [classes, {}],
];

test.skipIf(skipped).each(models)(`XGBoost predicts ours bit for bit: %j %j${why}`, async (target, given) => {
  const options = readTreeOptions({ trees: 25, depth: 5, minLeafRows: 5, earlyStopping: 0, ...given });
  const matrix = { features, rows: count, columns };
  const trees = boostTrees({ matrix, target: truth(target.kind) }, { options, target });
  const rows = strangeRows(trees);
  const files = { 'ours.json': writeXgboost(trees), 'ours.ubj': writeXgboostUbjson(trees) };
  for (const [name, bytes] of Object.entries(files)) {
    const model = join(folder, name);
    await writeFile(model, bytes);
    const { predictions } = await xgboost({ model, rows });
    expect(predictions).toEqual(ours(trees, rows));
  }
});

const objectives = [
  ['reg:squarederror', 'number', {}],
  ['count:poisson', 'number', {}],
  ['reg:pseudohubererror', 'number', {}],
  ['reg:quantileerror', 'number', { quantile_alpha: 0.7 }],
  ['binary:logistic', 'boolean', {}],
  ['multi:softprob', 'class', { num_class: 3 }],
  ['multi:softprob', 'class', { num_class: 3, base_score: 0.3 }],
  ['reg:squarederror', 'number', { base_score: 2.5, num_parallel_tree: 3, subsample: 0.6 }],
  ['reg:squarederror', 'number', { grow_policy: 'lossguide', max_leaves: 9, max_depth: 0 }],
  ['binary:logistic', 'boolean', { max_cat_to_onehot: 100 }],
  ['reg:squarederror', 'number', { gamma: 1e9 }],
] as const;

const refused = [
  [{ booster: 'dart', objective: 'reg:squarederror' }, /theirs booster: "dart"/],
  [{ objective: 'reg:tweedie' }, /theirs objective: "reg:tweedie"/],
  [{ objective: 'reg:absoluteerror' }, /theirs objective: "reg:absoluteerror"/],
  [{ objective: 'reg:quantileerror', quantile_alpha: [0.1, 0.9] }, /theirs num_target: "2"/],
] as const;

test
  .skipIf(skipped)
  .each(
    refused.flatMap(([train, message]) => ['json', 'ubj'].map((ending) => [train, ending, message] as const)),
  )(
  `a model of XGBoost that we do not score is refused by name: %j, %s${why}`,
  async (train, ending, message) => {
    const model = join(folder, `refused.${ending}`);
    const target = [...truth('number')];
    await xgboost({
      model,
      rows: columns,
      train: { nthread: 1, ...train },
      types: ['float', 'float', 'c'],
      rounds: 3,
      target,
    });
    const bytes = await readFile(model);
    expect(() => readXgboost(bytes, 'theirs')).toThrow(message);
  },
);

test
  .skipIf(skipped)
  .each(
    objectives.flatMap(([objective, kind, params]) =>
      ['json', 'ubj'].map((ending) => [objective, ending, { kind, ...params }] as const),
    ),
  )(`we predict XGBoost's model bit for bit: %s.%s${why}`, async (objective, ending, { kind, ...params }) => {
  const model = join(folder, `theirs.${ending}`);
  const train = { objective, max_depth: 5, tree_method: 'hist', nthread: 1, max_cat_to_onehot: 3, ...params };
  const types = ['float', 'float', 'c'];
  const trained = await xgboost({ model, rows: columns, train, types, rounds: 20, target: [...truth(kind)] });
  const { trees } = readXgboost(await readFile(model), 'theirs');
  expect(trained.predictions).toEqual(ours(trees, columns));
  const rows = strangeRows(trees);
  expect((await xgboost({ model, rows })).predictions).toEqual(ours(trees, rows));
});

test.skipIf(skipped).each([
  ['regression', 'number', {}],
  ['regression', 'number', { use_missing: false }],
  ['quantile', 'number', { alpha: 0.3 }],
  ['poisson', 'number', {}],
  ['binary', 'boolean', {}],
  ['multiclass', 'class', { num_class: 3 }],
] as const)(
  `we score LightGBM's model bit for bit: %s of a %s, %j${why}`,
  async (objective, kind, params) => {
    const model = join(folder, 'lightgbm.txt');
    const train = { objective, num_leaves: 15, ...params };
    const target = [...truth(kind)];
    const ask = async (rows: readonly Float32Array[]): Promise<readonly number[]> =>
      (
        await lightgbmChecker.ask<{ readonly scores: readonly number[] }>({
          model,
          rows: texts(rows),
          train,
          target,
          categories: [2],
        })
      ).scores;
    const scores = await ask(columns);
    const read = readLightgbm(await readFile(model, 'utf8'), 'lightgbm.txt');
    expect([...lightgbmScores(read, columns, count)]).toEqual(scores);
    const rows = columns.map((column) => column.slice());
    for (const [at, value] of [Infinity, -Infinity, 3e38, 0].entries())
      rows[0]?.fill(value, at * 20, at * 20 + 20);
    for (const [at, value] of [40, 500, 64].entries()) rows[2]?.fill(value, at * 25, at * 25 + 25);
    const strange = await ask(rows);
    const again = readLightgbm(await readFile(model, 'utf8'), 'lightgbm.txt');
    expect([...lightgbmScores(again, rows, count)]).toEqual(strange);
  },
);

interface Question {
  readonly model: string;
  readonly rows: readonly Float32Array[];
  readonly [name: string]: unknown;
}

function xgboost({ rows, ...rest }: Question): Promise<{ readonly predictions: readonly number[] }> {
  return xgboostChecker.ask({ features, inplace: true, ...rest, rows: texts(rows) });
}

/** JSON has no NaN and no Infinity: null, and text that Python reads. */
function texts(rows: readonly Float32Array[]): readonly (readonly (number | string | null)[])[] {
  return Array.from({ length: count }, (_, row) =>
    rows.map((column) => {
      const value = column[row] ?? Number.NaN;
      if (Number.isNaN(value)) return null;
      return Number.isFinite(value) ? (Object.is(value, -0) ? '-0.0' : value) : value > 0 ? 'inf' : '-inf';
    }),
  );
}
