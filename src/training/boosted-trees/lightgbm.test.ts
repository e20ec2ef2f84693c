import { expect, test } from 'vitest';
import { lightgbmResponses, lightgbmScores } from './lightgbm.ts';
import { readLightgbm } from './lightgbm-read.ts';
import { prepareExplain } from './shapley.ts';

/** Two trees: on a number with missing values to the right, and on the categories 1 and 33. */
const model = `tree
version=v4
num_class=1
num_tree_per_iteration=1
label_index=0
max_feature_idx=1
objective=binary sigmoid:2
feature_names=pace venue
feature_infos=[0:1] 0:1:33

Tree=0
num_leaves=2
num_cat=0
split_feature=0
split_gain=3
threshold=0.1
decision_type=8
left_child=-1
right_child=-2
leaf_value=0.25 -0.5
leaf_weight=1 1
leaf_count=30 10
internal_value=0
internal_weight=0
internal_count=40
is_linear=0
shrinkage=1

Tree=1
num_leaves=2
num_cat=1
split_feature=1
split_gain=2
threshold=0
decision_type=9
left_child=-1
right_child=-2
leaf_value=1 2
leaf_weight=1 1
leaf_count=20 20
internal_value=0
internal_weight=0
internal_count=40
cat_boundaries=0 2
cat_threshold=2 2
is_linear=0
shrinkage=1

end of trees
`;
const scores = (text: string, pace: number, venue: number): number | undefined =>
  lightgbmScores(readLightgbm(text, 'model.txt'), [Float32Array.of(pace), Float32Array.of(venue)], 1)[0];

test('rows are scored by LightGBM’s rules', () => {
  // The float32 nearest to 0.1 is above it.
  expect(scores(model, 0.1, 1)).toBe(-0.5 + 1);
  expect(scores(model, 0.09, 33)).toBe(0.25 + 1);
  expect(scores(model, Number.NaN, 0)).toBe(-0.5 + 2);
  expect(scores(model, Infinity, 1000)).toBe(-0.5 + 2);
  expect(scores(model, -Infinity, Number.NaN)).toBe(0.25 + 2);
  expect(scores(model.replace('threshold=0.1', 'threshold=inf'), Infinity, 1)).toBe(0.25 + 1);
  expect(scores(model.replace('decision_type=8', 'decision_type=0'), Number.NaN, 1)).toBe(0.25 + 1);
  expect(scores(model.replace('decision_type=8', 'decision_type=10'), Number.NaN, 1)).toBe(0.25 + 1);
});

test('a split that takes missing values apart is explained by both of its sides', () => {
  const { trees } = readLightgbm(model.replace('threshold=0.1', 'threshold=inf'), 'model.txt');
  const explain = prepareExplain(trees);
  for (const [pace, score] of [
    [0, 0.25],
    [Infinity, 0.25],
    [Number.NaN, -0.5],
  ] as const) {
    const [margin] = explain(Float32Array.of(pace, 1));
    expect(margin?.baseline).toBeCloseTo(0.25 * 0.75 - 0.5 * 0.25 + 1.5, 9);
    expect(margin?.contributions.reduce((sum, one) => sum + one, margin.baseline)).toBeCloseTo(score + 1, 9);
  }
});

test('scores become probabilities by the objective', () => {
  const respond = (objective: string, values: readonly number[]): readonly number[] => {
    const read = readLightgbm(model.replace('binary sigmoid:2', objective), 'model.txt');
    return [...lightgbmResponses(read, Float64Array.from(values))];
  };
  expect(respond('binary sigmoid:2', [1])).toEqual([1 / (1 + Math.exp(-2))]);
  expect(respond('poisson', [1])).toEqual([Math.E]);
  expect(respond('quantile', [1])).toEqual([1]);
});

test.each([
  ['tree\n', 'forest\n', /no LightGBM text/],
  ['objective=binary sigmoid:2', 'objective=lambdarank', /objective: "lambdarank"/],
  ['objective=binary sigmoid:2', 'objective=regression sqrt', /objective: "regression sqrt"/],
  ['label_index=0', 'average_output', /boosting: "rf"/],
  ['is_linear=0', 'is_linear=1', /tree 0: "linear leaves"/],
  ['decision_type=8', 'decision_type=4', /tree 0: "zero_as_missing"/],
  ['leaf_value=0.25 -0.5', 'leaf_value=0.25', /tree 0 leaf_value: 1/],
  ['left_child=-1', 'left_child=0', /damaged.*node 0/],
  ['split_feature=0', 'split_feature=7', /damaged.*node 0/],
  ['cat_threshold=2 2', 'cat_threshold=2', /tree 1 cat_threshold/],
  ['feature_names=pace venue', 'feature_names=pace', /feature_names: 1/],
  ['num_leaves=2', 'num_leaves=x', /tree 0 num_leaves/],
])('a file with %j as %j is refused by name', (from, to, message) => {
  expect(model).toContain(from);
  expect(() => readLightgbm(model.replace(from, to), 'model.txt')).toThrow(message);
});
