const bits = new Int32Array(1);
const float = new Float32Array(bits.buffer);

/** The next float32 above a finite one. */
export function nextFloat32(value: number): number {
  float[0] = value === 0 ? 0 : value;
  bits[0] = (bits[0] as number) + ((float[0] as number) < 0 ? -1 : 1);
  return float[0] as number;
}
