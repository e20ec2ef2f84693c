/**
 * The few WebAssembly instructions that the kernels need, as functions that return bytes. Operands come first, as on the
 * stack. Numbers are those of the core specification 2.0, chapter 5.
 */
export type Code = readonly number[];

export const types = { i32: 0x7f, v128: 0x7b } as const;

export const get = (local: number): Code => [0x20, ...unsigned(local)];
export const set = (local: number, value: Code): Code => [...value, 0x21, ...unsigned(local)];
export const constant = (value: number): Code => [0x41, ...signed(value)];
export const add = (a: Code, b: Code): Code => [...a, ...b, 0x6a];
export const subtract = (a: Code, b: Code): Code => [...a, ...b, 0x6b];
export const multiply = (a: Code, b: Code): Code => [...a, ...b, 0x6c];
export const xor = (a: Code, b: Code): Code => [...a, ...b, 0x73];
export const shiftLeft = (a: Code, bits: number): Code => [...a, ...constant(bits), 0x74];
export const shiftRight = (a: Code, bits: number): Code => [...a, ...constant(bits), 0x76];
const isBelow = (a: Code, b: Code): Code => [...a, ...b, 0x49];

export const loadByte = (address: Code, offset = 0): Code => [...address, 0x2d, 0, ...unsigned(offset)];
export const loadInt = (address: Code): Code => [...address, 0x28, 2, 0];
export const storeInt = (address: Code, value: Code): Code => [...address, ...value, 0x36, 2, 0];
export const loadFloat = (address: Code, offset = 0): Code => [...address, 0x2a, 2, ...unsigned(offset)];
export const storeFloat = (address: Code, value: Code): Code => [...address, ...value, 0x38, 2, 0];
export const addFloats = (a: Code, b: Code): Code => [...a, ...b, 0x92];
/** 1 if a float32 is below another one, else 0; also 0 for NaN. */
export const isLess = (a: Code, b: Code): Code => [...a, ...b, 0x5d];
/** Two float64. */
export const loadPair = (address: Code): Code => [...address, 0xfd, 0x00, 4, 0];
export const storePair = (address: Code, value: Code): Code => [...address, ...value, 0xfd, 0x0b, 4, 0];
export const addPairs = (a: Code, b: Code): Code => [...a, ...b, 0xfd, 0xf0, 0x01];
export const subtractPairs = (a: Code, b: Code): Code => [...a, ...b, 0xfd, 0xf1, 0x01];
/** Two float32 as two float64. */
export const loadFloatPair = (address: Code): Code => [...address, 0xfd, 0x5d, 3, 0, 0xfd, 0x5f];

export const fillBytes = (address: Code, value: Code, length: Code): Code => [
  ...address,
  ...value,
  ...length,
  0xfc,
  0x0b,
  0,
];
export const copyBytes = (to: Code, from: Code, length: Code): Code => [
  ...to,
  ...from,
  ...length,
  0xfc,
  0x0a,
  0,
  0,
];

/** Repeats the body while the local is below the limit, an unsigned number. */
export const whileBelow = (local: number, limit: Code, body: Code): Code => [
  0x02,
  0x40,
  ...isBelow(get(local), limit),
  0x45,
  0x0d,
  0,
  0x03,
  0x40,
  ...body,
  ...isBelow(get(local), limit),
  0x0d,
  0,
  0x0b,
  0x0b,
];

/** What of the host's WebAssembly is used: the types of Node do not have it. */
interface Host {
  readonly Module: new (bytes: Uint8Array) => WasmCode;
  readonly Instance: new (code: WasmCode, imports: object) => { readonly exports: object };
  readonly Memory: new (size: { initial: number; maximum: number; shared: true }) => WasmMemory;
}

export interface WasmCode {
  readonly '~compiled': true;
}

export interface WasmMemory {
  readonly buffer: SharedArrayBuffer;
}

// Node's types lack WebAssembly, which every Node has: no narrower cast compiles.
const host = (globalThis as unknown as { readonly WebAssembly: Host }).WebAssembly;

/** A memory that threads share, of at least so many bytes. */
export function newMemory(bytes: number): WasmMemory {
  const pages = Math.max(1, Math.ceil(bytes / pageBytes));
  return new host.Memory({ initial: pages, maximum: pages, shared: true });
}

/** The functions of a module over a memory. */
export function wasmExports(code: WasmCode, memory: WasmMemory): object {
  return new host.Instance(code, { env: { memory } }).exports;
}

/** A function whose parameters are all i32. */
export interface WasmFunction {
  readonly name: string;
  readonly params: number;
  readonly returnsInt?: boolean;
  /** The types of the locals after the parameters. */
  readonly locals: readonly number[];
  readonly body: Code;
}

/** A module of these functions over a shared memory, imported as env.memory. */
export function wasmModule(functions: readonly WasmFunction[]): WasmCode {
  const bytes = [
    ...magic,
    ...section(
      1,
      functions.map(({ params, returnsInt }) => [
        0x60,
        ...list(Array.from({ length: params }, () => [types.i32])),
        ...list(returnsInt === true ? [[types.i32]] : []),
      ]),
    ),
    ...section(2, [[...text('env'), ...text('memory'), 0x02, 0x03, 0, ...unsigned(maximumPages)]]),
    ...section(
      3,
      functions.map((_, index) => unsigned(index)),
    ),
    ...section(
      7,
      functions.map(({ name }, index) => [...text(name), 0x00, ...unsigned(index)]),
    ),
    ...section(
      10,
      functions.map(({ locals, body }) => {
        const code = [...list(locals.map((type) => [1, type])), ...body, 0x0b];
        return [...unsigned(code.length), ...code];
      }),
    ),
  ];
  return new host.Module(Uint8Array.from(bytes));
}

/** The first bytes of every module, and the version of the format. */
const magic = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00] as const;

const pageBytes = 65_536;
const maximumPages = 65_536;

/** The largest memory: 4 GB. */
export const maximumBytes = pageBytes * maximumPages;

function section(id: number, items: readonly Code[]): Code {
  const content = list(items);
  return [id, ...unsigned(content.length), ...content];
}

function list(items: readonly Code[]): Code {
  return [...unsigned(items.length), ...items.flat()];
}

function text(value: string): Code {
  return list([...new TextEncoder().encode(value)].map((byte) => [byte]));
}

/** LEB128. */
function unsigned(value: number): Code {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];
}

function signed(value: number): Code {
  return value >= -64 && value < 64 ? [value & 127] : [(value & 127) | 128, ...signed(value >> 7)];
}
