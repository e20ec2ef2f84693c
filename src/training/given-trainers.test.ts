import { expect, test } from 'vitest';
import { trainerProblems } from '../project/models/trainer-options.ts';
import { searchProblems } from '../project/problems/search-problems.ts';
import { average } from './average/average.ts';
import { boostedTrees } from './boosted-trees/trainer.ts';
import { lightgbm } from './library-trainers/lightgbm.ts';
import { sklearn } from './library-trainers/sklearn.ts';
import { xgboost } from './library-trainers/xgboost.ts';
import { linear } from './linear/linear.ts';

const problemsOf = (trainer: unknown): readonly string[] =>
  trainerProblems({ trainer: trainer as never, search: undefined, kind: 'number' });

const depth = 'trainer.depth must be a whole number from 1 to 16';

test.each([0, -1, 1.5, 1e9, Number.NaN, null, '6', 6n])('a depth of %s is refused', (given) => {
  expect(problemsOf(boostedTrees({ depth: given as number }))[0]).toContain(depth);
});

test.each([null, [], [6], '6', 6, true, new Map(), new Date(0), () => 1])(
  'options that are no object are refused: %o',
  (given) => {
    for (const trainer of [boostedTrees, linear, xgboost, lightgbm])
      expect(problemsOf(trainer(given as never))).toEqual([expect.stringContaining('has the options')]);
    expect(problemsOf(sklearn('linear_model.Ridge', given as never))).toHaveLength(1);
  },
);

test.each<[string, unknown, string]>([
  ['a misspelt name', boostedTrees({ dept: 3 } as never), 'did you mean depth?'],
  ['the name of another library', boostedTrees({ n_estimators: 3 } as never), 'did you mean trees?'],
  ['a name of XGBoost', xgboost({ max_dept: 4 }), 'did you mean max_depth?'],
  ['a name of LightGBM', lightgbm({ learning_rat: 1 }), 'did you mean learning_rate?'],
  ['a name of an estimator', sklearn('linear_model.Ridge', { alhpa: 1 }), 'did you mean alpha?'],
  ['an estimator', sklearn('linear_model.Rigde'), "did you mean 'linear_model.Ridge'?"],
  ['an estimator without its module', sklearn('Ridge' as never), "did you mean 'linear_model.Ridge'?"],
  ['no estimator', sklearn(null as never), 'give its path'],
  ['no list of trainers', average(linear() as never), 'needs a list of trainers'],
  ['nothing to average', average(null as never), 'needs at least one trainer'],
  [
    'an average of what is no trainer',
    average([linear as never]),
    'trainer 1 of average is a trainer without',
  ],
  ['a trainer that was not called', boostedTrees, 'call it'],
  ['no trainer', undefined, 'trainer is nothing'],
  ['a promise', Promise.resolve(linear()), 'trainer is a promise'],
])('%s is refused with a way out', (_, trainer, says) =>
  expect(problemsOf(trainer)).toEqual([expect.stringContaining(says)]),
);

test('options that the libraries have are accepted', () => {
  expect(problemsOf(xgboost({ max_depth: 4, eta: 0.1, n_estimators: 50, categories: ['town'] }))).toEqual([]);
  expect(problemsOf(lightgbm({ num_leaves: 31, lambda_l2: 1 }))).toEqual([]);
  expect(problemsOf(sklearn('ensemble.RandomForestRegressor', { n_estimators: 50 }))).toEqual([]);
});

test.each<[unknown, string]>([
  [{ trials: 3, space: {}, trails: 4 }, 'did you mean trials?'],
  [{ trials: 3, space: null }, 'search.space is null'],
  [null, 'search is null'],
  [[], 'search is []'],
])('a search of %j is refused', (search, says) =>
  expect(searchProblems(search as never).join()).toContain(says),
);

test.each([4, null, [1, 4, 'log', 9], [1, Number.NaN]])('a range of %j is refused', (range) => {
  const search = { trials: 3, space: { depth: range } } as never;
  expect(trainerProblems({ trainer: boostedTrees() as never, search, kind: 'number' })).toEqual([
    expect.stringContaining('must be [from, to]'),
  ]);
});
