import type { Objective } from './objective.ts';

/**
 * Trees as flat arrays over the nodes of all trees. The margin of an output for a row is the float32 sum of its base and,
 * tree by tree of that output, the value of the row's leaf; children come after their parents.
 */
export interface Trees {
  readonly features: readonly string[];
  /** What the margins mean. */
  readonly objective: Objective;
  /** The margin of each output before the first tree. A model of classes has an output for each class, others have one. */
  readonly bases: Float32Array;
  /** The output that each tree adds to. */
  readonly output: Int32Array;
  /** The first node of each tree, its root, and at the end the number of nodes. */
  readonly starts: Int32Array;
  /** The feature that a node splits on; -1 in a leaf. */
  readonly feature: Int32Array;
  /** The threshold: smaller values go left. In a leaf, its value. */
  readonly value: Float32Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** The child of a missing value: one of the two. */
  readonly missing: Int32Array;
  /** The sum of the second derivatives of the training rows that reached the node: their number, for squared loss. */
  readonly cover: Float32Array;
  /** The gain of the node's split; 0 in a leaf. */
  readonly gain: Float32Array;
  /** Of a split by categories, the index in `categories` of the masks with a bit for each code that goes right. */
  readonly categoryStart: Int32Array;
  /** The number of these masks; 0 without categories. Higher codes go left. */
  readonly categoryMasks: Int32Array;
  readonly categories: Uint32Array;
}

/** The arrays of nodes with their own numbers. */
export type TreeNodes = Omit<Trees, 'features' | 'objective' | 'bases' | 'output' | 'starts' | 'categories'>;

/** The arrays of one tree. */
export type Tree = TreeNodes & Pick<Trees, 'categories'>;

/** Adds a tree's values to `sums` in float32, one for each row; `values` holds the rows one after another. */
export function addTree(tree: Tree, values: Float32Array, sums: Float32Array): void {
  const width = sums.length === 0 ? 0 : values.length / sums.length;
  for (let row = 0; row < sums.length; row++)
    sums[row] = (sums[row] as number) + (tree.value[leafOf(tree, 0, { values, at: row * width })] as number);
}

interface Row {
  readonly values: Float32Array;
  readonly at: number;
}

/** The node of the leaf that a row reaches. */
export function leafOf(tree: Tree, root: number, { values, at }: Row): number {
  const { feature, value, left, right, missing, categoryMasks } = tree;
  let node = root;
  for (let asked = feature[node] as number; asked >= 0; asked = feature[node] as number) {
    const x = values[at + asked] as number;
    if ((categoryMasks[node] as number) > 0 && !Number.isNaN(x)) {
      node = (goesRight(tree, node, x) ? right[node] : left[node]) as number;
      continue;
    }
    const threshold = value[node] as number;
    node = (x < threshold ? left[node] : x >= threshold ? right[node] : missing[node]) as number;
  }
  return node;
}

/** Codes of categories above it do not fit a float32. */
export const largestCode = 2 ** 24 - 1;

/** The masks of a split, with a bit for each of these codes. */
export function masksOf(codes: readonly number[]): Uint32Array {
  const masks = new Uint32Array((Math.max(...codes) >> 5) + 1);
  for (const code of codes) masks[code >> 5] = (masks[code >> 5] as number) | (1 << (code & 31));
  return masks;
}

/** Whether the node sends a code right. Values that are no code of it go left, as in XGBoost. */
export function goesRight(
  { categories, categoryStart, categoryMasks }: Tree,
  node: number,
  x: number,
): boolean {
  const code = Math.trunc(x);
  if (!(x >= 0 && code >> 5 < (categoryMasks[node] as number) && x < 2 ** 24)) return false;
  const word = categories[(categoryStart[node] as number) + (code >> 5)] as number;
  return ((word >>> (code & 31)) & 1) === 1;
}

/** @param values one row, in the order of the features. @returns the margins, one for each output */
export function predictRow(trees: Trees, values: Float32Array): Float32Array {
  const { starts, value, output } = trees;
  const margins = trees.bases.slice();
  for (let tree = 0; tree < output.length; tree++) {
    const at = output[tree] as number;
    const leaf = leafOf(trees, starts[tree] as number, { values, at: 0 });
    margins[at] = (margins[at] as number) + (value[leaf] as number);
  }
  return margins;
}

/** Rows of a matrix one after another, from row `from` up to `to`. */
export function rowMajor(columns: readonly Float32Array[], from: number, to: number): Float32Array {
  const values = new Float32Array((to - from) * columns.length);
  for (const [feature, column] of columns.entries())
    for (let row = from, at = feature; row < to; row++, at += columns.length)
      values[at] = column[row] as number;
  return values;
}

/** Rows that are scored together, tree by tree, so that they stay in the processor's cache. */
const blockRows = 512;

/** @returns the margins of each row, one row after another, equal to `predictRow` */
export function predictColumns(trees: Trees, columns: readonly Float32Array[], rows: number): Float32Array {
  const outputs = trees.bases.length;
  const predictions = new Float32Array(rows * outputs);
  for (let row = 0; row < rows; row++) predictions.set(trees.bases, row * outputs);
  const width = columns.length;
  for (let from = 0; from < rows; from += blockRows) {
    const to = Math.min(rows, from + blockRows);
    const values = rowMajor(columns, from, to);
    for (let tree = 0; tree < trees.output.length; tree++) {
      const root = trees.starts[tree] as number;
      let into = from * outputs + (trees.output[tree] as number);
      for (let row = from, at = 0; row < to; row++, at += width, into += outputs)
        predictions[into] =
          (predictions[into] as number) + (trees.value[leafOf(trees, root, { values, at })] as number);
    }
  }
  return predictions;
}

/** Concatenates trees, which take turns in the outputs. */
export function joinTrees(
  parts: readonly Tree[],
  model: Pick<Trees, 'features' | 'objective' | 'bases'> & Partial<Pick<Trees, 'output'>>,
): Trees {
  const outputs = model.bases.length;
  const starts = new Int32Array(parts.length + 1);
  for (const [index, part] of parts.entries())
    starts[index + 1] = (starts[index] as number) + part.feature.length;
  const nodes = starts[parts.length] as number;
  const output = model.output ?? Int32Array.from(parts, (_, tree) => tree % outputs);
  const masks = parts.reduce((sum, part) => sum + part.categories.length, 0);
  const categories = new Uint32Array(masks);
  const trees: Trees = { ...model, output, starts, ...newNodes(nodes), categories };
  let word = 0;
  for (const [index, part] of parts.entries()) {
    const start = starts[index] as number;
    for (const name of ['feature', 'value', 'cover', 'gain', 'categoryMasks'] as const)
      trees[name].set(part[name], start);
    for (const [node, first] of part.categoryStart.entries())
      trees.categoryStart[start + node] = word + first;
    categories.set(part.categories, word);
    word += part.categories.length;
    for (const name of ['left', 'right', 'missing'] as const)
      for (let node = 0; node < part[name].length; node++)
        trees[name][start + node] = start + (part[name][node] as number);
  }
  return trees;
}

/** Arrays for this many nodes, initially leaves with value 0. */
export function newNodes(count: number): TreeNodes {
  return {
    feature: new Int32Array(count).fill(-1),
    value: new Float32Array(count),
    left: new Int32Array(count),
    right: new Int32Array(count),
    missing: new Int32Array(count),
    cover: new Float32Array(count),
    gain: new Float32Array(count),
    categoryStart: new Int32Array(count),
    categoryMasks: new Int32Array(count),
  };
}

/** The share of each feature in the gain of all splits. Shares sum to 1, or are all 0 without splits. */
export function gainShares(trees: Trees): Readonly<Record<string, number>> {
  const gains = new Float64Array(trees.features.length);
  let total = 0;
  for (let node = 0; node < trees.feature.length; node++) {
    const feature = trees.feature[node] as number;
    if (feature < 0) continue;
    gains[feature] = (gains[feature] as number) + (trees.gain[node] as number);
    total += trees.gain[node] as number;
  }
  return Object.fromEntries(
    trees.features.map((name, at) => [name, total > 0 ? (gains[at] as number) / total : 0]),
  );
}

/** The trees one by one, with their own node numbers. */
export function splitTrees(trees: Trees): readonly Tree[] {
  return Array.from(trees.output, (_, tree): Tree => {
    const [from, to] = [trees.starts[tree] as number, trees.starts[tree + 1] as number];
    const part = newNodes(to - from);
    for (const name of ['feature', 'value', 'cover', 'gain', 'categoryStart', 'categoryMasks'] as const)
      part[name].set(trees[name].subarray(from, to));
    for (const name of ['left', 'right', 'missing'] as const)
      for (let node = from; node < to; node++) part[name][node - from] = (trees[name][node] as number) - from;
    return { ...part, categories: trees.categories };
  });
}
