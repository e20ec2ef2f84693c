import type { PlatformError } from '../../kernel/errors.ts';
import { unsupported } from '../model-file.ts';

/**
 * Universal Binary JSON (draft 12), as XGBoost writes it: big-endian numbers, typed arrays with a count, plain arrays and
 * objects without one.
 */
export type UbjValue =
  | string
  | number
  | boolean
  | null
  | readonly UbjValue[]
  | { readonly [name: string]: UbjValue };

/** @throws PlatformError MODEL_UNSUPPORTED for bytes that are no UBJSON */
export function readUbjson(bytes: Uint8Array, name: string): UbjValue {
  const reader = new UbjReader(bytes, name);
  return reader.value(reader.marker());
}

/** Whether an object is written as UBJSON: after the brace comes the length of a name, not a quote. */
export function isUbjson(bytes: Uint8Array): boolean {
  return bytes[0] === code('{') && 'iUIlL'.includes(String.fromCodePoint(bytes[1] ?? 0));
}

function code(marker: string): number {
  return marker.codePointAt(0) ?? 0;
}

class UbjReader {
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  readonly #name: string;
  #at = 0;

  constructor(bytes: Uint8Array, name: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#name = name;
  }

  marker(): string {
    return String.fromCodePoint(this.#view.getUint8(this.#take(1)));
  }

  value(marker: string): UbjValue {
    switch (marker) {
      case '{':
        return this.#object();
      case '[':
        return this.#array();
      case 'S':
        return this.#text();
      case 'C':
        return this.marker();
      case 'T':
        return true;
      case 'F':
        return false;
      case 'Z':
        return null;
      default:
        return this.#number(marker);
    }
  }

  #number(marker: string): number {
    switch (marker) {
      case 'i':
        return this.#view.getInt8(this.#take(1));
      case 'U':
        return this.#view.getUint8(this.#take(1));
      case 'I':
        return this.#view.getInt16(this.#take(2));
      case 'l':
        return this.#view.getInt32(this.#take(4));
      case 'L':
        return Number(this.#view.getBigInt64(this.#take(8)));
      case 'd':
        return this.#view.getFloat32(this.#take(4));
      case 'D':
        return this.#view.getFloat64(this.#take(8));
      default:
        throw this.#damaged(`marker ${JSON.stringify(marker)} at byte ${this.#at - 1}`);
    }
  }

  #length(): number {
    const length = this.#number(this.marker());
    if (length < 0 || length > this.#bytes.length) throw this.#damaged(`a length of ${length}`);
    return length;
  }

  #text(): string {
    const length = this.#length();
    const from = this.#take(length);
    return new TextDecoder().decode(this.#bytes.subarray(from, from + length));
  }

  #array(): readonly UbjValue[] {
    const values: UbjValue[] = [];
    let marker = this.marker();
    const type = marker === '$' ? this.marker() : undefined;
    if (type !== undefined) marker = this.marker();
    if (marker === '#') {
      const length = this.#length();
      for (let at = 0; at < length; at++) values.push(this.value(type ?? this.marker()));
      return values;
    }
    for (; marker !== ']'; marker = this.marker()) values.push(this.value(marker));
    return values;
  }

  #object(): UbjValue {
    const members: [string, UbjValue][] = [];
    while (this.#bytes[this.#at] !== code('}')) {
      const name = this.#text();
      members.push([name, this.value(this.marker())]);
    }
    this.#take(1);
    return Object.fromEntries(members);
  }

  #take(count: number): number {
    const from = this.#at;
    if (from + count > this.#bytes.length) throw this.#damaged('the end of the file');
    this.#at += count;
    return from;
  }

  #damaged(value: string): PlatformError {
    const remedy = 'Save the model as JSON: save_model("model.json").';
    return unsupported(this.#name, value, remedy);
  }
}

/** The type of an array's numbers: float32, int32, int64 or byte. */
export type UbjArrayType = 'd' | 'l' | 'L' | 'U';

const widths = { d: 4, l: 4, L: 8, U: 1 } as const;

/** @param typeOf the type of an array by its name; others are plain, with int64 numbers */
export function writeUbjson(value: UbjValue, typeOf: (name: string) => UbjArrayType | undefined): Uint8Array {
  const parts: Uint8Array[] = [];
  const push = (marker: string): unknown => parts.push(new TextEncoder().encode(marker));
  const int = (marker: string, number: number): void => {
    const bytes = new DataView(new ArrayBuffer(8));
    bytes.setBigInt64(0, BigInt(number));
    push(marker);
    parts.push(new Uint8Array(bytes.buffer));
  };
  const text = (given: string): void => {
    const bytes = new TextEncoder().encode(given);
    int('L', bytes.length);
    parts.push(bytes);
  };
  const write = (given: UbjValue, name: string): void => {
    if (given === null) push('Z');
    else if (typeof given === 'boolean') push(given ? 'T' : 'F');
    else if (typeof given === 'number') int('L', given);
    else if (typeof given === 'string') {
      push('S');
      text(given);
    } else if (isList(given)) {
      const type = typeOf(name);
      push(type ? `[$${type}#` : '[');
      if (type) {
        int('L', given.length);
        parts.push(numbersAs(type, given as readonly number[]));
      } else {
        for (const item of given) write(item, '');
        push(']');
      }
    } else {
      push('{');
      for (const [member, of] of Object.entries(given)) {
        text(member);
        write(of, member);
      }
      push('}');
    }
  };
  write(value, '');
  return new Uint8Array(Buffer.concat(parts));
}

function isList(value: UbjValue): value is readonly UbjValue[] {
  return Array.isArray(value);
}

function numbersAs(type: UbjArrayType, numbers: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(numbers.length * widths[type]));
  for (const [index, number] of numbers.entries()) {
    const at = index * widths[type];
    if (type === 'd') view.setFloat32(at, number);
    else if (type === 'l') view.setInt32(at, number);
    else if (type === 'L') view.setBigInt64(at, BigInt(number));
    else view.setUint8(at, number);
  }
  return new Uint8Array(view.buffer);
}
