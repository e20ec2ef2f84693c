import { gaussLegendre, type Quadrature } from './quadrature.ts';
import type { Trees } from './trees.ts';

/** What a row can do at an edge: take it; leave it; come where it left the feature's conditions further up. */
export const edgeStates = 3;

/** What of an explanation depends on the trees alone. An edge goes by the number of the node that it leads to. */
export interface EdgeTables {
  readonly trees: Trees;
  /** How many points of quadrature there are. */
  readonly points: number;
  /** Nodes of the largest tree. */
  readonly widest: number;
  /** The nodes that ask, and where those of each tree start. */
  readonly inner: Int32Array;
  readonly innerStarts: Int32Array;
  /** The nearest edge above that asks about the same feature; the root without one. */
  readonly earlier: Int32Array;
  /** By edge, state and point: the factor of the product, and the pull. An edge to a leaf has its value and weight too. */
  readonly states: Float64Array;
  /** The mean margin of each output. */
  readonly baselines: Float64Array;
}

/** What is known of each edge. */
interface Edges {
  /** The nearest edge above that asks about the same feature; -1 without one. */
  readonly earlier: Int32Array;
  /** Share of the parent's rows. */
  readonly share: Float64Array;
  /** The product of the shares of this edge and the earlier ones of its feature: r. */
  readonly merged: Float64Array;
}

export function edgeTables(trees: Trees): EdgeTables {
  const { edges, reach, longest } = walkEdges(trees);
  const quadrature = gaussLegendre(Math.ceil(longest / 2));
  const inner = Int32Array.from(trees.feature.keys()).filter((node) => (trees.feature[node] as number) >= 0);
  const earlier = edges.earlier.slice();
  const innerStarts = new Int32Array(trees.starts.length);
  let widest = 1;
  for (let tree = 0; tree + 1 < trees.starts.length; tree++) {
    const [from, to] = [trees.starts[tree] as number, trees.starts[tree + 1] as number];
    widest = Math.max(widest, to - from);
    let asking = innerStarts[tree] as number;
    while (asking < inner.length && (inner[asking] as number) < to) asking++;
    innerStarts[tree + 1] = asking;
    for (let node = from; node < to; node++) if (earlier[node] === -1) earlier[node] = from;
  }
  const states = stateTable(trees, edges, quadrature);
  const baselines = baselinesOf(trees, reach);
  return { trees, points: quadrature.points.length, widest, inner, innerStarts, earlier, states, baselines };
}

/**
 * An edge that is taken has the factor f = t + r(1 − t) and the pull (1 − r) / f; one that is left r(1 − t) and
 * −1 / (1 − t). Where the feature was asked about above, its factor there is divided out and its pull taken off.
 */
function stateTable(trees: Trees, { earlier, share, merged }: Edges, quadrature: Quadrature): Float64Array {
  const count = quadrature.points.length;
  const states = new Float64Array(merged.length * edgeStates * 2 * count);
  for (let edge = 0; edge < merged.length; edge++) {
    const before = earlier[edge] as number;
    const ratio = merged[edge] as number;
    const isLeaf = (trees.feature[edge] as number) < 0;
    for (const [q, point] of quadrature.points.entries()) {
      const taken = factorOf(ratio, point);
      const old = before < 0 ? 1 : factorOf(merged[before] as number, point);
      const oldPull = before < 0 ? 0 : (1 - (merged[before] as number)) / old;
      const end = isLeaf ? (trees.value[edge] as number) * (quadrature.weights[q] as number) : 1;
      const at = (edge * edgeStates * count + q) * 2;
      states.set([(end * taken) / old, (1 - ratio) / taken - oldPull], at);
      states.set([(end * ratio * (1 - point)) / old, -1 / (1 - point) - oldPull], at + 2 * count);
      states.set([end * (share[edge] as number), 0], at + 4 * count);
    }
  }
  return states;
}

function factorOf(ratio: number, point: number): number {
  return point + ratio * (1 - point);
}

function walkEdges(trees: Trees): {
  readonly edges: Edges;
  /** By node, the share of the rows that reach it. */
  readonly reach: Float64Array;
  readonly longest: number;
} {
  const nodes = trees.feature.length;
  const parents = parentsOf(trees);
  const earlier = new Int32Array(nodes).fill(-1);
  const share = new Float64Array(nodes).fill(1);
  const merged = new Float64Array(nodes).fill(1);
  const reach = new Float64Array(nodes).fill(1);
  const distinct = new Int32Array(nodes);
  let longest = 1;
  for (let node = 0; node < nodes; node++) {
    const parent = parents[node] as number;
    if (parent >= 0) {
      const before = earlierEdge(trees, parents, parent);
      const cover = trees.cover[parent] as number;
      earlier[node] = before;
      share[node] = cover > 0 ? (trees.cover[node] as number) / cover : 0;
      merged[node] = (share[node] as number) * (before < 0 ? 1 : (merged[before] as number));
      reach[node] = (share[node] as number) * (reach[parent] as number);
      distinct[node] = (distinct[parent] as number) + (before < 0 ? 1 : 0);
      longest = Math.max(longest, distinct[node] as number);
    }
  }
  return { edges: { earlier, share, merged }, reach, longest };
}

function baselinesOf(trees: Trees, reach: Float64Array): Float64Array {
  const baselines = Float64Array.from(trees.bases);
  for (const [tree, output] of trees.output.entries())
    for (let node = trees.starts[tree] as number; node < (trees.starts[tree + 1] as number); node++)
      if ((trees.feature[node] as number) < 0)
        baselines[output] =
          (baselines[output] as number) + (reach[node] as number) * (trees.value[node] as number);
  return baselines;
}

/** Looks upwards from the node that asks for an edge whose own asking node asks about the same feature. */
function earlierEdge(trees: Trees, parents: Int32Array, asking: number): number {
  const feature = trees.feature[asking] as number;
  for (let node = asking; (parents[node] as number) >= 0; node = parents[node] as number)
    if (trees.feature[parents[node] as number] === feature) return node;
  return -1;
}

function parentsOf(trees: Trees): Int32Array {
  const parents = new Int32Array(trees.feature.length).fill(-1);
  for (let node = 0; node < parents.length; node++) {
    if ((trees.feature[node] as number) < 0) continue;
    parents[trees.left[node] as number] = node;
    parents[trees.right[node] as number] = node;
  }
  return parents;
}
