/** The bytes of an array of numbers, in native byte order, without a copy. */
export function bytesOf({ buffer, byteOffset, byteLength }: Float32Array | Float64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** The float32 numbers of bytes, as a copy: a part of a larger buffer need not start at a multiple of four. */
export function float32In(bytes: Uint8Array): Float32Array {
  return new Float32Array(copyOf(bytes));
}

/** As `float32In`, of float64. */
export function float64In(bytes: Uint8Array): Float64Array {
  return new Float64Array(copyOf(bytes));
}

/** The `slice` of a Buffer is no copy. */
function copyOf({ buffer, byteOffset, byteLength }: Uint8Array): ArrayBufferLike {
  return buffer.slice(byteOffset, byteOffset + byteLength);
}
