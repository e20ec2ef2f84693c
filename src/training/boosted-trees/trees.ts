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
  const trees: Trees = { ...model, output, starts, ...newNodes(nodes) };
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
