import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPython } from '../../src/adapters/python/python.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import type { Target } from '../../src/project/models/kind.ts';
import type { Prediction } from '../../src/project/models/prediction.ts';
import type { Predictor } from '../../src/project/models/predictor.ts';
import type { Python } from '../../src/project/python.ts';
import type {
  Fitted,
  Matrix,
  TrainerDefinition,
  TrainerOptions,
  TrainingRows,
} from '../../src/project/models/trainer.ts';
import { lightgbm } from '../../src/training/library-trainers/lightgbm.ts';
import { sklearn } from '../../src/training/library-trainers/sklearn.ts';
import { xgboost } from '../../src/training/library-trainers/xgboost.ts';

const path = process.env['MODELYARD_COMPAT_PYTHON'];
const skipped = path === undefined;
const why = skipped ? ' (skipped: MODELYARD_COMPAT_PYTHON names no Python with xgboost and lightgbm)' : '';
let folder = '';
let python: Python;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelyard-library-trainers-'));
  python = openPython({
    env: { ...process.env, MODELYARD_PYTHON: path },
    scripts: fileURLToPath(new URL('../../python', import.meta.url)),
    cache: folder,
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const features = ['form [0]', 'days of rest', 'venue'];

/** Rows with missing values, and codes of categories. */
function rowsOf(count: number, kind: Target['kind'], seed: number): TrainingRows {
  const random = seededRandom(seed);
  const columns = features.map((name) =>
    new Float32Array(count).map(() => {
      if (random() < 0.1) return Number.NaN;
      return name === 'venue' ? Math.floor(random() * 40) : Math.fround(random() * 10 - 5);
    }),
  );
  const target = new Float64Array(count).map((_, row) => {
    const [form = 0, rest = 0, venue = 0] = columns.map((column) => column[row] || 0);
    const value = Math.abs(Math.floor(form * 2 + rest + ((venue * 7) % 5) * 4));
    return kind === 'number' ? value : value % (kind === 'boolean' ? 2 : 3);
  });
  return {
    matrix: { features, rows: count, columns },
    target,
    group: Int32Array.from(target, (_, row) => row),
    order: Float64Array.from(target, (_, row) => row),
  };
}

const number: Target = { kind: 'number' };
const boolean: Target = { kind: 'boolean' };
const classes: Target = { kind: 'class', classes: ['home', 'draw', 'away'] };

function fit(definition: TrainerDefinition, options: TrainerOptions, target: Target): Promise<Fitted> {
  const rows = { train: rowsOf(900, target.kind, 1), validation: rowsOf(300, target.kind, 2) };
  const context = { target, interval: 0.8, progress: () => undefined, python };
  return definition.fit(options, rows, context);
}

function open(definition: TrainerDefinition, { files }: Fitted): Promise<Predictor> {
  const read = async (name: string): Promise<Uint8Array> =>
    files.find((file) => file.name === name)?.bytes ?? new Uint8Array();
  return definition.open(read, [], { python });
}

const unseen = rowsOf(200, 'number', 3).matrix;

/** The numbers that the explanations add up to, beside the predictions on their scale. */
function sums(predictions: readonly Prediction[], explained: Awaited<ReturnType<Explain>>): unknown {
  return explained.map((explanation, row) => {
    const each = 'classes' in explanation ? explanation.classes : [explanation];
    const totals = each.map(({ baseline, contributions }) =>
      contributions.reduce((sum, one) => sum + one, baseline),
    );
    const prediction = predictions[row] as Prediction;
    if (prediction.kind === 'number') return [totals[0], prediction.value];
    if (prediction.kind !== 'class') throw new Error(prediction.kind);
    const powers = totals.length === 1 ? [1, Math.exp(totals[0] ?? 0)] : totals.map(Math.exp);
    const last = powers.at(-1) as number;
    const all = powers.reduce((sum, one) => sum + one, 0);
    const names = Object.keys(prediction.probabilities);
    const of = totals.length === 1 ? 'true' : (names.at(-1) as string);
    return [last / all, prediction.probabilities[of]];
  });
}
type Explain = NonNullable<Predictor['explain']>;

const cases: readonly (readonly [string, TrainerDefinition, TrainerOptions, Target])[] = [
  ['xgboost', xgboost.definition, { max_depth: 4, categories: ['venue'] }, number],
  ['xgboost', xgboost.definition, { objective: 'count:poisson', max_depth: 3 }, number],
  ['xgboost', xgboost.definition, { objective: 'reg:quantileerror', quantile_alpha: 0.7 }, number],
  ['xgboost', xgboost.definition, { eta: 0.2, categories: ['venue'], max_cat_to_onehot: 2 }, boolean],
  ['xgboost', xgboost.definition, { n_estimators: 15, early_stopping_rounds: 0 }, classes],
  ['lightgbm', lightgbm.definition, { num_leaves: 9, categories: ['venue'] }, number],
  ['lightgbm', lightgbm.definition, { objective: 'poisson', num_leaves: 5 }, number],
  ['lightgbm', lightgbm.definition, { learning_rate: 0.2, sigmoid: 2, categories: ['venue'] }, boolean],
  ['lightgbm', lightgbm.definition, { n_estimators: 15, early_stopping_rounds: 0 }, classes],
];

test.skipIf(skipped).each(cases)(
  `%s trains in Python and predicts and explains without it: %#${why}`,
  async (_name, ...[definition, options, target]) => {
    const fitted = await fit(definition, options, target);
    const predictor = await open(definition, fitted);
    expect(predictor.features).toEqual(features);
    const predictions = await predictor.predict(unseen);
    expect(predictions).toHaveLength(200);
    expect(fitted.heldOut).toHaveLength(300);
    const values = sums(predictions, (await predictor.explain?.(unseen)) ?? []) as readonly [
      number,
      number,
    ][];
    expect(values).toHaveLength(200);
    for (const [sum, predicted] of values)
      expect(Math.abs(sum - predicted) / (1 + predicted)).toBeLessThan(1e-5);
    const shares = Object.values(fitted.importances ?? {});
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
    const { points = [], kept } = fitted.learning ?? {};
    expect(kept).toBe(fitted.fittedParams?.['trees']);
    expect(points.map(({ round }) => round).slice(0, 2)).toEqual([1, 2]);
    expect(points.at(-1)?.train).toBeLessThan(points[0]?.train ?? 0);
    expect(fitted.packages?.['numpy']).toMatch(/^\d+\.\d+\.\d+$/);
    expect(fitted.packages?.['python']).toMatch(/^3\.\d+$/);
  },
);

test.skipIf(skipped).each<readonly [string, TrainerOptions, Target]>([
  ['ensemble.HistGradientBoostingRegressor', { max_depth: 4, categories: ['venue'] }, number],
  ['ensemble.HistGradientBoostingClassifier', { max_iter: 30 }, boolean],
  ['ensemble.RandomForestClassifier', { n_estimators: 20, categories: ['venue'] }, classes],
  ['linear_model.Ridge', {}, number],
  ['linear_model.LogisticRegression', { max_iter: 500 }, classes],
])(`%s of scikit-learn trains and predicts in Python${why}`, async (estimator, options, target) => {
  const all = { ...options, estimator };
  const fitted = await fit(sklearn.definition, all, target);
  expect(fitted.heldOut).toHaveLength(300);
  expect(fitted.packages?.['scikit-learn']).toMatch(/^\d+\.\d+\.\d+$/);
  expect((await fit(sklearn.definition, all, target)).files).toEqual(fitted.files);
  const predictor = await open(sklearn.definition, fitted);
  try {
    expect(predictor.features).toEqual(features);
    const predictions = await predictor.predict(unseen);
    expect(predictions).toHaveLength(200);
    expect(new Set(predictions.map((each) => JSON.stringify(each))).size).toBeGreaterThan(20);
  } finally {
    await predictor.close?.();
  }
});

test.skipIf(skipped)(`a class without rows has probability 0 in scikit-learn's models${why}`, async () => {
  const target: Target = { kind: 'class', classes: ['never', 'home', 'draw'] };
  const shifted = (rows: TrainingRows): TrainingRows => ({
    ...rows,
    target: rows.target.map((code) => code + 1),
  });
  const subsets = {
    train: shifted(rowsOf(300, 'boolean', 1)),
    validation: shifted(rowsOf(100, 'boolean', 2)),
  };
  const context = { target, interval: 0.8, progress: () => undefined, python };
  const options = { estimator: 'tree.DecisionTreeClassifier', max_depth: 3 };
  const predictor = await open(sklearn.definition, await sklearn.definition.fit(options, subsets, context));
  const [first] = await predictor.predict(unseen);
  await predictor.close?.();
  expect(first).toHaveProperty('probabilities.never', 0);
});

test.skipIf(skipped).each([
  ['xgboost', xgboost.definition, { subsample: 0.7, seed: 5 }],
  ['lightgbm', lightgbm.definition, { bagging_fraction: 0.7, bagging_freq: 1, seed: 5 }],
] as const)(`the same rows and options give the same files: %s${why}`, async (_name, definition, options) => {
  const [first, again] = [await fit(definition, options, number), await fit(definition, options, number)];
  expect(again.files).toEqual(first.files);
  const other = await fit(definition, { ...options, seed: 6 }, number);
  expect(other.files).not.toEqual(first.files);
});

test.skipIf(skipped)(`a trial does not learn from the validation rows${why}`, async () => {
  const rows = { train: rowsOf(900, 'number', 1), validation: rowsOf(300, 'number', 2) };
  const options = { max_depth: 4, categories: ['venue'] };
  const trial = await xgboost.definition.trial?.(options, rows, { target: number, python });
  const fitted = await fit(xgboost.definition, options, number);
  expect(trial?.heldOut).toEqual(fitted.heldOut);
  expect(trial?.loss).toBe(trial?.metrics['rmse']);
  expect(trial?.fittedParams).toEqual(fitted.fittedParams);
  const final = await (await open(xgboost.definition, fitted)).predict(rows.validation.matrix);
  expect(final).not.toEqual(fitted.heldOut);
});

test.skipIf(skipped)(`another loss is what a search lowers${why}`, async () => {
  const rows = { train: rowsOf(300, 'number', 1), validation: rowsOf(100, 'number', 2) };
  const options = { objective: 'reg:quantileerror', quantile_alpha: 0.9 };
  const trial = await xgboost.definition.trial?.(options, rows, { target: number, python });
  expect(trial?.loss).toBeLessThan(trial?.metrics['rmse'] ?? 0);
});

test.skipIf(skipped)(`rows count by their weight${why}`, async () => {
  const given = rowsOf(300, 'number', 1);
  const weight = Float64Array.from(given.target, (value) => (value > 8 ? 20 : 1));
  const meanOf = async (train: TrainingRows): Promise<number> => {
    const context = { target: number, interval: 0.8, progress: () => undefined, python };
    const subsets = { train, validation: rowsOf(100, 'number', 2) };
    const fitted = await xgboost.definition.fit({ n_estimators: 3, max_depth: 1 }, subsets, context);
    const values = await (await open(xgboost.definition, fitted)).predict(unseen);
    return values.reduce((sum, each) => sum + (each.kind === 'number' ? each.value : 0), 0) / values.length;
  };
  expect(await meanOf({ ...given, weight })).toBeGreaterThan((await meanOf(given)) + 1);
});

test.skipIf(skipped).each<readonly [string, TrainerDefinition, TrainerOptions, Target, RegExp]>([
  [
    'an unknown name',
    xgboost.definition,
    { max_dept: 3 },
    number,
    /"max_dept" \} are not used \(option max_dept of XGBoost: 3\)/,
  ],
  [
    'a wrong value',
    xgboost.definition,
    { max_depth: 'deep' },
    number,
    /max_depth expect int but value='deep'/,
  ],
  ['a value outside its limits', xgboost.definition, { eta: -1 }, number, /eta/],
  [
    'two names of one option',
    xgboost.definition,
    { n_estimators: 3, num_boost_round: 3 },
    number,
    /mean the same/,
  ],
  [
    'no count of trees',
    xgboost.definition,
    { n_estimators: 0.5 },
    number,
    /n_estimators must be a whole number/,
  ],
  [
    'an objective that is not served',
    xgboost.definition,
    { objective: 'rank:ndcg' },
    number,
    /objective of XGBoost must be reg:squarederror/,
  ],
  [
    'an objective of another kind',
    xgboost.definition,
    { objective: 'binary:logistic' },
    classes,
    /must be multi:softprob/,
  ],
  [
    'a booster that is not served',
    xgboost.definition,
    { booster: 'dart' },
    number,
    /booster of XGBoost must be gbtree/,
  ],
  [
    'a category that is no feature',
    xgboost.definition,
    { categories: ['venu'] },
    number,
    /categories of XGBoost must be a list of features: form/,
  ],
  [
    'a category without codes',
    xgboost.definition,
    { categories: ['days of rest'] },
    number,
    /categories are whole numbers from 0/,
  ],
  [
    'an unknown name',
    lightgbm.definition,
    { num_leavs: 3 },
    number,
    /Unknown parameter: num_leavs \(option num_leavs of LightGBM: 3\)/,
  ],
  ['a wrong value', lightgbm.definition, { num_leaves: 'x' }, number, /num_leaves should be of type int/],
  ['an objective of another kind', lightgbm.definition, { objective: 'binary' }, number, /objective|label/],
  ['a model that is not served', lightgbm.definition, { linear_tree: true }, number, /linear leaves/],
  [
    'an unknown name',
    sklearn.definition,
    { estimator: 'ensemble.HistGradientBoostingRegressor', max_dept: 3 },
    number,
    /unexpected keyword argument 'max_dept' \(option max_dept of scikit-learn: 3\)/,
  ],
  [
    'a wrong value',
    sklearn.definition,
    { estimator: 'ensemble.HistGradientBoostingRegressor', max_depth: -3 },
    number,
    /The 'max_depth' parameter of HistGradientBoostingRegressor must be .*\(option max_depth of scikit-learn: -3\)/,
  ],
  [
    'an estimator that is not there',
    sklearn.definition,
    { estimator: 'ensemble.Forest' },
    number,
    /scikit-learn has no ensemble\.Forest/,
  ],
  [
    'an estimator of another kind',
    sklearn.definition,
    { estimator: 'svm.LinearSVC' },
    boolean,
    /LinearSVC gives no probabilities/,
  ],
])(`%s is refused: %#${why}`, async (_case, ...[definition, options, target, message]) => {
  await expect(fit(definition, options, target)).rejects.toThrow(message);
});

test.skipIf(skipped)(`infinite values are XGBoost's to refuse${why}`, async () => {
  const train = rowsOf(300, 'number', 1);
  const column = Float32Array.from(train.matrix.columns[0] ?? []);
  column[7] = Infinity;
  const matrix: Matrix = { ...train.matrix, columns: [column, ...train.matrix.columns.slice(1)] };
  const rows = { train: { ...train, matrix }, validation: rowsOf(100, 'number', 2) };
  const context = { target: number, interval: 0.8, progress: () => undefined, python };
  await expect(xgboost.definition.fit({}, rows, context)).rejects.toThrow(/inf/);
});
