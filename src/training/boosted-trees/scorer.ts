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
  if (divisions.columns > mostDivisions || depth > deepest || bytes > mostBytes || trees.output.length === 0)
    return (columns, rows) => predictColumns(trees, columns, rows);
  return completeScorer(trees, depth, divisions);
}

/** The trees of a training divide the categories of a column in few ways, each in many nodes. */
const mostDivisions = 512;

/** The ways in which trees divide the categories of a feature: a column for each, 1 for a code that goes right, else 0. */
interface DividedFeature {
  readonly feature: number;
  /** The masks of each way, by name. */
  readonly ways: Map<string, Uint32Array>;
}

interface Divisions {
  readonly features: readonly DividedFeature[];
  /** Of all features together. */
  readonly columns: number;
  /** By node, its column. */
  readonly ofNode: ReadonlyMap<number, number>;
}

function divisionsOf({ feature, categoryMasks, categoryStart, categories }: Trees): Divisions {
  const features = new Map<number, DividedFeature>();
  const names = new Map<number, readonly [feature: number, name: string]>();
  let columns = 0;
  for (let node = 0; node < feature.length && columns <= mostDivisions; node++) {
    const length = categoryMasks[node] as number;
    if (length === 0) continue;
    const asked = feature[node] as number;
    const start = categoryStart[node] as number;
    const masks = categories.subarray(start, start + length);
    const name = masks.join(' ');
    const divided = features.get(asked) ?? { feature: asked, ways: new Map<string, Uint32Array>() };
    features.set(asked, divided);
    names.set(node, [asked, name]);
    if (divided.ways.has(name)) continue;
    divided.ways.set(name, masks);
    columns += 1;
  }
  const columnOf = new Map(
    [...features.values()]
      .flatMap(({ feature: asked, ways }) => [...ways.keys()].map((name) => `${asked} ${name}`))
      .map((name, column) => [name, column]),
  );
  const ofNode = new Map(
    [...names].map(([node, [asked, name]]) => [node, columnOf.get(`${asked} ${name}`) as number]),
  );
  return { features: [...features.values()], columns, ofNode };
}

/** What the columns of a feature's divisions hold for one of its values. */
interface Sides {
  readonly feature: number;
  /** The index of the first of these columns. */
  readonly first: number;
  /** By code; then for a value that is no code, which goes left, and for a missing one. */
  readonly values: readonly Float32Array[];
  readonly negated: readonly Float32Array[];
}

function sidesOf({ features }: Divisions): readonly Sides[] {
  let first = 0;
  return features.map(({ feature, ways }) => {
    const masks = [...ways.values()];
    const codes = 32 * Math.max(...masks.map((bits) => bits.length));
    const goesRight = (bits: Uint32Array, code: number): number =>
      ((bits[code >> 5] ?? 0) >>> (code & 31)) & 1;
    const values = [
      ...Array.from({ length: codes }, (_, code) =>
        Float32Array.from(masks, (bits) => goesRight(bits, code)),
      ),
      new Float32Array(masks.length),
      new Float32Array(masks.length).fill(Number.NaN),
    ];
    const sides = { feature, first, values, negated: values.map((each) => each.map((side) => -side)) };
    first += masks.length;
    return sides;
  });
}

function completeScorer(trees: Trees, depth: number, divisions: Divisions): Scorer {
  const { output, bases } = trees;
  const width = trees.features.length + divisions.columns;
  const sides = sidesOf(divisions);
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
      writeRows(values, columns, { from, count, width, sides });
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

interface Block {
  readonly from: number;
  readonly count: number;
  /** Values of a row: of each feature, and of each division. */
  readonly width: number;
  readonly sides: readonly Sides[];
}

/** Each row has its values, and then the same negated. */
function writeRows(
  into: Float32Array,
  columns: readonly Float32Array[],
  { from, count, width, sides }: Block,
): void {
  for (const [feature, column] of columns.entries())
    for (let row = 0, at = feature; row < count; row++, at += 2 * width) {
      const value = column[from + row] as number;
      into[at] = value;
      into[at + width] = -value;
    }
  for (const { feature, first, values, negated } of sides) {
    const column = columns[feature] as Float32Array;
    for (let row = 0, at = columns.length + first; row < count; row++, at += 2 * width) {
      const index = sideAt(column[from + row] as number, values.length - 2);
      into.set(values[index] as Float32Array, at);
      into.set(negated[index] as Float32Array, at + width);
    }
  }
}

function sideAt(value: number, codes: number): number {
  if (value >= 0 && value < codes) return Math.trunc(value);
  return Number.isNaN(value) ? codes + 1 : codes;
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
  const width = features.length + columns;
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
