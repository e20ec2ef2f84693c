import { goesRight, type Trees } from './trees.ts';
import { type UbjArrayType, type UbjValue, writeUbjson } from './ubjson.ts';
import { booster, classNames, formatVersion, noParent, trueNames } from './xgboost-format.ts';
import { renamedFeatures, xgboostNames } from './xgboost-names.ts';

/**
 * Writes a model that XGBoost 2 and 3 load with `Booster.load_model` and that predicts the same there. Names that XGBoost
 * refuses are replaced, with the true ones beside them. Every float32 reads back as itself.
 * @param classes the names of the classes, if the model predicts one
 */
export function writeXgboost(trees: Trees, classes?: readonly string[]): Uint8Array {
  const count = trees.output.length;
  const outputs = trees.bases.length;
  const rounds = Array.from({ length: count / outputs + 1 }, (_, round) => round * outputs);
  const numbers = Array.from({ length: count }, (_, tree) => tree);
  const width = String(trees.features.length);
  const model = object({
    gbtree_model_param: JSON.stringify({ num_parallel_tree: '1', num_trees: String(count) }),
    iteration_indptr: JSON.stringify(rounds),
    tree_info: JSON.stringify([...trees.output]),
    trees: `[${numbers.map((tree) => treeText(trees, tree)).join(',')}]`,
  });
  const param = {
    base_score: floatText(baseScore(trees)),
    boost_from_average: '1',
    num_class: String(classCount(trees)),
    num_feature: width,
    num_target: '1',
  };
  const isRenamed = renamedFeatures(trees.features) !== undefined;
  const attributes = {
    ...(isRenamed && { [trueNames]: JSON.stringify(trees.features) }),
    ...(classes && { [classNames]: JSON.stringify(classes) }),
  };
  const learner = object({
    attributes: JSON.stringify(attributes),
    feature_names: JSON.stringify(xgboostNames(trees.features)),
    feature_types: JSON.stringify(featureTypes(trees)),
    gradient_booster: object({ model, name: JSON.stringify(booster) }),
    learner_model_param: JSON.stringify(param),
    objective: JSON.stringify(objectiveText(trees)),
  });
  return new TextEncoder().encode(object({ learner, version: JSON.stringify(formatVersion) }));
}

function treeText(trees: Trees, tree: number): string {
  const from = trees.starts[tree] as number;
  const to = trees.starts[tree + 1] as number;
  const { feature, value } = trees;
  const nodes = Array.from({ length: to - from }, (_, node) => from + node);
  const isLeaf = (node: number): boolean => (feature[node] as number) < 0;
  const whole = (of: (node: number) => number): string => `[${nodes.map(of).join(',')}]`;
  const child = (side: Int32Array): string =>
    whole((node) => (isLeaf(node) ? -1 : (side[node] as number) - from));
  const floats = (values: Float32Array): string =>
    `[${Array.from(values.subarray(from, to), floatText).join(',')}]`;
  const param = {
    num_deleted: '0',
    num_feature: String(trees.features.length),
    num_nodes: String(nodes.length),
  };
  return object({
    base_weights: `[${nodes.map((node) => (isLeaf(node) ? floatText(value[node] as number) : '0e+0')).join(',')}]`,
    ...categoriesText(trees, from, to),
    default_left: whole((node) => (!isLeaf(node) && trees.missing[node] === trees.left[node] ? 1 : 0)),
    id: String(tree),
    left_children: child(trees.left),
    loss_changes: floats(trees.gain),
    parents: JSON.stringify(parentsOf(trees, from, to)),
    right_children: child(trees.right),
    split_conditions: floats(value),
    split_indices: whole((node) => Math.max(0, feature[node] as number)),
    split_type: whole((node) => ((trees.categoryMasks[node] as number) > 0 ? 1 : 0)),
    sum_hessian: floats(trees.cover),
    tree_param: JSON.stringify({ ...param, size_leaf_vector: '1' }),
  });
}

/** 'c' for the codes of a category. */
function featureTypes({ features, feature, categoryMasks }: Trees): readonly string[] {
  const types = features.map(() => 'float');
  for (const [node, masks] of categoryMasks.entries()) if (masks > 0) types[feature[node] as number] = 'c';
  return types;
}

/** The codes that go right, of one node after another. */
function categoriesText(trees: Trees, from: number, to: number): Readonly<Record<string, string>> {
  const [codes, nodes, segments, sizes]: [number[], number[], number[], number[]] = [[], [], [], []];
  for (let node = from; node < to; node++) {
    const masks = trees.categoryMasks[node] as number;
    if (masks === 0) continue;
    nodes.push(node - from);
    segments.push(codes.length);
    for (let code = 0; code < masks * 32; code++) if (goesRight(trees, node, code)) codes.push(code);
    sizes.push(codes.length - (segments.at(-1) as number));
  }
  return {
    categories: JSON.stringify(codes),
    categories_nodes: JSON.stringify(nodes),
    categories_segments: JSON.stringify(segments),
    categories_sizes: JSON.stringify(sizes),
  };
}

/** XGBoost's name for the number of outputs of a softmax. */
function classCount({ objective, bases }: Trees): number {
  return objective === 'multi:softprob' ? bases.length : 0;
}

/** XGBoost saves what the base predicts; where that is not the margin, ours is 0. */
function baseScore({ objective, bases }: Trees): number {
  if (objective === 'binary:logistic') return 0.5;
  return objective === 'count:poisson' ? 1 : (bases[0] as number);
}

function objectiveText(trees: Trees): object {
  const name = trees.objective;
  switch (name) {
    case 'reg:squarederror':
    case 'binary:logistic':
      return { name, reg_loss_param: { scale_pos_weight: '1' } };
    case 'multi:softprob':
      return { name, softmax_multiclass_param: { num_class: String(classCount(trees)) } };
    case 'count:poisson':
      return { name, poisson_regression_param: { max_delta_step: '0.7' } };
    case 'reg:quantileerror':
      return { name, quantile_loss_param: { quantile_alpha: '0.5' } };
    case 'reg:pseudohubererror':
      return { name, pseudo_huber_param: { huber_slope: '1' } };
  }
}

/** An object of members that are JSON already. */
function object(members: Readonly<Record<string, string>>): string {
  return `{${Object.entries(members)
    .map(([name, text]) => `${JSON.stringify(name)}:${text}`)
    .join(',')}}`;
}

function parentsOf(trees: Trees, from: number, to: number): readonly number[] {
  const parents = Array.from({ length: to - from }, () => noParent);
  for (let node = from; node < to; node++) {
    if ((trees.feature[node] as number) < 0) continue;
    parents[(trees.left[node] as number) - from] = node - from;
    parents[(trees.right[node] as number) - from] = node - from;
  }
  return parents;
}

/**
 * The fewest digits that read back as the same float32: at most nine. XGBoost takes a number without a point or an exponent
 * for an integer, and refuses it where it needs a float.
 */
export function floatText(float32: number): string {
  let digits = 6;
  while (digits < 9 && Math.fround(Number(float32.toPrecision(digits))) !== float32) digits++;
  return Number(float32.toPrecision(digits)).toExponential();
}

/** The same model as UBJSON, which XGBoost loads from a file named `.ubj`. */
export function writeXgboostUbjson(trees: Trees, classes?: readonly string[]): Uint8Array {
  const model = JSON.parse(new TextDecoder().decode(writeXgboost(trees, classes))) as UbjValue;
  return writeUbjson(model, (name) => arrayTypes.get(name));
}

const arrayTypes: ReadonlyMap<string, UbjArrayType> = new Map([
  ...(['base_weights', 'loss_changes', 'split_conditions', 'sum_hessian'] as const).map(
    (name) => [name, 'd'] as const,
  ),
  ...(['left_children', 'right_children', 'parents', 'split_indices'] as const).map(
    (name) => [name, 'l'] as const,
  ),
  ...(['categories', 'categories_nodes'] as const).map((name) => [name, 'l'] as const),
  ...(['categories_segments', 'categories_sizes'] as const).map((name) => [name, 'L'] as const),
  ...(['default_left', 'split_type'] as const).map((name) => [name, 'U'] as const),
]);
