import { unsupported } from '../model-file.ts';
import { nextFloat32 } from './float32-next.ts';
import type { LightgbmModel, LightgbmObjective } from './lightgbm.ts';
import { joinTrees, newNodes, type Tree } from './trees.ts';

/**
 * Reads a model that LightGBM saved as text (`save_model`, versions 3 and 4).
 * @param name the file, for messages
 * @throws PlatformError MODEL_UNSUPPORTED naming the part of the model that is not supported or damaged
 */
export function readLightgbm(text: string, name: string): LightgbmModel {
  const [head = '', ...sections] = text.split(/^(?=Tree=)/m);
  const header = fieldsOf(head);
  if (!/^tree\b/.test(text) || header.get('version') === undefined)
    throw unsupported(name, 'no LightGBM text', 'Save the model as text: save_model("model.txt").');
  if (/^average_output$/m.test(head))
    throw unsupported(`${name} boosting`, 'rf', 'This build reads boosted trees.');
  const outputs = integer(header, 'num_tree_per_iteration', name);
  const features = (header.get('feature_names') ?? '').split(' ');
  if (features.length !== integer(header, 'max_feature_idx', name) + 1)
    throw unsupported(`${name} feature_names`, features.length, 'Name each feature.');
  const objective = objectiveOf(header.get('objective') ?? '', name);
  const leaves: Float64Array[] = [];
  const trees = sections.map((section, at) => {
    const field = `${name} tree ${at}`;
    const read = readTree(fieldsOf(section.split(/^end of trees/m)[0] ?? ''), features.length, field);
    leaves.push(read.leaves);
    return read.tree;
  });
  if (trees.length % outputs !== 0)
    throw unsupported(`${name} number of trees`, trees.length, `Give ${outputs} trees for each round.`);
  const values = new Float64Array(leaves.reduce((sum, { length }) => sum + length, 0));
  let start = 0;
  for (const ofTree of leaves) {
    values.set(ofTree, start);
    start += ofTree.length;
  }
  const bases = new Float32Array(outputs);
  return {
    trees: joinTrees(trees, { features, objective: 'reg:squarederror', bases }),
    values,
    ...objective,
  };
}

type Fields = ReadonlyMap<string, string>;

function fieldsOf(text: string): Fields {
  return new Map(
    text.split('\n').flatMap((line) => {
      const at = line.indexOf('=');
      return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1)] as const];
    }),
  );
}

const identity = ['regression', 'regression_l1', 'huber', 'fair', 'quantile', 'mape'];
const powers = ['poisson', 'gamma', 'tweedie'];

function objectiveOf(text: string, name: string): Pick<LightgbmModel, 'objective' | 'slope'> {
  const [kind = '', ...params] = text.split(' ');
  const sigmoid = params.find((param) => param.startsWith('sigmoid:'));
  const of = (objective: LightgbmObjective): Pick<LightgbmModel, 'objective' | 'slope'> => ({
    objective,
    slope: sigmoid === undefined ? 1 : Number(sigmoid.slice('sigmoid:'.length)),
  });
  if (identity.includes(kind) && !params.includes('sqrt')) return of('identity');
  if (powers.includes(kind)) return of('power');
  if (kind === 'binary') return of('sigmoid');
  if (kind === 'multiclass') return of('softmax');
  const supported = [...identity, ...powers, 'binary', 'multiclass'].join(', ');
  throw unsupported(`${name} objective`, text, `This build reads ${supported}.`);
}

/** What the bits of decision_type say. */
const decision = { categorical: 1, defaultLeft: 2, missing: 12, missingNone: 0, missingNan: 8 } as const;

/** A mask without a bit, at the end of a tree's. */
const noCategory = 0;

interface ReadTree {
  readonly tree: Tree;
  /** By node. */
  readonly leaves: Float64Array;
}

/** Inner nodes come first, then leaves, as in the file. */
function readTree(fields: Fields, features: number, field: string): ReadTree {
  const count = integer(fields, 'num_leaves', field);
  if ((fields.get('is_linear') ?? '0') !== '0')
    throw unsupported(field, 'linear leaves', 'This build reads leaves of one number.');
  const inner = count - 1;
  const values = numbers(fields, 'leaf_value', { count, field });
  const list = (name: string, length = inner): Float64Array =>
    length === 0 ? new Float64Array(0) : numbers(fields, name, { count: length, field });
  const [asked, types, thresholds] = [list('split_feature'), list('decision_type'), list('threshold')];
  const [left, right, gains] = [list('left_child'), list('right_child'), list('split_gain')];
  const covers = [...list('internal_count'), ...(inner > 0 ? list('leaf_count', count) : [1])];
  const sets = inner > 0 && integer(fields, 'num_cat', field) > 0 ? categorySets(fields, field) : [];
  const tree: Tree = {
    ...newNodes(inner + count),
    categories: Uint32Array.from([...sets.flat(), noCategory]),
  };
  const leaves = new Float64Array(inner + count);
  tree.cover.set(covers);
  tree.value.set(values, inner);
  leaves.set(values, inner);
  const starts = sets.map((_, at) => sets.slice(0, at).reduce((sum, { length }) => sum + length, 0));
  const child = (number: number): number => (number < 0 ? inner - number - 1 : number);
  for (let node = 0; node < inner; node++) {
    const type = types[node] as number;
    const isCategorical = (type & decision.categorical) !== 0;
    const missing = type & decision.missing;
    if (missing !== decision.missingNone && missing !== decision.missingNan)
      throw unsupported(field, 'zero_as_missing', 'This build takes NaN alone as missing.');
    const children = [child(left[node] as number), child(right[node] as number)] as const;
    if (!((asked[node] as number) < features) || children.some((to) => !(to > node && to < inner + count)))
      throw unsupported(
        field,
        `node ${node}`,
        'Its child or feature is not in the model: the file is damaged.',
      );
    tree.feature[node] = asked[node] as number;
    tree.gain[node] = gains[node] as number;
    const threshold = thresholds[node] as number;
    if (isCategorical) {
      // Here the named categories go left; ours go right.
      [tree.left[node], tree.right[node]] = [children[1], children[0]];
      tree.categoryStart[node] = starts[threshold] as number;
      tree.categoryMasks[node] = sets[threshold]?.length ?? 0;
      // A missing category is in no set.
      tree.missing[node] = children[1];
      continue;
    }
    [tree.left[node], tree.right[node]] = children;
    if (threshold === Infinity) {
      // Every value is at most Infinity: such a split only takes missing values apart, as one by no category does.
      tree.categoryStart[node] = tree.categories.length - 1;
      tree.categoryMasks[node] = 1;
    } else tree.value[node] = aboveAtMost(threshold);
    const goesLeft = missing === decision.missingNone ? 0 <= threshold : (type & decision.defaultLeft) !== 0;
    tree.missing[node] = goesLeft ? children[0] : children[1];
  }
  return { tree, leaves };
}

function categorySets(fields: Fields, field: string): readonly (readonly number[])[] {
  const bounds = (fields.get('cat_boundaries') ?? '').split(' ').map(Number);
  const masks = (fields.get('cat_threshold') ?? '').split(' ').map(Number);
  if (bounds.length < 2 || bounds.at(-1) !== masks.length || !masks.every(Number.isFinite))
    throw unsupported(
      `${field} cat_threshold`,
      masks.length,
      'Its categories are not all there: the file is damaged.',
    );
  return bounds.slice(1).map((to, at) => masks.slice(bounds[at], to));
}

/** The float32 t for which x < t is x ≤ threshold, for every float32 x. */
function aboveAtMost(threshold: number): number {
  const rounded = Math.fround(threshold);
  return rounded > threshold || rounded === Infinity ? rounded : nextFloat32(rounded);
}

function integer(fields: Fields, name: string, field: string): number {
  const value = Number(fields.get(name) ?? Number.NaN);
  if (Number.isInteger(value) && value >= 0) return value;
  throw unsupported(`${field} ${name}`, fields.get(name), 'Give a whole number: the file is damaged.');
}

function numbers(
  fields: Fields,
  name: string,
  { count, field }: { readonly count: number; readonly field: string },
): Float64Array {
  const values = Float64Array.from((fields.get(name) ?? '').split(' '), (text) =>
    Number(text.replace('inf', 'Infinity')),
  );
  if (values.length === count && !values.includes(Number.NaN)) return values;
  throw unsupported(`${field} ${name}`, values.length, `Give ${count} numbers: the file is damaged.`);
}
