import { Graph, layout } from '@dagrejs/dagre';

export interface GraphNode {
  readonly id: string;
  /** Ids of the nodes before it. */
  readonly needs: readonly string[];
}

export interface Frame {
  /** Of the space that the graph may fill, in pixels. */
  readonly width: number;
  readonly direction: 'right' | 'down';
}

export interface Placement {
  readonly x: number;
  readonly y: number;
}

export interface GraphLayout {
  readonly width: number;
  readonly height: number;
  readonly nodeWidth: number;
  readonly nodeHeight: number;
  /** Of each node's upper left corner. */
  readonly positions: ReadonlyMap<string, Placement>;
  readonly edges: readonly { readonly from: string; readonly to: string; readonly path: string }[];
}

const heights = { right: 54, down: 42 } as const;
const widest = 168;
const narrowest = 104;

/** Lays out a graph in ranks by dagre; nodes shrink to a smallest width so that the ranks fit. */
export function layoutGraph(nodes: readonly GraphNode[], frame: Frame): GraphLayout {
  const down = frame.direction === 'down';
  const gap = down ? 14 : 26;
  const nodeHeight = heights[frame.direction];
  const nodeWidth = down ? Math.min(frame.width, 420) : nodeWidthFor(ranksOf(nodes), gap, frame.width);
  const graph = new Graph();
  graph.setGraph({
    rankdir: down ? 'TB' : 'LR',
    nodesep: 14,
    edgesep: 14,
    ranksep: gap,
    marginx: 1,
    marginy: 1,
  });
  graph.setDefaultEdgeLabel(() => ({}));
  const widthAcross = down ? widthInRank(nodes, nodeWidth) : nodeWidth;
  const size = { width: widthAcross, height: nodeHeight };
  for (const { id } of nodes) graph.setNode(id, { ...size });
  for (const { id, needs } of withoutShortcuts(nodes)) for (const need of needs) graph.setEdge(need, id);
  layout(graph);
  return {
    width: graph.graph().width ?? 0,
    height: graph.graph().height ?? 0,
    nodeWidth: widthAcross,
    nodeHeight,
    positions: new Map(nodes.map(({ id }) => [id, cornerOf(graph.node(id), size)])),
    edges: graph.edges().map(({ v, w }) => {
      const ends = [graph.node(v), graph.node(w)].map(({ x = 0, y = 0 }) => ({ x, y }));
      const bends = (graph.edge(v, w).points ?? []).slice(2, -2);
      return { from: v, to: w, path: pathThrough(ends, bends, { ...size, down }) };
    }),
  };
}

/**
 * The same order with the fewest lines: a need that another need already implies is not drawn. Needs that are not in
 * the graph are removed.
 */
export function withoutShortcuts(nodes: readonly GraphNode[]): readonly GraphNode[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const before = new Map<string, ReadonlySet<string>>();
  const allBefore = (id: string): ReadonlySet<string> => {
    const found = before.get(id);
    if (found) return found;
    before.set(id, new Set());
    const needs = byId.get(id)?.needs ?? [];
    const all = new Set(needs.flatMap((need) => [need, ...allBefore(need)]));
    before.set(id, all);
    return all;
  };
  return nodes.map(({ id, needs }) => {
    const present = needs.filter((need) => byId.has(need));
    return {
      id,
      needs: present.filter((need) => !present.some((other) => other !== need && allBefore(other).has(need))),
    };
  });
}

function nodeWidthFor(ranks: number, gap: number, width: number): number {
  const fitting = Math.floor((width - 2 - (ranks - 1) * gap) / Math.max(1, ranks));
  return Math.min(widest, Math.max(narrowest, fitting));
}

/** The number of nodes on the longest path. */
function ranksOf(nodes: readonly GraphNode[]): number {
  const depths = depthsOf(nodes);
  return Math.max(1, ...depths.values());
}

/** Nodes of one rank share the width of a narrow screen. */
function widthInRank(nodes: readonly GraphNode[], width: number): number {
  const counts = new Map<number, number>();
  for (const depth of depthsOf(nodes).values()) counts.set(depth, (counts.get(depth) ?? 0) + 1);
  const most = Math.max(1, ...counts.values());
  return Math.max(narrowest, Math.floor((width - 2 - (most - 1) * 14) / most));
}

function depthsOf(nodes: readonly GraphNode[]): ReadonlyMap<string, number> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const depths = new Map<string, number>();
  const depthOf = (id: string): number => {
    const computed = depths.get(id);
    if (computed !== undefined) return computed;
    depths.set(id, 1);
    const needs = byId.get(id)?.needs.filter((need) => byId.has(need)) ?? [];
    const depth = 1 + Math.max(0, ...needs.map(depthOf));
    depths.set(id, depth);
    return depth;
  };
  for (const { id } of nodes) depthOf(id);
  return depths;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function cornerOf({ x = 0, y = 0 }: { x?: number; y?: number }, { width, height }: Size): Placement {
  return { x: x - width / 2, y: y - height / 2 };
}

/** A curve from the side of one box to the side of the other, around the boxes between them. */
function pathThrough(
  [from, to]: readonly Placement[],
  bends: readonly Placement[],
  { width, height, down }: Size & { readonly down: boolean },
): string {
  if (!from || !to) return '';
  const start = down ? { x: from.x, y: from.y + height / 2 } : { x: from.x + width / 2, y: from.y };
  const end = down ? { x: to.x, y: to.y - height / 2 } : { x: to.x - width / 2, y: to.y };
  let path = `M${start.x},${start.y}`;
  let before = start;
  for (const point of [...bends, end]) {
    const middle = down ? (before.y + point.y) / 2 : (before.x + point.x) / 2;
    path += down
      ? ` C${before.x},${middle} ${point.x},${middle} ${point.x},${point.y}`
      : ` C${middle},${before.y} ${middle},${point.y} ${point.x},${point.y}`;
    before = point;
  }
  return path;
}
