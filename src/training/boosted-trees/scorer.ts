import { nextFloat32 } from './float32-next.ts';
import { openScoreKernel } from './score-kernel.ts';
import { predictColumns, type Trees } from './trees.ts';
import { newMemory } from './wasm.ts';

/** Margins of rows, one row after another, as `predictColumns` gives them. */
export type Scorer = (columns: readonly Float32Array[], rows: number) => Float32Array;

/** A tree of this depth takes 12 kB as a complete tree. */
const deepest = 10;
const mostBytes = 2 ** 26;

/** Rows that pass through a tree before the next one: their values stay in the processor's nearest cache. */
const blockRows = 64;

/**
 * Prepares trees for scoring: as complete trees that are walked without branches, four rows at a time, with float32 sums in
 * the order of the trees. Very deep trees, and those that divide categories in very many ways, are walked node by node.
 */
export function openScorer(trees: Trees): Scorer {
  const depth = depthOf(trees);
  const bytes = trees.output.length * 2 ** depth * 12;
  const divisions = divisionsOf(trees);
  if (
    divisions.columns.length > mostDivisions ||
    depth > deepest ||
    bytes > mostBytes ||
    trees.output.length === 0
  )
    return (columns, rows) => predictColumns(trees, columns, rows);
  return completeScorer(trees, depth, divisions);
}

/** The trees of a training divide the categories of a column in few ways, each in many nodes. */
const mostDivisions = 256;

/** A way to divide categories, as a column that is 1 for a value that goes right and 0 for one that goes left. */
interface DivisionColumn {
  readonly feature: number;
  /** By code. */
  readonly goesRight: Float32Array;
}

interface Divisions {
  readonly columns: readonly DivisionColumn[];
  /** By node, the column of its division. */
  readonly ofNode: ReadonlyMap<number, number>;
}

function divisionsOf({ feature, categoryMasks, categoryStart, categories }: Trees): Divisions {
  const columns: DivisionColumn[] = [];
  const known = new Map<string, number>();
  const ofNode = new Map<number, number>();
  for (let node = 0; node < feature.length && columns.length <= mostDivisions; node++) {
    const words = categoryMasks[node] as number;
    if (words === 0) continue;
    const start = categoryStart[node] as number;
    const masks = categories.subarray(start, start + words);
    const name = `${feature[node]} ${masks.join(' ')}`;
    const index = known.get(name) ?? columns.length;
    known.set(name, index);
    ofNode.set(node, index);
    if (index < columns.length) continue;
    const goesRight = Float32Array.from(
      { length: words * 32 },
      (_, code) => ((masks[code >> 5] as number) >>> (code & 31)) & 1,
    );
    columns.push({ feature: feature[node] as number, goesRight });
  }
  return { columns, ofNode };
}

function completeScorer(trees: Trees, depth: number, divisions: Divisions): Scorer {
  const { output, bases } = trees;
  const width = trees.features.length + divisions.columns.length;
  const outputs = bases.length;
  const nodesAt = 0;
  const leavesAt = output.length * (8 << depth);
  const outputsAt = leavesAt + output.length * (4 << depth);
  const rowBytes = width * 8;
  const outputsEnd = outputsAt + output.length * 4;
  const rowsAt = outputsEnd;
  const sumsAt = rowsAt + blockRows * rowBytes;
  const memory = newMemory(sumsAt + blockRows * outputs * 4);
  const complete: CompleteTrees = {
    addresses: new Int32Array(memory.buffer, nodesAt, output.length * (2 << depth)),
    thresholds: new Float32Array(memory.buffer, nodesAt, output.length * (2 << depth)),
    leaves: new Float32Array(memory.buffer, leavesAt, output.length * (1 << depth)),
    depth,
  };
  for (let tree = 0; tree < output.length; tree++) writeComplete(trees, tree, { complete, divisions });
  new Int32Array(memory.buffer, outputsAt, output.length).set(output.map((at) => at * 4));
  const kernel = openScoreKernel(depth, memory);
  const values = new Float32Array(memory.buffer, rowsAt, blockRows * width * 2);
  const sums = new Float32Array(memory.buffer, sumsAt, blockRows * outputs);
  // Leaves follow the nodes in the numbers of the heap.
  const leaves = leavesAt - (4 << depth);
  return (columns, rows) => {
    const margins = new Float32Array(rows * outputs);
    for (let from = 0; from < rows; from += blockRows) {
      const count = Math.min(blockRows, rows - from);
      writeRows(values, columns, { from, count, divisions: divisions.columns });
      for (let row = 0; row < count; row++) sums.set(bases, row * outputs);
      if (count === 1) kernel.row(rowsAt, nodesAt, leaves, outputsAt, outputsEnd, sumsAt);
      else {
        const rowsEnd = rowsAt + Math.ceil(count / 4) * 4 * rowBytes;
        kernel.rows(rowsAt, rowsEnd, rowBytes, nodesAt, leaves, outputsAt, outputsEnd, sumsAt, outputs * 4);
      }
      margins.set(sums.subarray(0, count * outputs), from * outputs);
    }
    return margins;
  };
}

/** Each row has its values, and then the same negated. */
function writeRows(
  into: Float32Array,
  columns: readonly Float32Array[],
  {
    from,
    count,
    divisions,
  }: { readonly from: number; readonly count: number; readonly divisions: readonly DivisionColumn[] },
): void {
  const width = columns.length + divisions.length;
  for (const [feature, column] of columns.entries())
    for (let row = 0, at = feature; row < count; row++, at += 2 * width) {
      const value = column[from + row] as number;
      into[at] = value;
      into[at + width] = -value;
    }
  for (const [index, { feature, goesRight }] of divisions.entries()) {
    const column = columns[feature] as Float32Array;
    for (let row = 0, at = columns.length + index; row < count; row++, at += 2 * width) {
      const value = sideOf(column[from + row] as number, goesRight);
      into[at] = value;
      into[at + width] = -value;
    }
  }
}

/** Values that are no code of the division go left; a missing one goes where missing values go. */
function sideOf(value: number, goesRight: Float32Array): number {
  if (value >= 0 && value < goesRight.length) return goesRight[Math.trunc(value)] as number;
  return Number.isNaN(value) ? value : 0;
}

interface CompleteTrees {
  /** Pairs of an address and a threshold, seen as the one and as the other. */
  readonly addresses: Int32Array;
  readonly thresholds: Float32Array;
  readonly leaves: Float32Array;
  readonly depth: number;
}

const betweenSides = 0.5;

/**
 * Writes a tree as a complete one. Only x < t is asked, which NaN is not. Where a missing value goes left, the negated value
 * is asked: x ≥ t is −x ≤ −t, or −x below the next float32. A leaf further up fills all leaves below it.
 */
function writeComplete(
  trees: Trees,
  tree: number,
  {
    complete: { addresses, thresholds, leaves, depth },
    divisions: { columns, ofNode },
  }: { readonly complete: CompleteTrees; readonly divisions: Divisions },
): void {
  const { feature, value, left, right, missing, features } = trees;
  const width = features.length + columns.length;
  const firstNode = tree * (1 << depth);
  const fill = (node: number, index: number, level: number): void => {
    if (level === depth) {
      leaves[firstNode + index - (1 << depth)] = value[node] as number;
      return;
    }
    const division = ofNode.get(node);
    const asked = division === undefined ? (feature[node] as number) : features.length + division;
    const threshold = division === undefined ? (value[node] as number) : betweenSides;
    const at = 2 * (firstNode + index);
    if (asked < 0) {
      fill(node, 2 * index, level + 1);
      fill(node, 2 * index + 1, level + 1);
      return;
    }
    const missingLeft = missing[node] === left[node];
    addresses[at] = 4 * (missingLeft ? width + asked : asked);
    thresholds[at + 1] = missingLeft ? nextFloat32(-threshold) : threshold;
    fill((missingLeft ? left : right)[node] as number, 2 * index, level + 1);
    fill((missingLeft ? right : left)[node] as number, 2 * index + 1, level + 1);
  };
  fill(trees.starts[tree] as number, 1, 0);
}

function depthOf({ feature, left, right, starts }: Trees): number {
  const levels = new Int32Array(feature.length);
  let depth = 0;
  for (let node = 0; node < feature.length; node++) {
    depth = Math.max(depth, levels[node] as number);
    if ((feature[node] as number) < 0) continue;
    levels[left[node] as number] = (levels[node] as number) + 1;
    levels[right[node] as number] = (levels[node] as number) + 1;
  }
  return starts.length > 1 ? depth : 0;
}
