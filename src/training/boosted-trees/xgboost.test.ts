import { expect, test } from 'vitest';
import { seededRandom } from '../../kernel/random.ts';
import { boostTrees } from './boost.ts';
import { readTreeOptions } from './options.ts';
import type { Trees } from './trees.ts';
import { readXgboost } from './xgboost-read.ts';
import { renamedFeatures, xgboostNames } from './xgboost-names.ts';
import { floatText, writeXgboost } from './xgboost-write.ts';

const random = seededRandom(2);
const column = (): Float32Array => new Float32Array(200).map(() => (random() < 0.1 ? Number.NaN : random()));
const columns = [column(), column()];
const target = new Float64Array(200).map((_, row) => ((columns[0]?.[row] ?? 0) > 0.3 ? 1 : random()));
const trees: Trees = boostTrees(
  { matrix: { features: ['pace', 'with "quotes"'], rows: 200, columns }, target },
  { options: readTreeOptions({ trees: 8, minLeafRows: 4, earlyStopping: 0 }) },
);
const text = new TextDecoder().decode(writeXgboost(trees));
const read = (changed: string): Trees =>
  readXgboost(new TextEncoder().encode(changed), 'model.xgb.json').trees;

test('what is written reads back as the same trees', () => {
  expect(read(text)).toEqual(trees);
});

test('names that XGBoost refuses are written in another form, and the true ones read back', () => {
  const features = ['ocean <1H', 'ocean _1H'];
  const renamed = { ...trees, features };
  const written = new TextDecoder().decode(writeXgboost(renamed));
  const { learner } = JSON.parse(written) as { learner: { feature_names: string[]; attributes: object } };
  expect(learner.feature_names).toEqual(['ocean _1H_2', 'ocean _1H']);
  expect(read(written)).toEqual(renamed);
  expect(() => read(written.replace('\\"ocean <1H\\",', ''))).toThrow(/feature_names/);
  expect(text).toContain('"attributes":{}');
});

test.each([
  [['a', 'b c'], ['a', 'b c'], undefined],
  [['a[0]', 'a]0[', 'a<0'], ['a_0_', 'a_0__2', 'a_0'], { a_0_: 'a[0]', a_0__2: 'a]0[', a_0: 'a<0' }],
  [['x<', 'x_', 'x_2'], ['x__2', 'x_', 'x_2'], { x__2: 'x<' }],
] as const)('%j are %j to XGBoost', (features, names, renamed) => {
  expect(xgboostNames(features)).toEqual(names);
  expect(renamedFeatures(features)).toEqual(renamed);
  expect(new Set(xgboostNames(features)).size).toBe(features.length);
});

test('XGBoost 3 writes the base score as a list', () => {
  const base = floatText(trees.bases[0] ?? 0);
  expect(read(text.replace(`"base_score":"${base}"`, `"base_score":"[${base}]"`)).bases).toEqual(trees.bases);
});

test.each([
  ['reg:squarederror', 'rank:ndcg', /objective: "rank:ndcg"/],
  ['"name":"gbtree"', '"name":"dart"', /booster: "dart"/],
  ['"num_class":"0"', '"num_class":"3"', /num_class: "3"/],
  ['"num_target":"1"', '"num_target":"2"', /num_target: "2"/],
  ['"split_type":[0', '"split_type":[1', /damaged.*tree 0: "node 0"/],
  ['"size_leaf_vector":"1"', '"size_leaf_vector":"3"', /tree 0: "vector leaves"/],
  ['"left_children":[1', '"left_children":[0', /damaged.*node 0/],
  ['"left_children":[1', '"left_children":[9999', /damaged.*node 0/],
  ['"sum_hessian":[', '"sum_hessian":[1,', /tree 0 sum_hessian/],
  ['"split_conditions":[', '"split_conditions":["x",', /tree 0 split_conditions/],
  ['"base_score":"', '"base_score":"x', /base_score/],
  ['{"learner"', '{"lerner"', /model.xgb.json learner/],
  ['{', '', /not JSON/],
])('a file with %j as %j is refused by name', (from, to, message) => {
  expect(text).toContain(from);
  expect(() => read(text.replace(from, to))).toThrow(message);
});

test('another booster, with its trees elsewhere in the file, is refused by name', () => {
  const dart = text
    .replace('"gradient_booster":{"model":', '"gradient_booster":{"gbtree":')
    .replace('"name":"gbtree"', '"name":"dart"');
  expect(() => read(dart)).toThrow(/booster: "dart"/);
});

test('a float32 is written with the fewest digits that bring it back, at most nine and never as a whole number', () => {
  const texts = [0, -0, 5, 0.1, -1.5e-7, 2 ** 40].map((value) => floatText(Math.fround(value)));
  expect(texts).toEqual(['0e+0', '0e+0', '5e+0', '1e-1', '-1.5e-7', '1.0995116e+12']);
  for (let k = 0; k < 2000; k++) {
    const value = Math.fround((random() - 0.5) * 10 ** (random() * 60 - 30));
    expect(Math.fround(Number(floatText(value)))).toBe(value);
    expect(floatText(value)).toMatch(/^-?\d(\.\d{1,8})?e[+-]\d+$/);
  }
});
