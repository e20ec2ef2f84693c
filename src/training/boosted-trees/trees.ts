/**
 * Trees as flat arrays over the nodes of all trees. The prediction for a row is the float32 sum of the base and, tree by
 * tree, the value of the row's leaf; children come after their parents.
 */
export interface Trees {
  readonly features: readonly string[];
  /** A float32: the prediction before the first tree. */
  readonly base: number;
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
  /** The number of training rows that reached the node. */
  readonly cover: Float32Array;
  /** The gain of the node's split; 0 in a leaf. */
  readonly gain: Float32Array;
}

/** The arrays of one tree, with its own node numbers. */
export type Tree = Pick<Trees, 'feature' | 'value' | 'left' | 'right' | 'missing' | 'cover' | 'gain'>;

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

function leafOf(tree: Tree, root: number, { values, at }: Row): number {
  const { feature, value, left, right, missing } = tree;
  let node = root;
  for (let asked = feature[node] as number; asked >= 0; asked = feature[node] as number) {
    const x = values[at + asked] as number;
    const threshold = value[node] as number;
    node = (x < threshold ? left[node] : x >= threshold ? right[node] : missing[node]) as number;
  }
  return node;
}

/** @param values one row, in the order of the features. @returns a float32 */
export function predictRow(trees: Trees, values: Float32Array): number {
  const { starts, value } = trees;
  let sum = trees.base;
  for (let tree = 0; tree + 1 < starts.length; tree++)
    sum = Math.fround(sum + (value[leafOf(trees, starts[tree] as number, { values, at: 0 })] as number));
  return sum;
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

/** @returns one float32 for each row, equal to `predictRow` */
export function predictColumns(trees: Trees, columns: readonly Float32Array[], rows: number): Float32Array {
  const predictions = new Float32Array(rows).fill(trees.base);
  const width = columns.length;
  for (let from = 0; from < rows; from += blockRows) {
    const to = Math.min(rows, from + blockRows);
    const values = rowMajor(columns, from, to);
    for (let tree = 0; tree + 1 < trees.starts.length; tree++) {
      const root = trees.starts[tree] as number;
      for (let row = from, at = 0; row < to; row++, at += width)
        predictions[row] =
          (predictions[row] as number) + (trees.value[leafOf(trees, root, { values, at })] as number);
    }
  }
  return predictions;
}

/** Concatenates trees. */
export function joinTrees(parts: readonly Tree[], base: number, features: readonly string[]): Trees {
  const starts = new Int32Array(parts.length + 1);
  for (const [index, part] of parts.entries())
    starts[index + 1] = (starts[index] as number) + part.feature.length;
  const nodes = starts[parts.length] as number;
  const trees: Trees = { features, base, starts, ...newNodes(nodes) };
  for (const [index, part] of parts.entries()) {
    const start = starts[index] as number;
    for (const name of ['feature', 'value', 'cover', 'gain'] as const) trees[name].set(part[name], start);
    for (const name of ['left', 'right', 'missing'] as const)
      for (let node = 0; node < part[name].length; node++)
        trees[name][start + node] = start + (part[name][node] as number);
  }
  return trees;
}

/** Arrays for this many nodes, initially leaves with value 0. */
export function newNodes(count: number): Tree {
  return {
    feature: new Int32Array(count).fill(-1),
    value: new Float32Array(count),
    left: new Int32Array(count),
    right: new Int32Array(count),
    missing: new Int32Array(count),
    cover: new Float32Array(count),
    gain: new Float32Array(count),
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
