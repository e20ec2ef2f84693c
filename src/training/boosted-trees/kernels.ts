import {
  add,
  addPairs,
  type Code,
  constant,
  copyBytes,
  fillBytes,
  get,
  loadByte,
  loadFloatPair,
  loadInt,
  loadPair,
  multiply,
  set,
  shiftLeft,
  shiftRight,
  storeInt,
  storePair,
  subtract,
  subtractPairs,
  types,
  type WasmCode,
  wasmExports,
  type WasmFunction,
  type WasmMemory,
  wasmModule,
  whileBelow,
  xor,
} from './wasm.ts';

/**
 * The inner loops of training, over addresses in a shared memory. WebAssembly adds a gradient and a hessian at once, and
 * needs no check of bounds.
 */
export interface Kernels {
  /** Adds the pair of derivatives of each row of a list to the histogram's bin of each feature, from zero. */
  fill(
    rows: number,
    rowsEnd: number,
    bins: number,
    pairs: number,
    histogram: number,
    features: number,
    featureBytes: number,
  ): void;
  /** The same with 1 for each row, in int32. */
  count(
    rows: number,
    rowsEnd: number,
    bins: number,
    counts: number,
    features: number,
    featureBytes: number,
  ): void;
  /** Subtracts a range of float64 from another one. */
  subtract(from: number, fromEnd: number, what: number): void;
  /** Puts the rows whose bin has 1 in the table first, keeping their order. @returns the end of these rows */
  partition(rows: number, rowsEnd: number, spare: number, bins: number, table: number): number;
}

let compiled: WasmCode | undefined;

export function openKernels(memory: WasmMemory): Kernels {
  compiled ??= wasmModule([fill, count, subtraction, partition]);
  return wasmExports(compiled, memory) as Kernels;
}

/** Features are read four at a time, and what is left of them one by one. */
const unrolled = [0, 1, 2, 3] as const;
const fourTimes = 2;

/** The features that are read four at a time. */
const inFours = (features: number): Code => shiftLeft(shiftRight(get(features), fourTimes), fourTimes);

/** Runs code for the bin of each feature of a row, from the address in the local `at` by `fours` and up to `end`. */
const eachFeature = (
  { at, fours, end }: { readonly at: number; readonly fours: number; readonly end: number },
  code: (offset: number) => Code,
): Code => [
  ...whileBelow(at, get(fours), [
    ...unrolled.flatMap(code),
    ...set(at, add(get(at), constant(unrolled.length))),
  ]),
  ...whileBelow(at, get(end), [...code(0), ...set(at, add(get(at), constant(1)))]),
];

const fill = ((): WasmFunction => {
  const [rows, rowsEnd, bins, pairs, histogram, features, width] = [0, 1, 2, 3, 4, 5, 6] as const;
  const [row, at, end, column, address, whole, fours, pair] = [7, 8, 9, 10, 11, 12, 13, 14] as const;
  const cell = (offset: number): Code => [
    ...set(address, add(get(column), shiftLeft(loadByte(get(at), offset), 4))),
    ...storePair(get(address), addPairs(loadPair(get(address)), get(pair))),
    ...set(column, add(get(column), get(width))),
  ];
  return {
    name: 'fill',
    params: 7,
    locals: [types.i32, types.i32, types.i32, types.i32, types.i32, types.i32, types.i32, types.v128],
    body: [
      ...fillBytes(get(histogram), constant(0), multiply(get(features), get(width))),
      ...set(whole, inFours(features)),
      ...whileBelow(rows, get(rowsEnd), [
        ...set(row, loadInt(get(rows))),
        ...set(pair, loadFloatPair(add(get(pairs), shiftLeft(get(row), 3)))),
        ...set(at, add(get(bins), multiply(get(row), get(features)))),
        ...set(fours, add(get(at), get(whole))),
        ...set(end, add(get(at), get(features))),
        ...set(column, get(histogram)),
        ...eachFeature({ at, fours, end }, cell),
        ...set(rows, add(get(rows), constant(4))),
      ]),
    ],
  };
})();

const count = ((): WasmFunction => {
  const [rows, rowsEnd, bins, counts, features, width] = [0, 1, 2, 3, 4, 5] as const;
  const [at, end, column, address, whole, fours] = [6, 7, 8, 9, 10, 11] as const;
  const cell = (offset: number): Code => [
    ...set(address, add(get(column), shiftLeft(loadByte(get(at), offset), 2))),
    ...storeInt(get(address), add(loadInt(get(address)), constant(1))),
    ...set(column, add(get(column), get(width))),
  ];
  return {
    name: 'count',
    params: 6,
    locals: [types.i32, types.i32, types.i32, types.i32, types.i32, types.i32],
    body: [
      ...fillBytes(get(counts), constant(0), multiply(get(features), get(width))),
      ...set(whole, inFours(features)),
      ...whileBelow(rows, get(rowsEnd), [
        ...set(at, add(get(bins), multiply(loadInt(get(rows)), get(features)))),
        ...set(fours, add(get(at), get(whole))),
        ...set(end, add(get(at), get(features))),
        ...set(column, get(counts)),
        ...eachFeature({ at, fours, end }, cell),
        ...set(rows, add(get(rows), constant(4))),
      ]),
    ],
  };
})();

const subtraction = ((): WasmFunction => {
  const [from, fromEnd, what] = [0, 1, 2] as const;
  return {
    name: 'subtract',
    params: 3,
    locals: [],
    body: whileBelow(from, get(fromEnd), [
      ...storePair(get(from), subtractPairs(loadPair(get(from)), loadPair(get(what)))),
      ...set(from, add(get(from), constant(16))),
      ...set(what, add(get(what), constant(16))),
    ]),
  };
})();

/** Which side a row goes to is as good as chance to the processor: every row is written to both, and one end moves. */
const partition = ((): WasmFunction => {
  const [rows, rowsEnd, spare, bins, table] = [0, 1, 2, 3, 4] as const;
  const [row, goesLeft, left, right] = [5, 6, 7, 8] as const;
  return {
    name: 'partition',
    params: 5,
    returnsInt: true,
    locals: [types.i32, types.i32, types.i32, types.i32],
    body: [
      ...set(left, get(rows)),
      ...set(right, get(spare)),
      ...whileBelow(rows, get(rowsEnd), [
        ...set(row, loadInt(get(rows))),
        ...set(goesLeft, loadByte(add(get(table), loadByte(add(get(bins), get(row)))))),
        ...storeInt(get(left), get(row)),
        ...storeInt(get(right), get(row)),
        ...set(left, add(get(left), shiftLeft(get(goesLeft), 2))),
        ...set(right, add(get(right), shiftLeft(xor(get(goesLeft), constant(1)), 2))),
        ...set(rows, add(get(rows), constant(4))),
      ]),
      ...copyBytes(get(left), get(spare), subtract(get(right), get(spare))),
      ...get(left),
    ],
  };
})();
