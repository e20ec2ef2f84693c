import { z } from 'zod';
import { PlatformError } from '../../kernel/errors.ts';
import { parseModel, unsupported } from '../model-file.ts';
import { logFloat32 } from './float32-log.ts';
import { type Objective, objectives } from './objective.ts';
import { joinTrees, largestCode, masksOf, newNodes, type Tree, type Trees } from './trees.ts';
import { isUbjson, readUbjson } from './ubjson.ts';
import {
  booster,
  boosterSchema,
  classNames,
  modelSchema,
  type TreeText,
  treeSchema,
  trueNames,
} from './xgboost-format.ts';

/** A model as it was saved. */
export interface SavedTrees {
  readonly trees: Trees;
  /** The names of the classes, in the order of the outputs, if this build saved the model. */
  readonly classes: readonly string[] | undefined;
}

/**
 * Reads a model that this build or XGBoost saved as JSON or UBJSON.
 * @param name the file, for messages
 * @throws PlatformError MODEL_UNSUPPORTED naming the part of the model that is not supported or damaged
 */
export function readXgboost(bytes: Uint8Array, name: string): SavedTrees {
  const { learner } = parsed(
    modelSchema,
    isUbjson(bytes) ? readUbjson(bytes, name) : json(bytes, name),
    name,
  );
  const { learner_model_param: param, gradient_booster: boosted, attributes } = learner;
  const expect = (field: string, value: string, supported: readonly string[]): void => {
    if (!supported.includes(value))
      throw unsupported(`${name} ${field}`, value, `This build only reads ${supported.join(' or ')}.`);
  };
  expect('objective', learner.objective.name, objectives);
  const objective = learner.objective.name as Objective;
  const outputs = objective === 'multi:softprob' ? Math.max(1, Number(param.num_class)) : 1;
  expect('booster', boosted.name, [booster]);
  expect('num_class', param.num_class, outputs > 1 ? [String(outputs)] : ['0', '1']);
  expect('num_target', param.num_target, ['0', '1']);
  const names = listIn(attributes, trueNames, name) ?? learner.feature_names;
  const features = featureNames(names, Number(param.num_feature), name);
  const { trees, tree_info: info } = parsed(boosterSchema, boosted.model, name);
  const read = trees.map((tree, at) => {
    const field = `${name} tree ${at}`;
    return readTree(parsed(treeSchema, tree, field), features.length, field);
  });
  const output = Int32Array.from(read, (_, tree) => Number(info[tree]));
  const stray = output.findIndex((at, tree) => info[tree] !== at || at < 0 || at >= outputs);
  if (stray >= 0)
    throw unsupported(`${name} tree_info`, info[stray], `Give each tree an output below ${outputs}.`);
  const bases = baseMargins(param.base_score, { objective, outputs, name });
  const classes = listIn(attributes, classNames, name);
  if (classes && classes.length !== outputs)
    throw unsupported(`${name} attribute ${classNames}`, classes.length, `Name ${outputs} classes.`);
  return { trees: joinTrees(read, { objective, bases, output, features }), classes };
}

interface BaseOf {
  readonly objective: Objective;
  readonly outputs: number;
  readonly name: string;
}

/** XGBoost 3 writes a list, of one number or one for each output, earlier releases a number. */
function baseMargins(text: string, { objective, outputs, name }: BaseOf): Float32Array {
  const scores = text.replace(/^\[(.*)\]$/, '$1').split(',');
  const margins = Float32Array.from(scores, (score) => marginOf(objective, Math.fround(Number(score))));
  if (scores.every((score) => score !== '') && margins.every(Number.isFinite)) {
    if (margins.length === outputs) return margins;
    if (margins.length === 1) return new Float32Array(outputs).fill(margins[0] as number);
  }
  throw unsupported(`${name} base_score`, text, 'This build reads one finite number, or one for each class.');
}

function marginOf(objective: Objective, score: number): number {
  if (objective === 'count:poisson') return logFloat32(score);
  return objective === 'binary:logistic' ? 0 - logFloat32(Math.fround(Math.fround(1 / score) - 1)) : score;
}

function listIn(
  attributes: Readonly<Record<string, string>>,
  attribute: string,
  name: string,
): readonly string[] | undefined {
  const text = attributes[attribute];
  if (text === undefined) return undefined;
  const field = `${name} attribute ${attribute}`;
  return parsed(z.array(z.string()), json(new TextEncoder().encode(text), field), field);
}

function featureNames(names: readonly string[], count: number, name: string): readonly string[] {
  if (names.length === 0) return Array.from({ length: count }, (_, at) => `f${at}`);
  if (names.length === count) return names;
  throw unsupported(
    `${name} feature_names`,
    names.length,
    `The model has ${count} features; name each of them.`,
  );
}

function readTree(text: TreeText, features: number, field: string): Tree {
  const categories = categoryBits(text, field);
  if (Number(text.tree_param.size_leaf_vector ?? 1) > 1)
    throw unsupported(field, 'vector leaves', 'This build reads leaves of one number.');
  const count = text.left_children.length;
  const tree: Tree = { ...newNodes(count), categories: categories.masks };
  const column = (name: Exclude<keyof TreeText, 'tree_param'>): Float64Array =>
    columnOf(text, name, { count, field });
  const [left, right, asked] = [column('left_children'), column('right_children'), column('split_indices')];
  const defaultLeft = column('default_left');
  tree.value.set(column('split_conditions'));
  tree.cover.set(column('sum_hessian'));
  tree.gain.set(column('loss_changes'));
  for (let node = 0; node < count; node++) {
    if (left[node] === -1) continue;
    const children = [left[node] as number, right[node] as number] as const;
    const feature = asked[node] as number;
    if (children.some((child) => !(child > node && child < count)) || !(feature >= 0 && feature < features))
      throw unsupported(
        field,
        `node ${node}`,
        'Its child or feature is not in the model: the file is damaged.',
      );
    tree.feature[node] = feature;
    [tree.left[node], tree.right[node]] = children;
    tree.missing[node] = defaultLeft[node] === 0 ? children[1] : children[0];
    const isCategorical = (text.split_type?.[node] ?? 0) !== 0;
    const bits = categories.of.get(node);
    if (isCategorical !== (bits !== undefined))
      throw unsupported(field, `node ${node}`, 'Its categories are not in the model: the file is damaged.');
    if (!bits) continue;
    [tree.categoryStart[node], tree.categoryMasks[node]] = bits;
    tree.value[node] = 0;
  }
  return tree;
}

interface CategoryBits {
  readonly masks: Uint32Array;
  /** By node, the first of its masks and their number. */
  readonly of: ReadonlyMap<number, readonly [start: number, count: number]>;
}

/** The codes that go right, as a bit for each. */
function categoryBits(text: TreeText, field: string): CategoryBits {
  const { categories = [], categories_nodes: nodes = [], categories_segments: segments = [] } = text;
  const masks: number[] = [];
  const of = new Map<number, readonly [number, number]>();
  for (const [at, node] of nodes.entries()) {
    const from = Number(segments[at]);
    const codes = categories.slice(from, from + Number(text.categories_sizes?.[at])).map(Number);
    if (
      codes.length === 0 ||
      !codes.every((code) => Number.isInteger(code) && code >= 0 && code <= largestCode)
    )
      throw unsupported(
        field,
        `categories of node ${String(node)}`,
        'Give whole numbers from 0: the file is damaged.',
      );
    const bits = masksOf(codes);
    of.set(Number(node), [masks.length, bits.length]);
    masks.push(...bits);
  }
  return { masks: Uint32Array.from(masks), of };
}

function columnOf(
  text: TreeText,
  name: Exclude<keyof TreeText, 'tree_param'>,
  { count, field }: { readonly count: number; readonly field: string },
): Float64Array {
  const numbers = Float64Array.from(text[name] ?? [], (value) =>
    typeof value === 'number' ? value : Number.NaN,
  );
  if (count > 0 && numbers.length === count && !numbers.includes(Number.NaN)) return numbers;
  throw unsupported(
    `${field} ${name}`,
    numbers.length,
    `Give ${Math.max(1, count)} numbers, one for each node.`,
  );
}

function json(bytes: Uint8Array, name: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    const remedy = 'Save the model as JSON: save_model("model.json").';
    throw new PlatformError('MODEL_UNSUPPORTED', { field: name, value: 'not JSON', remedy }, { cause });
  }
}

function parsed<Schema extends z.ZodType>(schema: Schema, value: unknown, field: string): z.output<Schema> {
  return parseModel(schema, value, { field, remedy: 'Save it as XGBoost JSON.' });
}
