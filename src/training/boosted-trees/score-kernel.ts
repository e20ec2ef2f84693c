import {
  add,
  addFloats,
  type Code,
  constant,
  get,
  isLess,
  loadFloat,
  loadInt,
  set,
  shiftLeft,
  storeFloat,
  types,
  type WasmCode,
  wasmExports,
  type WasmFunction,
  type WasmMemory,
  wasmModule,
  whileBelow,
} from './wasm.ts';

/**
 * Adds the leaves of complete trees of one depth to sums. A node is at 8 × its number in the heap, from 1: the address of
 * a value in the row, and a threshold. Node 2i + 1 is for smaller values, 2i for the others and for NaN.
 */
export interface ScoreKernel {
  /** Four rows at a time, a tree after another: trees are read once for all rows. */
  rows(
    rows: number,
    rowsEnd: number,
    rowBytes: number,
    nodes: number,
    leaves: number,
    outputs: number,
    outputsEnd: number,
    sums: number,
    sumBytes: number,
  ): void;
  /** One row. */
  row(row: number, nodes: number, leaves: number, outputs: number, outputsEnd: number, sums: number): void;
}

const compiled = new Map<number, WasmCode>();

export function openScoreKernel(depth: number, memory: WasmMemory): ScoreKernel {
  const code = compiled.get(depth) ?? wasmModule([rowsOf(depth), rowOf(depth)]);
  compiled.set(depth, code);
  return wasmExports(code, memory) as ScoreKernel;
}

/** One step down: the comparison is the lowest bit of the next node's number. */
function step(
  node: number,
  address: number,
  { nodes, row }: { readonly nodes: number; readonly row: Code },
): Code {
  return [
    ...set(address, add(get(nodes), shiftLeft(get(node), 3))),
    ...set(
      node,
      add(
        shiftLeft(get(node), 1),
        isLess(loadFloat(add(row, loadInt(get(address)))), loadFloat(get(address), 4)),
      ),
    ),
  ];
}

/** Adds a leaf: leaves are numbered after the nodes. */
const addLeaf = (sum: Code, node: number, leaves: number): Code =>
  storeFloat(sum, addFloats(loadFloat(sum), loadFloat(add(get(leaves), shiftLeft(get(node), 2)))));

const together = [0, 1, 2, 3] as const;

function rowsOf(depth: number): WasmFunction {
  const [rows, rowsEnd, rowBytes, nodes, leaves, outputs, outputsEnd, sums, sumBytes] = [
    0, 1, 2, 3, 4, 5, 6, 7, 8,
  ] as const;
  const [row, sum, address] = [9, 10, 11] as const;
  const nodeOf = (at: number): number => 12 + at;
  const rowOfFour = (at: number): number => 16 + at;
  return {
    name: 'rows',
    params: 9,
    locals: Array.from({ length: 11 }, () => types.i32),
    body: whileBelow(outputs, get(outputsEnd), [
      ...set(row, get(rows)),
      ...set(sum, add(get(sums), loadInt(get(outputs)))),
      ...whileBelow(row, get(rowsEnd), [
        ...together.flatMap((at) => [
          ...set(nodeOf(at), constant(1)),
          ...set(rowOfFour(at), get(row)),
          ...set(row, add(get(row), get(rowBytes))),
        ]),
        ...Array.from({ length: depth }, () =>
          together.flatMap((at) => step(nodeOf(at), address, { nodes, row: get(rowOfFour(at)) })),
        ).flat(),
        ...together.flatMap((at) => [
          ...addLeaf(get(sum), nodeOf(at), leaves),
          ...set(sum, add(get(sum), get(sumBytes))),
        ]),
      ]),
      ...set(nodes, add(get(nodes), constant(8 << depth))),
      ...set(leaves, add(get(leaves), constant(4 << depth))),
      ...set(outputs, add(get(outputs), constant(4))),
    ]),
  };
}

function rowOf(depth: number): WasmFunction {
  const [row, nodes, leaves, outputs, outputsEnd, sums] = [0, 1, 2, 3, 4, 5] as const;
  const [node, address] = [6, 7] as const;
  return {
    name: 'row',
    params: 6,
    locals: [types.i32, types.i32],
    body: whileBelow(outputs, get(outputsEnd), [
      ...set(node, constant(1)),
      ...Array.from({ length: depth }, () => step(node, address, { nodes, row: get(row) })).flat(),
      ...addLeaf(add(get(sums), loadInt(get(outputs))), node, leaves),
      ...set(nodes, add(get(nodes), constant(8 << depth))),
      ...set(leaves, add(get(leaves), constant(4 << depth))),
      ...set(outputs, add(get(outputs), constant(4))),
    ]),
  };
}
